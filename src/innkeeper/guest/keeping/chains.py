"""The files of a disk: the one it is in, and those below."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from innkeeper.errors import InnkeeperError, Unsupported
from innkeeper.image import catalogue
from innkeeper.libvirtxml import Volume
from innkeeper.machine import LocalMachine
from innkeeper.machine.extents import Rooms, SparseReader
from innkeeper.storage import pools, volumes
from innkeeper.tools import qcow2
from innkeeper.virt import storage, streams

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml.devices.disk import Disk

__all__ = ["ChainFile", "Sources", "pieces", "pieces_here"]

_LONGEST = 200
"""Layers; libvirt takes no more (src/storage_file, VIR_STORAGE_MAX_…: its XML may not be nested deeper)."""
_FORMATS = ("raw", "qcow2")


@dataclass(frozen=True)
class ChainFile:
    """A file or block device that holds a disk, or a layer below it."""

    path: str
    format: str
    """`qcow2` or `raw`"""
    size: int
    """bytes of the file, not of the disk in it"""
    data: int
    """bytes that are allocated"""
    pool: str | None = None
    volume: str | None = None
    """where libvirt knows it; None for a file in no pool, which only the host's own machine can read"""
    sha256: str | None = None
    """of an image of the catalogue, as it was published"""
    direct: bool = False
    """whether it is of this computer and may be read here"""


class Sources:
    """Finds files of a host, each looked at once. `active`: their guest runs."""

    def __init__(self, host: Host, active: bool) -> None:
        self._host, self._active = host, active

    def path(self, disk: Disk, target: str) -> str:
        """Where the disk's bytes are."""
        if disk.type == "volume":
            return volumes.lookup(self._host, disk.source.pool or "", disk.source.volume or "").path
        path = disk.source.path
        if not path:
            raise Unsupported("kept.disk_network", target=target, type=disk.type or "-")
        return path

    def chain(self, path: str, format: str, target: str) -> tuple[tuple[ChainFile, ...], int]:
        """All files from the top down, and how many bytes the guest sees.

        Raises `Unsupported("kept.disk_format")`, `Unsupported("kept.disk_below")` for a layer that is no file,
        `Unsupported("kept.disk_unreadable")`, and what `tools.qcow2.read` raises.
        """
        files: list[ChainFile] = []
        capacity: int | None = None
        while len(files) < _LONGEST:
            if format not in _FORMATS:
                raise Unsupported("kept.disk_format", target=target, path=path, format=format)
            file = self._file(path, format, target)
            files.append(file)
            if format == "raw":
                return tuple(files), capacity or file.size
            head = qcow2.read(self._head(file), path)
            capacity = capacity or head.virtual_size
            if head.backing is None:
                return tuple(files), capacity
            path, format = self._below(path, head, target)
            if any(path == other.path for other in files):
                break
        raise Unsupported("kept.disk_below", target=target, path=path)

    def plain(self, path: str) -> ChainFile:
        """A file that is not looked into: a kernel."""
        return self._file(path, "raw", path)

    def _below(self, path: str, head: qcow2.Head, target: str) -> tuple[str, str]:
        """A name without a format would have QEMU guess, by bytes that a guest may have written."""
        below = head.backing or ""
        if ":" in below.partition("/")[0]:
            raise Unsupported("kept.disk_below", target=target, path=below)
        if head.backing_format is None:
            raise Unsupported("kept.disk_guessed", target=target, path=path, below=below)
        return os.path.normpath(os.path.join(os.path.dirname(path), below)), head.backing_format

    def _file(self, path: str, format: str, target: str) -> ChainFile:
        found = storage.find_volume_by_path(self._host.virt, path)
        pool, volume = (found[0], found[1].name) if found else (None, None)
        sha256 = self._sums.get(volume or "") if pool == catalogue.POOL else None
        if isinstance(self._host.machine, LocalMachine):
            try:
                with SparseReader(path) as reader:
                    return ChainFile(
                        path, format, reader.size, reader.data, pool, volume, sha256, direct=True
                    )
            except InnkeeperError as error:
                if found is None:
                    raise Unsupported("kept.disk_unreadable", target=target, path=path) from error
        if found is None:
            raise Unsupported("kept.disk_unreadable", target=target, path=path)
        told = Volume.from_xml(found[1].xml())
        size = told.physical or told.capacity or 0
        return ChainFile(path, format, size, told.allocation or 0, pool, volume, sha256)

    def _head(self, file: ChainFile) -> bytes:
        if file.direct:
            with SparseReader(file.path) as reader:
                return reader.head(qcow2.LARGEST_CLUSTER)
        assert file.pool is not None
        assert file.volume is not None
        return streams.head(volumes.lookup(self._host, file.pool, file.volume), qcow2.LARGEST_CLUSTER)

    @cached_property
    def _sums(self) -> dict[str, str]:
        """Volume of the images pool → its SHA-256 as it was published."""
        known = catalogue.manifests(self._host, old=True)
        return {name: file.sha256 for manifest in known for name, file in manifest.files.items()}


def pieces(host: Host, file: ChainFile) -> Iterator[tuple[int, bytes]]:
    """Its bytes: offsets, upwards, and up to a MiB there; between them are holes.

    Raises `Failed("kept.changed")` when somebody wrote to it meanwhile.
    """
    if file.direct:
        with _unchanged(file) as reader:
            yield from reader.pieces()
        return
    assert file.pool is not None
    assert file.volume is not None
    pools.ready(host, file.pool)
    yield from streams.sparse_download(volumes.lookup(host, file.pool, file.volume))


def pieces_here(file: ChainFile, rooms: Rooms) -> Iterator[tuple[int, memoryview]]:
    """The same of a file that is of this computer, as `SparseReader.pieces_in` gives them."""
    with _unchanged(file) as reader:
        yield from reader.pieces_in(rooms)


@contextlib.contextmanager
def _unchanged(file: ChainFile) -> Iterator[SparseReader]:
    from innkeeper.errors import Failed

    with SparseReader(file.path) as reader:
        if reader.size != file.size:
            raise Failed("kept.changed", path=file.path)
        yield reader
        if reader.changed():
            raise Failed("kept.changed", path=file.path)
