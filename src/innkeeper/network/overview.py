"""`network.list` and `network.show`: which networks there are, where they lead, who is on them, and their leases."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterable
from ipaddress import ip_interface
from typing import TYPE_CHECKING, Any

from innkeeper.errors import NotFound, Unsupported
from innkeeper.libvirtxml import Network
from innkeeper.network.outside import Ways
from innkeeper.network.plugs import Plug, Plugged, look
from innkeeper.schema.network import (
    Lease,
    NetworkCard,
    NetworkKind,
    NetworkList,
    NetworkRow,
    NetworkShow,
    NetworkView,
    Reservation,
)
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import networks

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS", "addresses_of", "listed", "shown"]

_KINDS: tuple[NetworkKind, ...] = ("network", "bridge", "interface", "user", "other")
_ROUTED = ("nat", "route", "open")
"""Modes in which the host hands packets on by its routes."""

Cards = dict[tuple[NetworkKind, str], list[tuple[Plugged, Plug]]]
"""(kind, name) → what is plugged into it"""


def listed(host: Host, request: NetworkList, guests: Iterable[Plugged]) -> list[NetworkRow]:
    """With those guests."""
    cards, ways = _by_end(guests), Ways(host.machine)
    rows = [_row(network, cards, ways) for network in _networks(host)]
    if request.all:
        known = {row.id for row in rows}
        rows += [_foreign(kind, name, cards, ways) for kind, name in cards if f"{kind}:{name}" not in known]
    return sorted(rows, key=lambda row: (_KINDS.index(row.kind), row.name))


def shown(host: Host, request: NetworkShow, guests: Iterable[Plugged]) -> NetworkView:
    """With those guests. Raises `NotFound("network.unknown")`."""
    network = _find(host, request.name)
    document = Network.from_xml(network.xml())
    active = network.active
    given = _leases(network) if active else []
    cards = _cards(_by_end(guests).get(("network", network.name), ()), given)
    names = {card.mac: card.guest for card in cards if card.mac}
    return NetworkView(
        name=network.name,
        uuid=document.uuid,
        title=document.title,
        active=active,
        autostart=network.autostart,
        persistent=network.persistent,
        mode=document.forward_mode or "isolated",
        bridge=document.bridge,
        mtu=document.mtu,
        domain=document.domain,
        addresses=addresses_of(document),
        ranges=tuple(f"{span.start}-{span.end}" for ip in document.ips for span in ip.ranges),
        outside=_outside(document, Ways(host.machine)),
        leases=tuple(_lease(one, names) for one in given),
        reservations=_reservations(document, names),
        cards=cards,
    )


def addresses_of(document: Network) -> tuple[str, ...]:
    """Of the host in it, with the length of the prefix."""
    said = (f"{ip.address}/{ip.netmask or ip.prefix or ''}".rstrip("/") for ip in document.ips if ip.address)
    return tuple(str(ip_interface(one)) for one in said)


def _networks(host: Host) -> list[networks.Network]:
    """None in an ordinary user's session, which has no networks of libvirt's."""
    connection = host.virt  # a libvirt that is away is refused: that is not "none"
    try:
        return networks.networks(connection)
    except Unsupported:
        return []


def _find(host: Host, name: str) -> networks.Network:
    found = _networks(host)
    for network in found:
        if network.name == name:
            return network
    choices = ", ".join(network.name for network in found) or "-"
    raise NotFound("network.unknown", name=name, choices=choices)


def _by_end(guests: Iterable[Plugged]) -> Cards:
    found: Cards = defaultdict(list)
    for guest in guests:
        for plug in guest.plugs:
            found[plug.kind, plug.name].append((guest, plug))
    return found


def _row(network: networks.Network, cards: Cards, ways: Ways) -> NetworkRow:
    document = Network.from_xml(network.xml())
    active = network.active
    given = _leases(network) if active else []
    return NetworkRow(
        id=f"network:{network.name}",
        name=network.name,
        kind="network",
        active=active,
        autostart=network.autostart,
        persistent=network.persistent,
        mode=document.forward_mode or "isolated",
        bridge=document.bridge,
        addresses=addresses_of(document),
        outside=_outside(document, ways),
        leases=len(given),
        cards=_cards(cards.get(("network", network.name), ()), given),
    )


def _foreign(kind: NetworkKind, name: str, cards: Cards, ways: Ways) -> NetworkRow:
    """What is no network of libvirt's: it is there as long as the host has it. A network that guests name and libvirt
    does not have is not active."""
    outside: tuple[str, ...] = ()
    if kind == "bridge":
        outside = ways.ports(name)
    elif kind == "interface":
        outside = (name,)
    elif kind == "user":
        outside = ways.default()
    return NetworkRow(
        id=f"{kind}:{name}",
        name=name,
        kind=kind,
        active=kind != "network",
        autostart=False,
        persistent=False,
        mode=None,
        bridge=name if kind == "bridge" else None,
        outside=outside,
        cards=_cards(cards[kind, name], []),
    )


def _outside(document: Network, ways: Ways) -> tuple[str, ...]:
    if document.forward_mode in _ROUTED:
        return (document.forward_dev,) if document.forward_dev else ways.default()
    if document.forward_mode == "bridge" and document.bridge:
        return ways.ports(document.bridge)
    named = (*document.forward_interfaces, document.forward_dev, document.forward_pf)
    return tuple(dict.fromkeys(one for one in named if one))


def _leases(network: networks.Network) -> list[dict[str, Any]]:
    """None of a network that has no DHCP server of libvirt's."""
    try:
        return network.leases()
    except Unsupported:
        return []


