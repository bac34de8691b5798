"""What the web side may ask about consoles, on the keeper's side."""

from __future__ import annotations

import socket

import msgspec

from innkeeper.guest.naming import find
from innkeeper.guest.screen.opening import open_vnc, vnc_of
from innkeeper.schema.console import ConsoleOpen
from innkeeper.schema.guest import GuestConsole
from innkeeper.schema.guest_screen import GuestScreen
from innkeeper.server.coming_screens import ComingScreens
from innkeeper.server.console_hub import ConsoleHub
from innkeeper.server.hosts import Hosts
from innkeeper.verbs import Plan, verb

__all__ = ["ConsoleGuest", "Consoles"]


class ConsoleGuest(msgspec.Struct, frozen=True):
    """Whose console it is."""

    name: str
    uuid: str


class Consoles:
    """Its methods may be called from any thread; each takes as long as it takes."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self.hub = ConsoleHub(hosts.uri)
        self._coming = ComingScreens(self._open_screen)

    def plan(self, name: str, asked: ConsoleOpen) -> Plan:
        """What virsh would do."""
        with self._hosts.borrow() as host:
            if asked.kind == "vnc":
                vnc_of(host, name)
                return verb("guest.view").planned(host, GuestScreen(name=name))
            return verb("guest.console").planned(host, GuestConsole(name=name, force=asked.force))

    def reserve(self, name: str, asked: ConsoleOpen, seconds: float) -> ConsoleGuest:
        """Whose it is, when it can be opened; a serial port is kept open for those seconds, a screen for a few.

        Raises what `guest.console` and `opening.vnc_of` do, and `Busy("console.too_many")`.
        """
        with self._hosts.borrow() as host:
            domain = find(host, name)
            guest = ConsoleGuest(domain.name, domain.uuid)
            if asked.kind == "vnc":
                vnc_of(host, guest.uuid)
        if asked.kind == "serial":
            self.hub.reserve(guest.uuid, asked.force, seconds)
        else:
            self._coming.begin(guest.uuid)
        return guest

    def open(self, uuid: str, asked: ConsoleOpen, who: str) -> socket.socket:
        """Of a screen QEMU's own socket; of a serial port a reader's end (`console_hub`). Closing it is leaving."""
        if asked.kind == "serial":
            return self.hub.attend(uuid, asked.force, who, not asked.read_only)
        return self._coming.take(uuid) or self._open_screen(uuid)

    def _open_screen(self, uuid: str) -> socket.socket:
        with self._hosts.borrow() as host:
            return socket.socket(fileno=open_vnc(host, uuid))

    def close(self) -> None:
        """All serial consoles end."""
        self.hub.close()
