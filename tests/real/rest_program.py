"""A program that knows of Innkeeper only what the description of its API says: it makes a guest, follows that, logs in
over the console's WebSocket, and deletes the guest.

python rest_program.py URL TOKEN NAME IMAGE [USER PASSWORD]
"""

from __future__ import annotations

import json
import re
import sys
import time
import urllib.request
import uuid
from typing import Any
from urllib.parse import quote, urlencode

from websockets.sync.client import ClientConnection, connect

PATIENCE = 1500


class Api:
    """Operations of the description, by their ids."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self._token = url, token
        with urllib.request.urlopen(f"{url}/api/openapi.json", timeout=60) as answer:
            self.document = json.load(answer)
        self._paths = {
            operation["operationId"]: (method.upper(), path, operation)
            for path, item in self.document["paths"].items()
            for method, operation in item.items()
        }

    @property
    def authorization(self) -> dict[str, str]:
        assert self.document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
        return {"Authorization": f"Bearer {self._token}"}

    def ask(self, operation: str, body: Any = None, query: dict[str, Any] | None = None, **path: str) -> Any:
        """The status, and what the answer is."""
        method, template, described = self._paths[operation]
        where = re.sub(r"\{(\w+)\}", lambda found: quote(path[found[1]], safe=""), template)
        where += f"?{urlencode(query)}" if query else ""
        headers = {"Accept": "application/json"} | self.authorization
        if {"$ref": "#/components/parameters/IdempotencyKey"} in described["parameters"]:
            headers["Idempotency-Key"] = str(uuid.uuid4())
        data = None
        if "requestBody" in described:
            data, headers["Content-Type"] = json.dumps(body or {}).encode(), "application/json"
        request = urllib.request.Request(self.url + where, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            assert str(answer.status) in described["responses"], (operation, answer.status)
            return answer.status, json.load(answer)

    def follow(
        self, operation: str, body: Any = None, query: dict[str, Any] | None = None, **path: str
    ) -> Any:
        """Ask for something long, tell what it says, and return what it came to."""
        status, view = self.ask(operation, body, query, **path)
        assert status == 202, view
        last = 0
        while view["state"] in ("queued", "running"):
            _, lines = self.ask("operation.log", query={"after": last, "wait": 20}, id=view["id"])
            for line in lines:
                last = line["number"]
                print(operation, line["text"], line["facts"], file=sys.stderr)
            _, view = self.ask("operation.show", id=view["id"])
        assert view["state"] == "done", view
        return view["result"]


class Terminal:
    """The serial port behind a ticket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._seen = socket, ""

    def until(self, pattern: str, patience: float = PATIENCE) -> str:
        """What matches, in what the guest prints; a return wakes it now and then."""
        deadline = time.monotonic() + patience
        while not (found := re.search(pattern, self._seen)):
            assert time.monotonic() < deadline, f"{pattern}: {self._seen[-1000:]!r}"
            try:
                came = self._socket.recv(timeout=5)
            except TimeoutError:
                self.type("")
                continue
            if isinstance(came, bytes):  # texts are notices about the console
                self._seen += came.decode(errors="replace")
        self._seen = self._seen[found.end() :]
        return found[0]

    def type(self, line: str) -> None:
        self._socket.send(f"{line}\r".encode())


def log_in(api: Api, name: str, user: str | None, password: str | None) -> str:
    """What a command prints that is typed there."""
    _, ticket = api.ask("guest.console", {"kind": "serial"}, name=name)
    url = api.url.replace("http", "ws", 1) + ticket["path"]
    with connect(url, additional_headers=api.authorization, max_size=None) as socket:
        terminal = Terminal(socket)
        while user and password:  # it may ask before it was told the password
            terminal.until("login: ")
            terminal.type(user)
            terminal.until("[Pp]assword: ")
            terminal.type(password)
            if terminal.until(r"incorrect|[$#] ") != "incorrect":
                break
        else:
            terminal.until(r"[$#] ")
        terminal.type("echo inside-$((6 * 7))-$(uname -s)")
        return terminal.until(r"inside-42-\w+(?=\s)")


def main(url: str, token: str, name: str, image: str, user: str | None, password: str | None) -> None:
    api = Api(url, token)
    asked = {"name": name, "image": image, "wait": "boot", "timeout": PATIENCE}
    made = api.follow("guest.create", asked | ({"user": user, "password": password} if user else {}))
    said = log_in(api, name, user, password)
    api.follow("guest.delete", query={"force": "true"}, name=name)
    api.follow("guest.purge", name=made["uuid"])
    _, left = api.ask("guest.list", query={"all": "true", "name": name})
    print(json.dumps({"name": made["name"], "state": made["state"], "said": said, "left": left}))


if __name__ == "__main__":
    main(*sys.argv[1:5], *(sys.argv[5:7] or (None, None)))