def _cards(
    plugged: Iterable[tuple[Plugged, Plug]], given: Iterable[dict[str, Any]]
) -> tuple[NetworkCard, ...]:
    addresses = defaultdict(list)
    for lease in given:
        addresses[lease.get("mac")].append(lease["ipaddr"])
    found = (
        NetworkCard(
            guest=guest.name,
            uuid=guest.uuid,
            state=guest.state,
            mac=plug.mac,
            model=plug.model,
            device=plug.device,
            link=plug.link,
            plugged=plug.now,
            addresses=tuple(addresses.get(plug.mac, ())) if plug.now else (),
            forwards=plug.forwards,
        )
        for guest, plug in plugged
    )
    return tuple(sorted(found, key=lambda card: (card.guest, card.mac or "")))


def _lease(lease: dict[str, Any], names: dict[str, str]) -> Lease:
    mac = lease.get("mac")
    return Lease(
        mac=mac,
        address=lease["ipaddr"],
        hostname=lease.get("hostname"),
        guest=names.get(mac or ""),
        expires=float(lease["expirytime"]) if lease.get("expirytime") else None,
    )


def _reservations(document: Network, names: dict[str, str]) -> tuple[Reservation, ...]:
    return tuple(
        Reservation(mac=one.mac, address=one.ip, hostname=one.name, guest=names.get(one.mac or ""))
        for ip in document.ips
        for one in ip.hosts
    )


def _check_list(_host: Host, _request: NetworkList) -> None:
    """Looking is always allowed."""


def _list(host: Host, request: NetworkList, _operation: Operation) -> list[NetworkRow]:
    return listed(host, request, look(host))


def _check_show(host: Host, request: NetworkShow) -> None:
    _find(host, request.name)


def _show(host: Host, request: NetworkShow, _operation: Operation) -> NetworkView:
    return shown(host, request, look(host))


def _plan_list(_host: Host, _request: NetworkList, _decided: None) -> Plan:
    each = 'for guest in $(virsh list --all --name); do virsh domiflist "$guest"; done'
    return Plan(["list the networks, and who is on them"], {}, ["virsh net-list --all", each])


def _plan_show(_host: Host, request: NetworkShow, _decided: None) -> Plan:
    verbs = ("net-info", "net-dumpxml", "net-dhcp-leases")
    commands = [shlex.join(["virsh", verb, request.name]) for verb in verbs]
    return Plan([f"show network {request.name}"], {}, commands)


VERBS = {
    "network.list": Verb(
        "network.list",
        NetworkList,
        list[NetworkRow],
        _check_list,
        _list,
        target=lambda _: "",
        plan=_plan_list,
    ),
    "network.show": Verb("network.show", NetworkShow, NetworkView, _check_show, _show, plan=_plan_show),
}
