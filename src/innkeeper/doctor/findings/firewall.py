"""Whether the host's packet filter lets guests live: packets of theirs are walked through the rules that are there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from innkeeper.doctor import bridges
from innkeeper.doctor.finding import Check, Found, Site
from innkeeper.doctor.firewall import opening, passing, seeing
from innkeeper.doctor.firewall.rules import judge, translated
from innkeeper.doctor.kinds import libvirt_network
from innkeeper.doctor.repairs import Repair

if TYPE_CHECKING:
    from innkeeper.doctor.bridges import Bridge
    from innkeeper.doctor.firewall.opening import Stop
    from innkeeper.doctor.firewall.packet import Packet
    from innkeeper.doctor.firewall.rules import Table

__all__ = ["CHECKS"]

SWITCH = "/proc/sys/net/bridge/bridge-nf-call-iptables"
"""1 while br_netfilter shows bridged packets to iptables; the module is loaded by Docker, and by any physdev match."""

SETTINGS = "/etc/libvirt/network.conf"


def _unseen(site: Site) -> list[Found] | None:
    if site.host.is_session:
        return []
    if not site.machine.is_root:
        return [Found("unknown", "firewall.no_root")]
    if site.virt is None:
        return [Found("unknown", "firewall.no_libvirt", {"reason": str(site.virt_error)})]
    return None


def _libvirt(site: Site) -> list[Found]:
    """Whether libvirt's own rules are there: whoever empties the filter takes them along."""
    unseen = _unseen(site)
    if unseen is not None:
        return unseen
    if re.search(r'^\s*firewall_backend\s*=\s*"none"', site.read(SETTINGS), re.MULTILINE):
        return [Found("ok", "firewall.libvirt.none", {"file": SETTINGS})]
    tables = seeing.tables(site)
    ruled = [bridge for bridge in bridges.of_networks(site) if bridge.ruled and bridge.subnets]
    gone = [bridge for bridge in ruled if not _has_rules(tables, bridge)]
    for_all: dict[str, object] = {"networks": ", ".join(bridge.network for bridge in gone or ruled)}
    if not gone:
        return [Found("ok", "firewall.libvirt.there", for_all)] if ruled else []
    repair = Repair("libvirt_network", gone[0].network, {"rules": "there"})
    return [Found("problem", "firewall.libvirt.gone", for_all, libvirt_network.RESTART, (repair,))]


def _has_rules(tables: list[Table], bridge: Bridge) -> bool:
    named = any(
        bridge.name in rule.text.replace('"', " ").split()
        for table in tables
        for chain in table.chains.values()
        if table.name == libvirt_network.TABLE or chain.name.startswith("LIBVIRT_FW")
        for rule in chain.rules
    )
    out = passing.away(bridge, "?")[0]
    return named and (bridge.mode != "nat" or translated(tables, out))


def _host(site: Site) -> list[Found]:
    """DHCP and DNS between guests and the host."""
    unseen = _unseen(site)
    if unseen is not None:
        return unseen
    served = [one for one in bridges.of_networks(site) if one.subnets and (one.has_dhcp or one.has_dns)]
    return _judged(site, "host", [(one, passing.for_host(one)) for one in served])


def _forward(site: Site) -> list[Found]:
    """What guests send to the world beyond the host, and the answers."""
    unseen = _unseen(site)
    if unseen is not None:
        return unseen
    sending = [one for one in bridges.of_networks(site) if one.forwards and one.subnets]
    uplink = bridges.outside(site)
    if sending and uplink is None:
        return [Found("ok", "firewall.forward.nowhere")]
    return _judged(site, "forward", [(one, passing.away(one, uplink or "")) for one in sending])


def _bridge(site: Site) -> list[Found]:
    """Between guests on one bridge, where bridged packets are filtered too."""
    unseen = _unseen(site)
    if unseen is not None:
        return unseen
    ours = [*bridges.of_networks(site), *bridges.of_guests(site)]
    if site.read(SWITCH).strip() != "1":
        return [Found("ok", "firewall.bridge.unfiltered")] if ours else []
    return _judged(site, "bridge", [(one, passing.across(one)) for one in ours])


def _judged(site: Site, group: str, ways: list[tuple[Bridge, list[Packet]]]) -> list[Found]:
    tables = seeing.tables(site)
    found = []
    for bridge, packets in ways:
        stops = [(packet, stop) for packet in packets for stop in judge(tables, packet)]
        sure = [(packet, stop) for packet, stop in stops if stop.sure]
        if sure:
            found.append(_cut(site, bridge, group, sure))
        elif stops:
            found.append(Found("unknown", f"firewall.{group}.perhaps", _facts(bridge, stops)))
    if ways and not found:
        names = ", ".join(bridge.name for bridge, _ in ways)
        found.append(Found("ok", f"firewall.{group}.open", {"bridges": names}))
    return found


def _cut(site: Site, bridge: Bridge, group: str, stops: list[Stop]) -> Found:
    facts = _facts(bridge, stops)
    repair = opening.repairs(site, bridge, group, stops)
    remedy = opening.remedy(repair) or f"inn host setup --only firewall.{group}"
    lasting = any(one.kind in ("file", "ufw", "firewalld") for one in repair)
    variant = "cut" if lasting else "cut_until"
    return Found("problem", f"firewall.{group}.{variant}", facts, remedy if repair else None, repair)


def _facts(bridge: Bridge, stops: list[Stop]) -> dict[str, object]:
    _packet, first = stops[0]
    return {
        "bridge": bridge.name,
        "network": bridge.network or bridge.name,
        "what": ", ".join(dict.fromkeys(packet.name for packet, _ in stops)),
        "rule": first.end.text,
        "where": f"{first.table.tool}: {first.table.family} {first.table.name} {first.end.chain}",
        "by": seeing.author(first.table, first.base.name),
    }


CHECKS = (
    Check("firewall.libvirt", _libvirt, reads=(SETTINGS,)),
    Check("firewall.host", _host),
    Check("firewall.forward", _forward),
    Check("firewall.bridge", _bridge, reads=(SWITCH,)),
)
