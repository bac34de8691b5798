"""The disks of a running guest, read from QEMU over NBD while it runs on: summed up and written in one go.

libvirt's backup job, pulled, keeps what the guest overwrites in a scratch file for each disk and offers the disks as
they were when it began. Its socket is in the directory that libvirt makes for each run of a guest: there AppArmor lets
QEMU make one (src/security/virt-aa-helper.c), nobody but root and QEMU's user can enter, and it goes with the run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

from innkeeper.backup import pieces
from innkeeper.errors import Failed
from innkeeper.machine import LocalMachine, local
from innkeeper.machine.extents import Rooms
from innkeeper.machine.nbd import LONGEST_PATH, Nbd
from innkeeper.schema.sizes import format_size
from innkeeper.tools.qcow2_layout import Layout

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.tools.sums import Sum
    from innkeeper.virt.domains import Domain

__all__ = ["copy", "reserve", "socket_for"]

_SOCKET = "inn.sock"
_LONGEST_NAME = 20
_SYSTEM = "/var/lib/libvirt/qemu"


def socket_for(host: Host, domain: Domain) -> str | None:
    """Where QEMU can offer the disks of its present run to us; None when there is no such place: on another computer,
    or where libvirt keeps its directories elsewhere.

    The directory is named by src/conf/domain_conf.c, virDomainDefGetShortName: 20 characters of the guest's name, or 20
    bytes when libvirtd runs in the locale C.
    """
    machine, run = host.machine, domain.id
    if not isinstance(machine, LocalMachine) or run is None:
        return None
    base = _SYSTEM
    if host.is_session:
        base = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
        base += "/libvirt/qemu/lib"
    short = os.fsdecode(os.fsencode(domain.name)[:_LONGEST_NAME])
    for name in (domain.name[:_LONGEST_NAME], short):
        directory = f"{base}/domain-{run}-{name}"
        socket = f"{directory}/{_SOCKET}"
        if machine.files.exists(directory) and len(os.fsencode(socket)) <= LONGEST_PATH:
            return socket
    return None


def reserve(size: int) -> int:
    """Bytes of room, beside copies of that size, for what the guest overwrites meanwhile. Where QEMU finds none it
    stops the guest."""
    return min(size // 8, 256 << 20)


def copy(
    socket: str, targets: dict[str, str], on_fraction: Callable[[float], None], check: Callable[[], object]
) -> dict[str, Sum]:
    """Write each disk (`vda`) that is offered there to its path, as a qcow2 file; their sums by disk. They are on disk
    when this returns. `check` is called while QEMU keeps silent, and may raise.

    Raises `Failed("machine.nbd")`, `Failed("machine.file_failed")` for what cannot be written, and
    `Failed("backup.no_room")` before the guest takes the last of it.
    """
    directory = os.path.dirname(next(iter(targets.values())))
    with ExitStack() as held:
        offers = {target: held.enter_context(Nbd.at(socket, target, check)) for target in targets}
        layouts = {target: Layout(offer.size, offer.data()) for target, offer in offers.items()}
        whole, done = max(sum(layout.size for layout in layouts.values()), 1), 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            on_fraction(min(done / whole, 1.0))
            need, free = max(whole - done, 0) + reserve(whole) // 2, local().files.room(directory)
            if free < need:
                raise Failed("backup.no_room", path=directory, need=format_size(need), free=format_size(free))

        return {
            target: pieces.write(path, *_pieces(offers[target], layouts[target]), count)
            for target, path in targets.items()
        }


def _pieces(offer: Nbd, layout: Layout) -> tuple[Iterator[tuple[int, bytes | memoryview]], int, Rooms]:
    """A file's pieces, its size, and the rooms that they are in."""
    rooms = Rooms()

    def laid_out() -> Iterator[tuple[int, bytes | memoryview]]:
        yield from layout.tables()
        at = layout.data_at
        for _offset, data in offer.pieces(layout.data(), rooms):
            yield at, data
            at += len(data)

    return laid_out(), layout.size, rooms
