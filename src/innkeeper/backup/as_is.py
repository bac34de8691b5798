"""Files of a disk that nobody writes to, copied as they are: read, summed and written at once.

Each layer of a chain is a file of its own, which names the copy of the one below it. What `qemu-img convert` writes
would have to be read once more for its checksum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from innkeeper.backup import pieces
from innkeeper.guest.keeping import chains
from innkeeper.machine import LocalMachine
from innkeeper.machine.extents import Rooms
from innkeeper.tools import qcow2

if TYPE_CHECKING:
    from innkeeper.guest.keeping.parts import ChainFile, DiskPart
    from innkeeper.machine import Machine
    from innkeeper.tools.sums import Sum

__all__ = ["copy", "possible"]


def possible(machine: Machine, disk: DiskPart) -> bool:
    """Of files of this computer. A raw disk is not: summing it up reads all of its size, however little is in it."""
    return isinstance(machine, LocalMachine) and all(
        file.direct and file.format == "qcow2" for file in disk.files
    )


def copy(file: ChainFile, path: str, below: tuple[str, str] | None, on_bytes: Callable[[int], None]) -> Sum:
    """Write `path` anew with the content of a file, which is told to stand on the name and format `below`. It is on
    disk when this returns. Raises `Failed("kept.changed")` when somebody wrote to it meanwhile."""
    rooms = Rooms()
    source: Iterator[tuple[int, bytes | memoryview]] = chains.pieces_here(file, rooms)
    if below is not None:
        source = qcow2.retold(source, file.path, below)
    return pieces.write(path, source, file.size, rooms, on_bytes)
