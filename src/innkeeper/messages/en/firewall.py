"""The host's packet filter, as guests' packets meet it."""

LASTS = (
    "the rules come back whenever the network starts; loading the firewall anew takes them away until then"
)

TEXT = {
    "firewall.no_root": "the firewall's rules can be read by root only",
    "firewall.no_root.means": "whether they cut guests off is not known",
    "firewall.no_root.remedy": "run it with sudo",
    "firewall.no_libvirt": "which bridges guests are on cannot be seen: {reason}",
    "firewall.libvirt.there": "libvirt's own rules are there ({networks})",
    "firewall.libvirt.none": "libvirt is told to write no rules of its own ({file})",
    "firewall.libvirt.gone": "libvirt's own rules are gone from the firewall ({networks})",
    "firewall.libvirt.gone.means": "guests on {networks} may have no way out: nothing translates their addresses any more. "
    "Somebody has emptied the firewall, or loaded it anew, since libvirt put them there",
    "firewall.host.open": "guests reach DHCP and DNS of this host ({bridges})",
    "firewall.host.cut": "{by} stops {what} between guests on {bridge} and this host: “{rule}” ({where})",
    "firewall.host.cut.means": "guests on {network} get no address or no names; after the repair " + LASTS,
    "firewall.host.cut_until": "{by} stops {what} between guests on {bridge} and this host: “{rule}” ({where})",
    "firewall.host.cut_until.means": "guests on {network} get no address or no names",
    "firewall.host.cut_until.remedy": "let {what} from {bridge} in, with the program that writes these rules ({by})",
    "firewall.host.perhaps": "a rule may stop {what} between guests on {bridge} and this host: “{rule}” ({where}, {by})",
    "firewall.host.perhaps.means": "it asks for something that can only be known when a packet comes",
    "firewall.forward.open": "guests reach the world beyond this host ({bridges})",
    "firewall.forward.nowhere": "this host has no way out itself (no default route), so neither have guests",
    "firewall.forward.cut": "{by} stops what guests on {bridge} send beyond this host, or the answer: “{rule}” ({where})",
    "firewall.forward.cut.means": "guests on {network} reach this host and nothing beyond it; after the repair "
    + LASTS,
    "firewall.forward.cut_until": "{by} stops what guests on {bridge} send beyond this host, or the answer: “{rule}” ({where})",
    "firewall.forward.cut_until.means": "guests on {network} reach this host and nothing beyond it",
    "firewall.forward.cut_until.remedy": "let traffic of {bridge} through, with the program that writes these rules ({by})",
    "firewall.forward.perhaps": "a rule may stop what guests on {bridge} send beyond this host: “{rule}” ({where}, {by})",
    "firewall.forward.perhaps.means": "it asks for something that can only be known when a packet comes",
    "firewall.bridge.open": "guests on one bridge reach each other ({bridges})",
    "firewall.bridge.unfiltered": "what stays on a bridge is not filtered (bridge-nf-call-iptables is off)",
    "firewall.bridge.cut": "{by} stops what guests on {bridge} send each other: “{rule}” ({where})",
    "firewall.bridge.cut.means": "guests on {network} do not reach each other, since bridged packets are filtered too "
    "(bridge-nf-call-iptables is 1); after the repair " + LASTS,
    "firewall.bridge.cut_until": "{by} stops what passes the bridge {bridge}: “{rule}” ({where})",
    "firewall.bridge.cut_until.means": "guests on {bridge} reach neither each other nor its network, since bridged packets "
    "are filtered too (bridge-nf-call-iptables is 1); what the repair puts there lasts until the firewall is loaded anew",
    "firewall.bridge.perhaps": "a rule may stop what passes the bridge {bridge}: “{rule}” ({where}, {by})",
    "firewall.bridge.perhaps.means": "it asks for something that can only be known when a packet comes",
}
