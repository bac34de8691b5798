"""Whether the host can give what a guest is to have. What was promised to others is not promised again unless the
request says so (`overcommit`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.errors import Conflict
from innkeeper.machine import LocalMachine
from innkeeper.schema.sizes import GIB, MIB, format_size
from innkeeper.storage import pools
from innkeeper.virt import booting

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.virt.domains import Domain

__all__ = ["refuse_disk", "refuse_memory", "refuse_start", "reserve"]


def reserve(memory: int) -> int:
    """Bytes that the host keeps for itself: a sixteenth, at least 256 MiB and at most 4 GiB."""
    return min(max(memory // 16, 256 * MIB), 4 * GIB)


def refuse_memory(host: Host, name: str, needed: int, overcommit: bool = False) -> None:
    """Refuse `needed` bytes that the host does not have left: its memory less the reserve and less all that running
    guests may take.

    Raises `Conflict("guest.memory_promised")`.
    """
    if overcommit:
        return
    _cpus, memory = host.virt.node()
    promised = booting.promised_memory(host.virt)
    left = max(memory - reserve(memory) - promised, 0)
    if needed > left:
        raise Conflict(
            "guest.memory_promised",
            name=name,
            memory=format_size(needed),
            left=format_size(left),
            promised=format_size(promised),
            host=format_size(memory),
        )


def refuse_start(host: Host, domain: Domain, overcommit: bool) -> None:
    """The same for a guest that is to be started."""
    refuse_memory(host, domain.name, booting.most_memory(domain), overcommit)


def refuse_disk(host: Host, pool: str, capacity: int, now: int, overcommit: bool = False) -> None:
    """Refuse a volume of `capacity` bytes of which `now` are written at once. Disks that grow may together be larger
    than their pool, one alone may not.

    Raises `Conflict("pool.full")` when what is written now does not fit, and, unless `overcommit`,
    `Conflict("guest.disk_beyond")` and `Conflict("pool.nearly_full")`.
    """
    whole, free = _space(host, pool)
    if now > free:
        raise Conflict("pool.full", name=pool, free=format_size(free), needed=format_size(now))
    if overcommit:
        return
    if capacity > whole:
        raise Conflict("guest.disk_beyond", pool=pool, size=format_size(capacity), whole=format_size(whole))
    if free < min(whole // 100, 512 * MIB):
        raise Conflict("pool.nearly_full", name=pool, free=format_size(free), whole=format_size(whole))


def _space(host: Host, name: str) -> tuple[int, int]:
    """Bytes of the pool and bytes free. libvirt tells how full a pool was when it last looked, and a look goes through
    all its volumes: of a directory of this computer the file system is asked instead."""
    pool = pools.ready(host, name)
    if isinstance(host.machine, LocalMachine) and pools.is_directory(pool):
        asked = host.machine.run(["stat", "-f", "-c", "%b %a %S", "--", pools.target(pool)], check=False)
        if asked.status == 0:
            blocks, free, size = map(int, asked.stdout.split())
            return blocks * size, free * size
    return pool.space()
