"""What a rule of a network filter matches: addresses, ports and flags of one protocol.

Nearly every value may be a variable (`$IP`, `$PORTS[0]`), so that they are texts here. Numbers may be
hexadecimal; `…_start` and `…_end`, `…_from` and `…_to`, and `…` with `…_high` are both ends of a range.
"""

from __future__ import annotations

from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Text, YesNo


class Match(View):
    """What all protocols have. `match` False matches what is not as described."""

    match = YesNo("@match")
    comment = Text("@comment")
    src_mac = Text("@srcmacaddr")


class LinkMatch(Match):
    """Addresses of network cards, with masks."""

    src_mac_mask = Text("@srcmacmask")
    dst_mac = Text("@dstmacaddr")
    dst_mac_mask = Text("@dstmacmask")


class Mac(LinkMatch):
    """Any frame of Ethernet; `protocol` by number or name (`arp`, `ipv4` …)."""

    TAG = "mac"
    protocol = Text("@protocolid")


class Vlan(LinkMatch):
    """A frame with a VLAN tag."""

    TAG = "vlan"
    vlan = Text("@vlanid")
    encapsulated = Text("@encap-protocol")


class Stp(Match):
    """A frame of the spanning tree protocol."""

    TAG = "stp"
    src_mac_mask = Text("@srcmacmask")
    type = Text("@type")
    flags = Text("@flags")
    root_priority = Text("@root-priority")
    root_priority_high = Text("@root-priority-hi")
    root_address = Text("@root-address")
    root_address_mask = Text("@root-address-mask")
    root_cost = Text("@root-cost")
    root_cost_high = Text("@root-cost-hi")
    sender_priority = Text("@sender-priority")
    sender_priority_high = Text("@sender-priority-hi")
    sender_address = Text("@sender-address")
    sender_address_mask = Text("@sender-address-mask")
    port = Text("@port")
    port_high = Text("@port-hi")
    age = Text("@age")
    age_high = Text("@age-hi")
    max_age = Text("@max-age")
    max_age_high = Text("@max-age-hi")
    hello_time = Text("@hello-time")
    hello_time_high = Text("@hello-time-hi")
    forward_delay = Text("@forward-delay")
    forward_delay_high = Text("@forward-delay-hi")


class Arp(LinkMatch):
    """A question for an address, or its answer; `opcode` by number or name (`Request`)."""

    TAG = "arp"
    arp_src_mac = Text("@arpsrcmacaddr")
    arp_src_ip = Text("@arpsrcipaddr")
    arp_dst_mac = Text("@arpdstmacaddr")
    arp_dst_ip = Text("@arpdstipaddr")
    hardware_type = Text("@hwtype")
    protocol_type = Text("@protocoltype")
    opcode = Text("@opcode")
    gratuitous = YesNo("@gratuitous")


class Rarp(Arp):
    """The same in reverse."""

    TAG = "rarp"


class Ip(LinkMatch):
    """A packet of IPv4, as the link sees it."""

    TAG = "ip"
    src_ip = Text("@srcipaddr")
    src_ip_mask = Text("@srcipmask")
    dst_ip = Text("@dstipaddr")
    dst_ip_mask = Text("@dstipmask")
    src_port_start = Text("@srcportstart")
    src_port_end = Text("@srcportend")
    dst_port_start = Text("@dstportstart")
    dst_port_end = Text("@dstportend")
    protocol = Text("@protocol")
    dscp = Text("@dscp")


class Ipv6(Ip):
    """A packet of IPv6, as the link sees it; type and code are those of ICMPv6."""

    TAG = "ipv6"
    type = Text("@type")
    type_end = Text("@typeend")
    code = Text("@code")
    code_end = Text("@codeend")


class InternetMatch(Match):
    """Addresses, connections and their states. `state` is a list (`NEW,ESTABLISHED`), `ip_set` the name of a
    set and `ip_set_flags` says which addresses are looked up in it (`src,dst`).
    """

    src_ip = Text("@srcipaddr")
    src_ip_mask = Text("@srcipmask")
    dst_ip = Text("@dstipaddr")
    dst_ip_mask = Text("@dstipmask")
    src_ip_from = Text("@srcipfrom")
    src_ip_to = Text("@srcipto")
    dst_ip_from = Text("@dstipfrom")
    dst_ip_to = Text("@dstipto")
    dscp = Text("@dscp")
    connection_limit = Text("@connlimit-above")
    state = Text("@state")
    ip_set = Text("@ipset")
    ip_set_flags = Text("@ipsetflags")


class PortMatch(InternetMatch):
    """Ports as well."""

    src_port_start = Text("@srcportstart")
    src_port_end = Text("@srcportend")
    dst_port_start = Text("@dstportstart")
    dst_port_end = Text("@dstportend")


class Tcp(PortMatch):
    """TCP; `flags` are mask and value (`SYN,ACK/SYN`)."""

    TAG = "tcp"
    flags = Text("@flags")


class Icmp(InternetMatch):
    """ICMP by its numbers."""

    TAG = "icmp"
    type = Text("@type")
    code = Text("@code")


class Udp(PortMatch):
    """UDP."""

    TAG = "udp"


class Sctp(PortMatch):
    """SCTP."""

    TAG = "sctp"


class UdpLite(InternetMatch):
    """UDP-Lite."""

    TAG = "udplite"


class Igmp(InternetMatch):
    """IGMP."""

    TAG = "igmp"


class All(InternetMatch):
    """Any protocol over IPv4."""

    TAG = "all"


class Esp(InternetMatch):
    """Encrypted packets of IPsec."""

    TAG = "esp"


class Ah(InternetMatch):
    """Signed packets of IPsec."""

    TAG = "ah"


class TcpIpv6(Tcp):
    """TCP over IPv6."""

    TAG = "tcp-ipv6"


class UdpIpv6(Udp):
    """UDP over IPv6."""

    TAG = "udp-ipv6"


class SctpIpv6(Sctp):
    """SCTP over IPv6."""

    TAG = "sctp-ipv6"


class UdpLiteIpv6(UdpLite):
    """UDP-Lite over IPv6."""

    TAG = "udplite-ipv6"


class IcmpIpv6(Icmp):
    """ICMPv6 by its numbers."""

    TAG = "icmpv6"


class AllIpv6(All):
    """Any protocol over IPv6."""

    TAG = "all-ipv6"


class EspIpv6(Esp):
    """Encrypted packets of IPsec over IPv6."""

    TAG = "esp-ipv6"


class AhIpv6(Ah):
    """Signed packets of IPsec over IPv6."""

    TAG = "ah-ipv6"
