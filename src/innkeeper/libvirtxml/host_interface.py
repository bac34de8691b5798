"""`<interface>` as a document: an interface of the host, as libvirt's interface driver has it."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.values import Choice, Flag, Integer, OnOff, Text, YesNo


class HostIp(View):
    """An address of the interface."""

    TAG = "ip"
    address = Text("@address")
    prefix = Integer("@prefix", least=0)


class HostProtocol(View):
    """How the interface gets its addresses in one family."""

    TAG = "protocol"
    family = Choice("@family", "ipv4", "ipv6")
    autoconf = Flag("autoconf")
    dhcp = Flag("dhcp")
    dhcp_peer_dns = YesNo("dhcp/@peerdns")
    ips = Children("ip", HostIp)
    gateway = Text("route/@gateway")


class Bridge(View):
    """A bridge and its ports; `delay` in seconds."""

    TAG = "bridge"
    stp = OnOff("@stp")
    delay = Text("@delay")
    interfaces: Children[HostInterface] = Children("interface", "host_interface:HostInterface")


class Bond(View):
    """Several interfaces as one; times in milliseconds."""

    TAG = "bond"
    mode = Choice(
        "@mode", "balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb",
        "balance-alb",
    )  # fmt: skip
    mii_frequency = Integer("miimon/@freq", least=0)
    mii_down_delay = Integer("miimon/@downdelay", least=0)
    mii_up_delay = Integer("miimon/@updelay", least=0)
    mii_carrier = Choice("miimon/@carrier", "ioctl", "netif")
    arp_interval = Integer("arpmon/@interval", least=0)
    arp_target = Text("arpmon/@target")
    arp_validate = Choice("arpmon/@validate", "none", "active", "backup", "all")
    interfaces: Children[HostInterface] = Children("interface", "host_interface:HostInterface")


class HostVlan(View):
    """A VLAN of another interface."""

    TAG = "vlan"
    tag = Integer("@tag", least=0)
    interface = Text("interface/@name")


class HostInterface(Document):
    """An interface of the host; `link_speed` in Mbit/s."""

    TAG = "interface"
    type = Choice("@type", "ethernet", "bridge", "bond", "vlan")
    name = Text("@name")
    start_mode = Choice("start/@mode", "onboot", "none", "hotplug")
    mac = Text("mac/@address")
    mtu = Integer("mtu/@size", least=0)
    link_speed = Integer("link/@speed", least=0)
    link_state = Choice(
        "link/@state", "unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"
    )
    protocols = Children("protocol", HostProtocol)
    bridge = Child("bridge", Bridge)
    bond = Child("bond", Bond)
    vlan = Child("vlan", HostVlan)
