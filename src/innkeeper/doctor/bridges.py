"""The bridges of a host that guests are on: those of libvirt's networks, and the host's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from innkeeper import libvirtxml
from innkeeper.network import subnets
from innkeeper.virt import domains, networks

if TYPE_CHECKING:
    import ipaddress

    from innkeeper.doctor.finding import Site

__all__ = ["Bridge", "of_guests", "of_networks", "outside", "subnets_taken"]

FORWARDING = ("nat", "route", "open")
"""Forward modes in which the host hands on what guests send (https://libvirt.org/formatnetwork.html)."""
RULED = ("nat", "route", "")
"""Those for which libvirt itself writes firewall rules; the last is an isolated network."""


class Bridge(NamedTuple):
    """A bridge, and the network that it belongs to ("" when libvirt only uses it)."""

    name: str
    network: str
    mode: str
    """nat, route, open, bridge; "" when isolated"""
    subnets: tuple[ipaddress.IPv4Network, ...] = ()
    has_dhcp: bool = False
    has_dns: bool = False

    @property
    def forwards(self) -> bool:
        return self.mode in FORWARDING

    @property
    def ruled(self) -> bool:
        return self.mode in RULED

    @property
    def guest(self) -> str:
        """An address that a guest on it may have."""
        return str(self.subnets[0].broadcast_address - 1) if self.subnets else ""


def of_networks(site: Site) -> list[Bridge]:
    """Those that libvirt has made for its active networks. Needs libvirt to answer."""
    found = []
    for network in networks.networks(site.host.virt):
        document = libvirtxml.Network.from_xml(network.xml())
        mode = document.forward_mode or ""
        if not network.active or not document.bridge or mode not in (*FORWARDING, ""):
            continue
        found.append(_bridge(network.name, document, mode))
    return found


def _bridge(name: str, document: libvirtxml.Network, mode: str) -> Bridge:
    return Bridge(
        document.bridge or "",
        name,
        mode,
        tuple(subnets.of_network(document)),
        has_dhcp=any(ip.ranges or ip.hosts for ip in document.ips if ip.family != "ipv6"),
        has_dns=document.dns_enabled is not False,
    )


def of_guests(site: Site) -> list[Bridge]:
    """The host's own bridges that a guest or a network is put on."""
    used = set()
    for network in networks.networks(site.host.virt):
        document = libvirtxml.Network.from_xml(network.xml())
        if document.forward_mode == "bridge" and document.bridge:
            used.add(document.bridge)
    for text in domains.all_documents(site.host.virt).values():
        used |= {
            card.bridge
            for card in libvirtxml.Domain.from_xml(text).devices.interfaces
            if card.type == "bridge" and card.bridge
        }
    ours = {bridge.name for bridge in of_networks(site)}
    return [Bridge(name, "", "bridge") for name in sorted(used - ours)]


def outside(site: Site) -> str | None:
    """The interface by which the host reaches the rest of the world; None when it has no default route."""
    import json

    said = site.run(["ip", "-j", "-4", "route", "show", "default"]).stdout
    routes = json.loads(said or b"[]")
    best = min(routes, key=lambda route: int(route.get("metric", 0)), default=None)
    return str(best["dev"]) if best and best.get("dev") else None


def subnets_taken(site: Site, but: str = "") -> list[subnets.Taken]:
    """What the host's interfaces, but one, and their routes have."""
    routes = site.run(["ip", "-j", "-4", "route", "show", "table", "all"]).stdout.decode()
    addresses = site.run(["ip", "-j", "-4", "address"]).stdout.decode()
    return [one for one in subnets.of_routes(routes, addresses) if one.by != but]
