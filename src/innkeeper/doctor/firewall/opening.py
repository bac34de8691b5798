"""What lets guests' packets through again, by the hand of whoever writes the rules that stop them."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper.doctor.firewall import passing, seeing
from innkeeper.doctor.kinds import firewall
from innkeeper.doctor.kinds.firewall import Place
from innkeeper.doctor.repairs import Repair, kind

if TYPE_CHECKING:
    from innkeeper.doctor.bridges import Bridge
    from innkeeper.doctor.finding import Site
    from innkeeper.doctor.firewall.packet import Packet
    from innkeeper.doctor.firewall.rules import Judgement

    Stop = tuple[Packet, Judgement]
    """a packet, and a chain that stops it"""

__all__ = ["remedy", "repairs"]

HOOKS = "/etc/libvirt/hooks/network.d"
"""libvirt runs what is in it when a network starts, since 6.5 (https://libvirt.org/hooks.html)."""
ZONES = ("/usr/lib/firewalld/zones", "/etc/firewalld/zones")


def repairs(site: Site, bridge: Bridge, group: str, stops: list[Stop]) -> tuple[Repair, ...]:
    """None where nothing of ours would last, or do it."""
    by_author: dict[str, list[Stop]] = {}
    for packet, stop in stops:
        by_author.setdefault(seeing.author(stop.table, stop.base.name), []).append((packet, stop))
    found: list[Repair] = []
    for author, its in by_author.items():
        if author == "firewalld":
            found += _zone(site, bridge)
        elif author == "ufw":
            lines = list(dict.fromkeys(_ufw(bridge, packet) for packet, _ in its))
            found.append(Repair("ufw", f"{bridge.name} {group}", lines))
        else:
            found += _rules(bridge, group, its)
    return tuple(found)


def remedy(found: tuple[Repair, ...]) -> str:
    """The same by hand, as far as it takes effect now."""
    lines = [line for one in found if one.kind not in ("file", "directory") for line in commands(one)]
    return " && ".join(lines)


def commands(one: Repair) -> list[str]:
    return kind(one.kind).commands(one.key, one.value)


def _zone(site: Site, bridge: Bridge) -> list[Repair]:
    """libvirt ships zones that let its guests do what they need, and puts its bridges there when it is told that
    firewalld runs. A bridge of the host's own is its owner's business."""
    zone = "libvirt-routed" if bridge.mode == "route" else "libvirt"
    there = any(f"{zone}.xml" in site.list(folder) for folder in ZONES)
    return [Repair("firewalld", bridge.name, zone)] if bridge.network and there else []


def _ufw(bridge: Bridge, packet: Packet) -> str:
    """In the words in which `ufw show added` says it again."""
    if packet.name == "DHCP":
        return f"allow in on {bridge.name} to any port 67 proto udp"
    if packet.name == "DNS":
        return f"allow in on {bridge.name} to any port 53"
    if packet.name == "bridge":
        return f"route allow in on {bridge.name} out on {bridge.name}"
    return f"route allow in on {bridge.name}"


def _rules(bridge: Bridge, group: str, stops: list[Stop]) -> list[Repair]:
    """Rules in the chains that stop them now; and where libvirt makes the bridge, whenever it does."""
    by_place: dict[Place, dict[str, str]] = {}
    for packet, stop in stops:
        at = Place(stop.table.tool, stop.table.family, stop.table.name, stop.base.name, bridge.name, group)
        rules = by_place.setdefault(at, {})
        asks = passing.rule(bridge, packet, stop)
        if asks not in rules.values():
            rules[f"{packet.name.lower()}-{len(rules) + 1}"] = asks
    found = [Repair("firewall", at.key, rules) for at, rules in by_place.items()]
    if bridge.network:
        script = {"content": _hook(bridge, by_place), "mode": "755"}
        found.append(Repair("directory", HOOKS, "755"))
        found.append(Repair("file", f"{HOOKS}/innkeeper-{bridge.network}-{group}", script))
    return found


def _hook(bridge: Bridge, by_place: dict[Place, dict[str, str]]) -> str:
    """A script for libvirt. It must not fail: the network would not start."""
    lines = [
        "#!/bin/sh",
        "# By 'inn host setup': lets guests through this host's firewall whenever their network starts.",
        "# 'inn host setup --undo' removes it.",
        f'[ "$1 $2" = {shlex.quote(f"{bridge.network} started")} ] || exit 0',
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        "exec 2>/dev/null",
    ]
    for at, rules in by_place.items():
        listing = (
            f"nft list chain {at.family} {at.table} {at.chain}"
            if at.tool == "nft"
            else f"{at.tool} -w -t {at.table} -S {at.chain}"
        )
        for name, asks in reversed(rules.items()):
            known = shlex.quote(at.comment(name))
            lines.append(f"{listing} | grep -qF {known} || {shlex.join(firewall.insert(at, name, asks))}")
    return "\n".join([*lines, "exit 0", ""])
