"""Calls about networks."""

from __future__ import annotations

from typing import Any

import libvirt

from innkeeper.errors import NotFound
from innkeeper.virt.border import border
from innkeeper.virt.connection import Connection
from innkeeper.virt.stored import Stored

__all__ = ["Network", "define", "find", "lookup", "networks"]


class Network(Stored):
    """A libvirt network."""

    INACTIVE = libvirt.VIR_NETWORK_XML_INACTIVE

    def update_host(self, command: int, document: str) -> None:
        """Add (`ADD`) or delete (`DELETE`) a DHCP host entry, stored and live."""
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
