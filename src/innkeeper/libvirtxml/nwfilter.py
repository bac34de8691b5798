"""`<filter>`: a network filter, rules for what may pass a guest's network card."""

from __future__ import annotations

from innkeeper.libvirtxml import nwfilter_match as match
from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.devices.interface import FilterParameter
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.values import Choice, Integer, Text


class FilterReference(View):
    """Another filter that is part of this one, with values for its variables."""

    TAG = "filterref"
    filter = Text("@filter")
    parameters = Children("parameter", FilterParameter)


class Rule(View):
    """One rule: what happens to packets that match. `priority` is -1000 to 1000, lower ones first;
    `state_match` False takes connections out of the kernel's tracking.
    """

    TAG = "rule"
    action = Choice("@action", "drop", "accept", "reject", "continue", "return")
    direction = Choice("@direction", "in", "out", "inout")
    priority = Integer("@priority")
    state_match = Text("@statematch")
    mac = Child("mac", match.Mac)
    vlan = Child("vlan", match.Vlan)
    stp = Child("stp", match.Stp)
    arp = Child("arp", match.Arp)
    rarp = Child("rarp", match.Rarp)
    ip = Child("ip", match.Ip)
    ipv6 = Child("ipv6", match.Ipv6)
    tcp = Child("tcp", match.Tcp)
    udp = Child("udp", match.Udp)
    sctp = Child("sctp", match.Sctp)
    udplite = Child("udplite", match.UdpLite)
    icmp = Child("icmp", match.Icmp)
    igmp = Child("igmp", match.Igmp)
    all = Child("all", match.All)
    esp = Child("esp", match.Esp)
    ah = Child("ah", match.Ah)
    tcp_ipv6 = Child("tcp-ipv6", match.TcpIpv6)
    udp_ipv6 = Child("udp-ipv6", match.UdpIpv6)
    sctp_ipv6 = Child("sctp-ipv6", match.SctpIpv6)
    udplite_ipv6 = Child("udplite-ipv6", match.UdpLiteIpv6)
    icmpv6 = Child("icmpv6", match.IcmpIpv6)
    all_ipv6 = Child("all-ipv6", match.AllIpv6)
    esp_ipv6 = Child("esp-ipv6", match.EspIpv6)
    ah_ipv6 = Child("ah-ipv6", match.AhIpv6)

    @property
    def matches(self) -> list[match.Match]:
        """What the rule matches, whatever its protocols are."""
        found = [getattr(self, name) for name, prop in self.properties().items() if isinstance(prop, Child)]
        return [each for each in found if each.exists]


class NetworkFilter(Document):
    """A filter: its own rules, and filters that are parts of it. `chain` is `root` or begins with a protocol
    (`arp-mine`); chains of lower `priority` (-1000 to 1000) come first.
    """

    TAG = "filter"
    name = Text("@name")
    chain = Text("@chain")
    priority = Integer("@priority")
    uuid = Text("uuid")
    references = Children("filterref", FilterReference)
    rules = Children("rule", Rule)
