"""The packets that guests on a bridge live by, and the rules that let each pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.doctor.firewall.packet import Hook, Packet

if TYPE_CHECKING:
    from innkeeper.doctor.bridges import Bridge
    from innkeeper.doctor.firewall.rules import Judgement

__all__ = ["across", "away", "for_host", "rule"]

THROUGH: tuple[Hook, ...] = ("prerouting", "forward", "postrouting")
EPHEMERAL = 40000
OUTSIDE = "1.1.1.1"
"""Somebody far away; nothing is sent."""


def for_host(bridge: Bridge) -> list[Packet]:
    """What the host must take from guests, and may answer: addresses and names."""
    gateway = str(bridge.subnets[0][1]) if bridge.subnets else ""
    found = []
    if bridge.has_dhcp:
        found += [
            Packet("DHCP", ("prerouting", "input"), bridge.name, "", "0.0.0.0", "255.255.255.255", "udp", 68,
                   67, to="broadcast"),
            Packet("DHCP", ("output", "postrouting"), "", bridge.name, gateway, bridge.guest, "udp", 67, 68),
        ]  # fmt: skip
    if bridge.has_dns:
        for protocol in ("udp", "tcp"):
            found.append(
                Packet("DNS", ("prerouting", "input"), bridge.name, "", bridge.guest, gateway, protocol,
                       EPHEMERAL, 53, to="local")
            )  # fmt: skip
        found.append(
            Packet("DNS", ("output", "postrouting"), "", bridge.name, gateway, bridge.guest, "udp", 53,
                   EPHEMERAL, "established")
        )  # fmt: skip
    return found


def away(bridge: Bridge, uplink: str) -> list[Packet]:
    """From a guest to the rest of the world, and the answer to it."""
    return [
        Packet("out", THROUGH, bridge.name, uplink, bridge.guest, OUTSIDE, "tcp", EPHEMERAL, 443),
        Packet("back", THROUGH, uplink, bridge.name, OUTSIDE, bridge.guest, "tcp", 443, EPHEMERAL, "established"),
    ]  # fmt: skip


def across(bridge: Bridge) -> list[Packet]:
    """From guest to guest on the bridge, where br_netfilter shows it to the filter."""
    peer = str(bridge.subnets[0][2]) if bridge.subnets else ""
    return [
        Packet(
            "bridge",
            THROUGH,
            bridge.name,
            bridge.name,
            bridge.guest,
            peer,
            "tcp",
            EPHEMERAL,
            443,
            bridged=True,
        )
    ]


def rule(bridge: Bridge, packet: Packet, stop: Judgement) -> str:
    """What to ask in a rule so that it lets such a packet pass, in the words of the table's tool: enough for it, and
    no more than libvirt's own rules allow."""
    seen = packet.seen_at(stop.base.hook or "forward")
    net = str(bridge.subnets[0]) if bridge.subnets else ""
    served = packet.name in ("DHCP", "DNS")
    from_guest = packet.iif == bridge.name
    asks = {
        "iif": bridge.name if seen.iif == bridge.name else "",
        "oif": bridge.name if seen.oif == bridge.name else "",
        "source": net if packet.name == "out" else "",
        "target": net if packet.name == "back" else "",
        "protocol": packet.protocol if served else "",
        "port": str(packet.dport if from_guest else packet.sport) if served else "",
        "side": "dport" if from_guest else "sport",
        "state": "established" if packet.name == "back" else "",
        "bridged": "yes" if packet.bridged else "",
    }
    return _for_nft(asks) if stop.table.tool == "nft" else _for_iptables(asks)


def _for_nft(asks: dict[str, str]) -> str:
    parts = [f'{key}name "{asks[key]}"' for key in ("iif", "oif") if asks[key]]
    parts += [f"ip saddr {asks['source']}"] if asks["source"] else []
    parts += [f"ip daddr {asks['target']}"] if asks["target"] else []
    parts += [f"{asks['protocol']} {asks['side']} {asks['port']}"] if asks["port"] else []
    parts += ["ct state established,related"] if asks["state"] else []
    return " ".join(parts)


def _for_iptables(asks: dict[str, str]) -> str:
    parts = [f"-s {asks['source']}"] if asks["source"] else []
    parts += [f"-d {asks['target']}"] if asks["target"] else []
    parts += [f"-{key[0]} {asks[key]}" for key in ("iif", "oif") if asks[key]]
    parts += [f"-p {asks['protocol']} -m {asks['protocol']}"] if asks["protocol"] else []
    parts += [f"--{asks['side']} {asks['port']}"] if asks["port"] else []
    parts += ["-m conntrack --ctstate RELATED,ESTABLISHED"] if asks["state"] else []
    parts += ["-m physdev --physdev-is-bridged"] if asks["bridged"] else []
    return " ".join(parts)
