"""Which subnets of a host are taken, which is free, and a network moved from one to another."""

from __future__ import annotations

import json
from ipaddress import IPv4Network

from innkeeper.libvirtxml import Network
from innkeeper.network import subnets
from innkeeper.network.subnets import Taken

ROUTES = [
    {"dst": "default", "gateway": "192.0.2.1", "dev": "eth0"},
    {"dst": "192.0.2.0/24", "dev": "eth0", "scope": "link"},
    {"dst": "0.0.0.0/1", "dev": "tun0"},
    {"dst": "128.0.0.0/1", "dev": "tun0"},
    {"dst": "10.8.0.0/16", "dev": "tun0"},
    {"dst": "10.9.9.9", "dev": "tun0"},
    {"type": "local", "dst": "127.0.0.0/8", "dev": "lo", "table": "local"},
    {"type": "broadcast", "dst": "192.0.2.255", "dev": "eth0", "table": "local"},
]
ADDRESSES = [
    {"ifname": "lo", "addr_info": [{"family": "inet", "local": "127.0.0.1", "prefixlen": 8}]},
    {"ifname": "down0", "addr_info": [{"family": "inet", "local": "172.20.3.4", "prefixlen": 16}]},
    {"ifname": "six0", "addr_info": [{"family": "inet6", "local": "fe80::1", "prefixlen": 64}]},
]
DOCUMENT = """<network><name>default</name><forward mode="nat"/>
  <!-- kept -->
  <dns><host ip="192.168.122.5"><hostname>printer</hostname></host></dns>
  <ip address="192.168.122.1" netmask="255.255.255.0"><dhcp>
    <range start="192.168.122.2" end="192.168.122.254"/><host mac="52:54:00:00:00:01" ip="192.168.122.50"/>
  </dhcp></ip>
  <ip family="ipv6" address="fd00::1" prefix="64"/>
</network>"""


def test_what_a_host_has() -> None:
    found = set(subnets.of_routes(json.dumps(ROUTES), json.dumps(ADDRESSES)))
    assert found == {
        Taken(IPv4Network("192.0.2.0/24"), "eth0"),
        Taken(IPv4Network("10.8.0.0/16"), "tun0"),
        Taken(IPv4Network("10.9.9.9/32"), "tun0"),
        Taken(IPv4Network("172.20.0.0/16"), "down0"),
    }
    assert list(subnets.of_routes("", "")) == []


def test_the_first_that_is_free() -> None:
    assert subnets.free([]) == IPv4Network("192.168.122.0/24")
    assert subnets.free([Taken(IPv4Network("192.168.122.128/25"), "x")]) == IPv4Network("192.168.123.0/24")
    assert subnets.free([Taken(IPv4Network("192.168.0.0/16"), "x")]) == IPv4Network("10.200.122.0/24")
    assert subnets.free([], prefix=28) == IPv4Network("192.168.122.0/28")
    assert subnets.free([Taken(IPv4Network("192.168.122.0/28"), "x")], prefix=28) == IPv4Network(
        "192.168.122.16/28"
    )
    assert subnets.free([Taken(IPv4Network("10.0.0.0/16"), "x")], prefix=16) == IPv4Network("10.1.0.0/16")
    everything = [Taken(IPv4Network(net), "x") for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
    assert subnets.free(everything) is None


def test_a_network_moves_with_all_that_is_in_it() -> None:
    document = Network.from_xml(DOCUMENT)
    subnets.moved(document, IPv4Network("192.168.122.0/24"), IPv4Network("10.1.2.0/24"))
    text = document.to_xml()
    assert "192.168.122" not in text
    for piece in (
        'address="10.1.2.1"',
        'start="10.1.2.2"',
        'end="10.1.2.254"',
        'ip="10.1.2.50"',
        'ip="10.1.2.5"',
    ):
        assert piece in text
    assert "<!-- kept -->" in text
    assert 'address="fd00::1"' in text
    assert subnets.of_network(document) == [IPv4Network("10.1.2.0/24")]
