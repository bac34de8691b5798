"""IPv4 subnets of a host: which are taken, which is free, and a network's document moved to another."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from innkeeper.libvirtxml import Network

__all__ = ["Taken", "free", "moved", "of_network", "of_routes", "overlapping"]

Subnet = ipaddress.IPv4Network

WIDEST = 8
"""Routes with a shorter prefix are ways to everywhere (the halves of the Internet that a VPN takes), not subnets."""


class Taken(NamedTuple):
    """A subnet, and who has it: an interface, or `network NAME`."""

    subnet: Subnet
    by: str


def of_routes(routes: str, addresses: str) -> Iterator[Taken]:
    """Subnets that the host reaches by its interfaces, from `ip -j route show table all` and `ip -j address`."""
    for route in json.loads(routes or "[]"):
        subnet = _subnet(str(route.get("dst", "")))
        unicast = route.get("type", "unicast") in ("unicast", "1")
        if subnet is not None and unicast and subnet.prefixlen >= WIDEST:
            yield Taken(subnet, str(route.get("dev") or route.get("gateway") or "?"))
    for interface in json.loads(addresses or "[]"):
        for address in interface.get("addr_info", ()):
            if address.get("family") == "inet" and not str(address["local"]).startswith("127."):
                yield Taken(
                    Subnet((address["local"], address["prefixlen"]), strict=False), str(interface["ifname"])
                )


def _subnet(text: str) -> Subnet | None:
    try:
        return Subnet(text)
    except ValueError:  # `default`, or IPv6
        return None


def of_network(document: Network) -> list[Subnet]:
    """The IPv4 subnets that the host has in a libvirt network."""
    return [
        Subnet(f"{ip.address}/{ip.netmask or ip.prefix or 32}", strict=False)
        for ip in document.ips
        if ip.address and ip.family != "ipv6"
    ]


def overlapping(subnet: Subnet, taken: Iterable[Taken]) -> list[Taken]:
    """Who has a part of it, each once."""
    return sorted({one for one in taken if one.subnet.overlaps(subnet)}, key=str)


def free(taken: Iterable[Taken], prefix: int = 24) -> Subnet | None:
    """A private subnet (RFC 1918) that nobody has; near libvirt's own 192.168.122.0/24 first."""
    everything = list(taken)
    homes = [Subnet(f"192.168.{(122 + step) % 256}.0/24") for step in range(256)]
    homes += [Subnet(f"10.{second}.122.0/24") for second in range(200, 256)]
    homes += [Subnet(f"172.{second}.122.0/24") for second in range(31, 15, -1)]
    if prefix < 24:
        homes = [Subnet("10.0.0.0/8")]
    for home in homes:
        for subnet in home.subnets(new_prefix=max(prefix, home.prefixlen)):
            if not overlapping(subnet, everything):
                return subnet
    return None


def moved(document: Network, old: Subnet, new: Subnet) -> None:
    """Give the network `new` for `old` (of the same size): its own address, what DHCP gives out, and reservations keep
    their place in it."""

    def place(address: str | None) -> str | None:
        if not address or ipaddress.ip_address(address) not in old:
            return address
        distance = int(ipaddress.IPv4Address(address)) - int(old.network_address)
        return str(new.network_address + distance)

    for ip in document.ips:
        if ip.family == "ipv6" or place(ip.address) == ip.address:
            continue
        ip.address = place(ip.address)
        for span in ip.ranges:
            span.start, span.end = place(span.start), place(span.end)
        for entry in ip.hosts:
            entry.ip = place(entry.ip)
    for name in document.dns_hosts:
        name.ip = place(name.ip)
