"""Addresses of libvirt networks, and those reserved for a guest in their DHCP."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from lxml import etree

from innkeeper import libvirtxml
from innkeeper.errors import Conflict, Invalid, NotFound
from innkeeper.libvirtxml.build import element
from innkeeper.virt import networks

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["add", "delete", "entry", "ready", "refuse_address"]


def ready(host: Host, name: str) -> networks.Network:
    """The network of that name, active.

    Raises `NotFound("network.unknown")` naming those there are, `Conflict("network.inactive")`.
    """
    network = networks.find(host.virt, name)
    if network is None:
        names = ", ".join(network.name for network in networks.networks(host.virt))
        raise NotFound("network.unknown", name=name, choices=names or "user, none")
    if not network.active:
        raise Conflict("network.inactive", name=name)
    return network


def refuse_address(network: networks.Network, address: str) -> None:
    """Raises `Invalid` for an address that is none, `network.address_outside`, `Conflict("network.address_taken")`."""
    try:
        wanted = ipaddress.IPv4Address(address)
    except ValueError as error:
        raise Invalid("request.address", what="--ip", value=address[:40]) from error
    document = libvirtxml.Network.from_xml(network.xml())
    subnets = [
        ipaddress.ip_interface(f"{ip.address}/{ip.netmask or ip.prefix or 32}")
        for ip in document.ips
        if ip.address and ip.family != "ipv6"
    ]
    subnet = next((subnet for subnet in subnets if wanted in subnet.network), None)
    if subnet is None:
        shown = ", ".join(str(subnet.network) for subnet in subnets) or "-"
        raise Invalid("network.address_outside", address=address, name=network.name, subnet=shown)
    edges = (subnet.network.network_address, subnet.network.broadcast_address, subnet.ip)
    reserved = {host.ip for ip in document.ips for host in ip.hosts}
    leased = {lease["ipaddr"] for lease in network.leases()}
    if wanted in edges or address in reserved or address in leased:
        raise Conflict("network.address_taken", address=address, name=network.name)


def add(host: Host, name: str, mac: str, ip: str) -> None:
    """Reserve an address; twice is once."""
    network = networks.lookup(host.virt, name)
    if not _has(network, mac):
        network.update_host(networks.ADD, entry(mac, ip))


def delete(host: Host, network: str, mac: str, ip: str) -> None:
    """Missing is fine."""
    found = networks.find(host.virt, network)
    if found is not None and _has(found, mac):
        found.update_host(networks.DELETE, entry(mac, ip))


def _has(network: networks.Network, mac: str) -> bool:
    document = libvirtxml.Network.from_xml(network.xml())
    return any(known.mac == mac for ip in document.ips for known in ip.hosts)


def entry(mac: str, ip: str) -> str:
    """The `<host>` that reserves an address."""
    return etree.tostring(element("host", {"mac": mac, "ip": ip}), encoding="unicode")
