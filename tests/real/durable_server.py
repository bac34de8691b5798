"""The server's operations without its HTTP side: commands in, answers out, a JSON line each.

Run inside a world as `python durable_server.py`. What an `inn` command line asks is asked of `Durable` instead:

    {"ask": ["create", "web", …]}       its operation's id
    {"wait": ID, "seconds": N}          its view, when it is over
    {"do": "list"|"cancel"|"retry"|…, "with": {…}}
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from innkeeper.cli.session import Session
from innkeeper.cli.tree import root
from innkeeper.durable import Durable
from innkeeper.errors import InnkeeperError
from innkeeper.schema.base import build
from innkeeper.server.hosts import Hosts
from innkeeper.store import open_database
from innkeeper.verbs import verb


class Caught(BaseException):
    def __init__(self, name: str, fields: dict[str, Any]) -> None:
        super().__init__(name)
        self.name, self.fields = name, fields


class Catching(Session):
    """What would be changed is caught instead."""

    def change(self, name: str, /, **fields: Any) -> Any:
        raise Caught(name, {key: value for key, value in fields.items() if value is not None})


def caught(argv: list[str]) -> Caught:
    if argv[0] == "edit":  # it looks at the guest, and speaks, before it asks for anything
        return Caught("guest.edit", {"name": argv[1], "document": Path(argv[3]).read_text()})
    try:
        with root.make_context("inn", argv, obj=Catching()) as context:
            root.invoke(context)
    except Caught as found:
        return found
    raise AssertionError(f"nothing is performed by {argv}")


def answer(durable: Durable, asked: dict[str, Any]) -> Any:
    if "ask" in asked:
        found = caught(asked["ask"])
        request = build(verb(found.name).request, found.fields)
        return durable.submit(found.name, request, "ada")
    if "wait" in asked:
        return durable.wait(asked["wait"], asked["seconds"])
    return getattr(durable, asked["do"])(**asked["with"])


def main() -> None:
    hosts, database = Hosts("qemu:///system"), open_database()
    published: list[tuple[str, str, str]] = []
    durable = Durable(database, hosts, lambda *event: published.append(event))
    durable.launch()
    print("ready", flush=True)
    for line in sys.stdin:
        try:
            told = answer(durable, json.loads(line))
        except InnkeeperError as error:
            told = {"error": error.code, "text": error.text("en")}
        print(msgspec.json.encode(told).decode(), flush=True)
    durable.close(0)
    hosts.close()
    database.close()
    os._exit(0)


if __name__ == "__main__":
    main()
