"""Calls about networks."""

from __future__ import annotations

from typing import Any

from innkeeper.errors import NotFound
from innkeeper.virt.border import border
from innkeeper.virt.connection import Connection

__all__ = ["Network", "define", "find", "lookup", "networks"]


class Network:
    """A libvirt network."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.name = str(raw.name())

    @property
    def active(self) -> bool:
        with border(name=self.name):
            return bool(self.raw.isActive())

    @property
    def persistent(self) -> bool:
        """Whether it outlives being stopped."""
        with border(name=self.name):
            return bool(self.raw.isPersistent())

    @property
    def autostart(self) -> bool:
        with border(name=self.name):
            return bool(self.raw.autostart())

    @autostart.setter
    def autostart(self, value: bool) -> None:
        with border(name=self.name):
            self.raw.setAutostart(1 if value else 0)

    def xml(self) -> str:
        with border(name=self.name):
            return str(self.raw.XMLDesc(0))

    def stored_xml(self) -> str:
        """The document it will next be started from."""
        import libvirt

        with border(name=self.name):
            return str(self.raw.XMLDesc(libvirt.VIR_NETWORK_XML_INACTIVE))

    def start(self) -> None:
        with border(name=self.name):
            self.raw.create()

    def stop(self) -> None:
        """Its bridge goes; guests on it are cut off, and stay so when it is started again."""
        with border(name=self.name):
            self.raw.destroy()

    def undefine(self) -> None:
        with border(name=self.name):
            self.raw.undefine()

    def update_host(self, command: int, document: str) -> None:
        """Add (`ADD`) or delete (`DELETE`) a DHCP host entry, stored and live."""
        import libvirt

        flags = libvirt.VIR_NETWORK_UPDATE_AFFECT_CONFIG
        if self.active:
            flags |= libvirt.VIR_NETWORK_UPDATE_AFFECT_LIVE
        with border(name=self.name):
            self.raw.update(command, libvirt.VIR_NETWORK_SECTION_IP_DHCP_HOST, -1, document, flags)

    def leases(self) -> list[dict[str, Any]]:
        """What its DHCP server has given out."""
        with border(name=self.name):
            return list(self.raw.DHCPLeases() or ())


ADD, DELETE = 3, 2
"""virNetworkUpdateCommand: VIR_NETWORK_UPDATE_COMMAND_ADD_LAST and _DELETE"""


def define(connection: Connection, document: str, name: str) -> Network:
    """Define, or define anew; one that is active goes on as it is until it is started again."""
    with border(name=name):
        return Network(connection.raw.networkDefineXML(document))


def lookup(connection: Connection, name: str) -> Network:
    """Raises `NotFound("network.unknown")`."""
    with border(name=name):
        return Network(connection.raw.networkLookupByName(name))


def find(connection: Connection, name: str) -> Network | None:
    try:
        return lookup(connection, name)
    except NotFound:
        return None


def networks(connection: Connection) -> list[Network]:
    """All networks, by name."""
    with border():
        return sorted((Network(raw) for raw in connection.raw.listAllNetworks()), key=lambda n: n.name)
