"""A packet as a filter sees it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Literal

__all__ = ["Hook", "Packet", "in_net", "wildcard"]

Hook = Literal["prerouting", "input", "forward", "output", "postrouting"]


@dataclass(frozen=True)
class Packet:
    """One of IPv4. `name` says in a word what it is for; `hooks` are those of netfilter that it passes, in order."""

    name: str
    hooks: tuple[Hook, ...]
    iif: str = ""
    """the interface it came in by; "" for one of the host's own"""
    oif: str = ""
    """the interface it leaves by; "" for one to the host"""
    src: str = ""
    dst: str = ""
    protocol: str = "udp"
    sport: int = 0
    dport: int = 0
    state: Literal["new", "established"] = "new"
    to: Literal["unicast", "local", "broadcast"] = "unicast"
    """what its target is to the host: somebody else, itself, everybody"""
    bridged: bool = False
    """it stays on its bridge, and only comes by because br_netfilter shows it"""

    def seen_at(self, hook: Hook) -> Packet:
        """Before routing nobody knows where it goes, and behind it where it came from is forgotten."""
        if hook in ("prerouting", "input"):
            return self._with(oif="")
        return self._with(iif="") if hook in ("output", "postrouting") else self

    def _with(self, **changes: str) -> Packet:
        from dataclasses import replace

        return replace(self, **changes)  # type: ignore[arg-type]  # only the two interfaces, which are text


def in_net(address: str, net: str) -> bool | None:
    """Whether an address is in a network (or is that address); None when it is not known."""
    if not address:
        return None
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(net, strict=False)
    except ValueError:
        return None


def wildcard(name: str, pattern: str, sign: str) -> bool:
    """Whether an interface has that name, or that beginning when the pattern ends in the sign."""
    if pattern.endswith(sign):
        return name.startswith(pattern[:-1])
    return name == pattern
