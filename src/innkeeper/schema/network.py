"""Requests and views of networks. Times are Unix seconds."""

from __future__ import annotations

from typing import Literal

from innkeeper.schema.base import Request, View

__all__ = [
    "Forward",
    "Lease",
    "NetworkCard",
    "NetworkKind",
    "NetworkList",
    "NetworkRow",
    "NetworkShow",
    "NetworkView",
    "Reservation",
]

NetworkKind = Literal["network", "bridge", "interface", "user", "other"]


class NetworkList(Request, frozen=True, kw_only=True):
    """libvirt's networks."""

    all: bool = False
    """also what guests are plugged into that is no network of libvirt's: bridges and interfaces of the host, QEMU's
    user networking"""


class NetworkShow(Request, frozen=True, kw_only=True):
    name: str


class Forward(View, frozen=True, kw_only=True):
    """Ports of the host that lead into a guest."""

    protocol: str
    address: str | None
    """of the host; all of them when none"""
    ports: str
    """of the host: 2222, or 8000-8010"""
    to: str
    """of the guest, likewise"""


class NetworkCard(View, frozen=True, kw_only=True):
    """A network card of a guest that is plugged into it."""

    guest: str
    uuid: str
    state: str
    """of the guest"""
    mac: str | None
    model: str | None
    device: str | None
    """the host's end of it, while the guest runs"""
    link: bool
    """false: its cable is pulled"""
    plugged: bool
    """now; else when the guest next starts"""
    addresses: tuple[str, ...] = ()
    """that its DHCP server has given out"""
    forwards: tuple[Forward, ...] = ()


class Lease(View, frozen=True, kw_only=True):
    """An address that the network's DHCP server has given out."""

    mac: str | None
    address: str
    hostname: str | None
    """as the guest calls itself"""
    guest: str | None
    expires: float | None
    """never when none"""


class Reservation(View, frozen=True, kw_only=True):
    """An address that is always the same card's."""

    mac: str | None
    address: str | None
    hostname: str | None
    guest: str | None


class NetworkRow(View, frozen=True, kw_only=True):
    id: str
    """kind and name: two kinds may share a name"""
    name: str
    kind: NetworkKind
    """`network` is libvirt's; `bridge` and `interface` are the host's own, `user` is QEMU's user networking"""
    active: bool
    autostart: bool
    """it starts with the host"""
    persistent: bool
    """false: it is gone when it is stopped"""
    mode: str | None
    """nat, route, open, bridge …; isolated where it leads nowhere; none of what is not libvirt's"""
    bridge: str | None
    addresses: tuple[str, ...] = ()
    """of the host in it, with the length of the prefix"""
    outside: tuple[str, ...] = ()
    """interfaces of the host by which it leads out, as far as they are known"""
    leases: int = 0
    """addresses that its DHCP server has given out"""
    cards: tuple[NetworkCard, ...] = ()
    """of guests, without those in the bin"""


class NetworkView(View, frozen=True, kw_only=True):
    """A network of libvirt's, whole."""

    name: str
    uuid: str | None
    title: str | None
    active: bool
    autostart: bool
    persistent: bool
    mode: str
    bridge: str | None
    mtu: int | None
    domain: str | None
    """of the names that its DNS server gives to guests"""
    addresses: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    """addresses that its DHCP server gives out: FIRST-LAST"""
    outside: tuple[str, ...] = ()
    leases: tuple[Lease, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    cards: tuple[NetworkCard, ...] = ()
