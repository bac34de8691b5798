"""Network cards of a guest that comes from elsewhere: which networks of this host they are on, and their addresses."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from innkeeper.errors import Invalid, NotFound, Unsupported
from innkeeper.guest.making.hardware import NONE, USER
from innkeeper.libvirtxml import Domain, tree
from innkeeper.network import reservations
from innkeeper.schema.kept import Note
from innkeeper.virt import domains

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml.devices.interface import Interface

__all__ = ["new_mac", "plug"]

_OF_A_NETWORK = ("source", "virtualport", "vlan", "portForward", "backend", "script", "filterref", "port")
_OF_USER_NETWORKING = ("ip", "route")


def plug(
    host: Host, document: Domain, networks: tuple[str, ...], trust: bool, replaces: str | None = None
) -> list[Note]:
    """Put each card on its network, or on those that are asked for: one after the other, the last for all that follow.

    Raises `NotFound("kept.network")`, `Unsupported("network.no_bridge")`, `Invalid("kept.card")` for a card that is on
    no network of libvirt's, `Conflict("network.inactive")`.
    """
    if networks == (NONE,):
        document.devices.interfaces.clear()
        return []
    for number, card in enumerate(document.devices.interfaces):
        if networks:
            _onto(host, card, networks[min(number, len(networks) - 1)])
        elif card.type == "network":
            _own(host, card)
        elif card.type != "user" and not trust:
            source = card.bridge or card.source_dev or "-"
            raise Invalid("kept.card", type=card.type or "-", source=source, mac=card.mac or "-")
    return _addresses(host, document, replaces)


def _onto(host: Host, card: Interface, network: str) -> None:
    _refuse_network(host, network)
    gone = _OF_A_NETWORK if network != USER else (*_OF_A_NETWORK, "bandwidth", "mtu")
    if card.type != "user" or network != USER:
        gone = (*gone, *_OF_USER_NETWORKING)
    for child in list(card.node.iterchildren(*gone)):
        tree.remove(child)
    card.type = "user" if network == USER else "network"
    if network != USER:
        card.network = network


def _own(host: Host, card: Interface) -> None:
    network = card.network or "-"
    if not host.support.bridges:
        raise Unsupported("kept.no_bridge", name=network)
    try:
        reservations.ready(host, network)
    except NotFound as error:
        raise NotFound("kept.network", name=network, choices=error.facts.get("choices", "-")) from error


def _refuse_network(host: Host, network: str) -> None:
    if network == NONE:
        raise Invalid("request.together", first="--network none", second="another --network")
    if network == USER:
        return
    if not host.support.bridges:
        raise Unsupported("network.no_bridge", name=network)
    reservations.ready(host, network)


def _addresses(host: Host, document: Domain, replaces: str | None) -> list[Note]:
    """Two cards of one address on a network do not see each other: one that is taken here is replaced."""
    taken = {
        card.mac.lower()
        for name, text in domains.all_documents(host.virt).items()
        if name != replaces
        for card in Domain.from_xml(text).devices.interfaces
        if card.mac
    }
    notes: list[Note] = []
    for card in document.devices.interfaces:
        was = card.mac
        if was and was.lower() in taken:
            card.mac = new_mac()
            notes.append(Note(text="kept.note.mac", facts={"was": was, "now": card.mac}))
        if card.mac:
            taken.add(card.mac.lower())
    return notes


def new_mac() -> str:
    """QEMU's own prefix, which libvirt uses too."""
    return "52:54:00:" + ":".join(f"{byte:02x}" for byte in secrets.token_bytes(3))
