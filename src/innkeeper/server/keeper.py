"""All that the web side may ask of what touches the host: a fixed list of calls, with structs in and out.

One process today. Nothing else of `server` reaches libvirt, the machine or the database of operations, so that the web
side can become a process of its own user (DESIGN.md §8).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from innkeeper.server.command_doors import Commands
from innkeeper.server.hosts import Hosts
from innkeeper.verbs import Plan, verb

__all__ = ["Keeper"]

_SHOWN: dict[str, Callable[[Any], Any]] = {"guest.exec": lambda execution: execution.collect()}
"""verb → what makes a view of what it answers, where that is none"""


class Keeper:
    """The calls may come from any thread; each takes as long as it takes."""

    def __init__(self, uri: str) -> None:
        self.hosts = Hosts(uri)
        self.commands = Commands(self.hosts)

    def start(self) -> None:
        """Begin to look at the host, and go on with what was under way."""

    def close(self) -> None:
        self.commands.close()
        self.hosts.close()

    def plan(self, name: str, request: Any) -> Plan:
        """What that verb would do, or its refusal."""
        with self.hosts.borrow() as host:
            return verb(name).planned(host, request)

    def perform(self, name: str, request: Any) -> Any:
        """Perform a verb to its end, and answer its view."""
        with self.hosts.borrow() as host:
            return _SHOWN.get(name, lambda view: view)(verb(name).perform(host, request))
