"""By which interfaces of the host a network leads out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from innkeeper.errors import InnkeeperError

if TYPE_CHECKING:
    from collections.abc import Callable

    from innkeeper.machine import Machine

__all__ = ["Ways"]

_ROUTES = "/proc/net/route"
_UP = 1
"""RTF_UP of linux/route.h"""
_NET = "/sys/class/net"


class Ways:
    """The ways out of a host, each looked for when it is first asked for. Without a machine none is known."""

    def __init__(self, machine: Machine | None) -> None:
        self._machine = machine
        self.default: Callable[[], tuple[str, ...]] = cache(self._default)
        """interfaces of the default routes"""
        self.ports: Callable[[str], tuple[str, ...]] = cache(self._ports)
        """interfaces in a bridge, without those of guests"""

    def _default(self) -> tuple[str, ...]:
        """Columns: Iface, Destination, Gateway, Flags, RefCnt, Use, Metric, Mask (fib_route_seq_show of Linux)."""
        try:
            text = self._machine.files.read(_ROUTES).decode("ascii", "replace") if self._machine else ""
        except InnkeeperError:
            return ()  # no Linux, or none of our business
        rows = [line.split() for line in text.splitlines()[1:]]
        found = (row[0] for row in rows if len(row) > 7 and row[1] == row[7] == "00000000" and _is_up(row[3]))
        return tuple(dict.fromkeys(found))

    def _ports(self, bridge: str) -> tuple[str, ...]:
        """libvirt's own bridges keep their MAC by a dummy, BRIDGE-nic."""
        if self._machine is None or "/" in bridge:
            return ()
        files = self._machine.files
        try:
            ports = files.list(f"{_NET}/{bridge}/brif")
            return tuple(
                port
                for port in ports
                if port != f"{bridge}-nic" and not files.exists(f"{_NET}/{port}/tun_flags")
            )
        except InnkeeperError:
            return ()


def _is_up(flags: str) -> bool:
    try:
        return bool(int(flags, 16) & _UP)
    except ValueError:
        return False
