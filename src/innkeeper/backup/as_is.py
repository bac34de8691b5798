"""Files of a disk that nobody writes to, copied as they are: read, summed and written at once.

Each layer of a chain is a file of its own, which names the copy of the one below it. What `qemu-img convert` writes
would have to be read once more for its checksum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from innkeeper.backup.pieces import Digest
from innkeeper.guest.keeping import chains
from innkeeper.machine import LocalMachine, local
from innkeeper.machine.extents import SparseWriter
from innkeeper.tools import qcow2
from innkeeper.tools.sums import Sum

if TYPE_CHECKING:
    from innkeeper.guest.keeping.parts import ChainFile, DiskPart
    from innkeeper.host import Host
    from innkeeper.machine import Machine

__all__ = ["copy", "possible"]


def possible(machine: Machine, disk: DiskPart) -> bool:
    """Of files of this computer. A raw disk is not: summing it up reads all of its size, however little is in it."""
    return isinstance(machine, LocalMachine) and all(
        file.direct and file.format == "qcow2" for file in disk.files
    )


def copy(
    host: Host, file: ChainFile, path: str, below: tuple[str, str] | None, on_bytes: Callable[[int], None]
) -> Sum:
    """Write `path` anew with the content of a file, which is told to stand on the name and format `below`. It is on
    disk when this returns. Raises `Failed("kept.changed")` when somebody wrote to it meanwhile."""
    source = chains.pieces(host, file)
    if below is not None:
        source = qcow2.retold(source, file.path, below)
    local().files.create(path, 0o600).close()
    with ThreadPoolExecutor(1) as beside, SparseWriter(path) as writer:
        digest = Digest(beside)
        for offset, data in _told(source, on_bytes):
            digest.at(offset, data)
            writer.write(offset, data)
        digest.skip_to(file.size)
        writer.finish(file.size)
        return Sum(file.size, digest.hex())


def _told(
    source: Iterator[tuple[int, bytes]], on_bytes: Callable[[int], None]
) -> Iterator[tuple[int, bytes]]:
    for offset, data in source:
        yield offset, data
        on_bytes(len(data))
