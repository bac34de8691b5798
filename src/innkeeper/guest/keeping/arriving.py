"""Making a guest of what was kept: define first, then its files, then its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from innkeeper.errors import Conflict, Failed, Invalid, NotFound
from innkeeper.guest import metadata, naming
from innkeeper.guest.keeping import rebuild
from innkeeper.guest.keeping.state_files import LARGEST
from innkeeper.guest.making import keeping
from innkeeper.guest.running import admission
from innkeeper.guest.watching.serial_log import make_directory
from innkeeper.machine import LocalMachine
from innkeeper.machine.extents import SparseWriter
from innkeeper.schema.kept import KeptDisk, KeptFile
from innkeeper.storage import pools, volumes
from innkeeper.tools import qcow2
from innkeeper.virt import domains
from innkeeper.virt.streams import SparseUpload

if TYPE_CHECKING:
    from innkeeper.guest.keeping.rebuild import Newcomer
    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.virt.domains import Domain

__all__ = ["STEPS", "Piece", "bring", "undo_define"]

STEPS = ("define", "files", "publish")
_LOOK_AGAIN = 256 << 20
"""Bytes between two looks at how full the pool is."""


class Piece(NamedTuple):
    """Bytes of a file of a kept guest. Pieces come file by file, offsets upwards; between them are holes."""

    file: str
    offset: int
    data: bytes
    """at most a few MiB"""


def bring(host: Host, operation: Operation, newcomer: Newcomer, pieces: Iterator[Piece]) -> Domain:
    """Define it as `NAME~creating`, write its files, give it its name; off. Undone as a whole when anything raises,
    also in `pieces`, which may therefore verify as it goes: the name comes after the last piece.

    Raises `Invalid("kept.…")` and `Invalid("disk.…")` for images that point at what is not theirs, all as `Failed` of
    the operation: something was made by then.
    """
    with operation.step("define"):
        domain = _define(host, operation, newcomer)
    with operation.step("files"):
        _Arrival(host, operation, newcomer).take(pieces)
        _refuse_gone(host, newcomer)
    with operation.step("publish"):
        naming.rename_offline(domain, newcomer.name)
        keeping.note(operation, domain)
    return domain


def _define(host: Host, operation: Operation, newcomer: Newcomer) -> Domain:
    operation.undo("guest.import_delete", uuid=newcomer.uuid, operation=operation.id)
    operation.undo("log.delete", path=newcomer.log_file)
    make_directory(host)
    newcomer.document.metadata.set(replace(newcomer.facts, operation=operation.id).to_element())
    try:
        domain = domains.define(host.virt, newcomer.document.to_xml(), newcomer.document.name or "")
    except Failed as error:
        if domains.find(host.virt, newcomer.uuid) is None:
            raise
        raise Conflict("kept.uuid_taken", uuid=newcomer.uuid) from error
    if domains.find(host.virt, newcomer.name):  # somebody was quicker between our look and our claim
        raise Conflict("guest.exists", name=newcomer.name)
    return domain


def undo_define(host: Host, uuid: str, operation: str) -> None:
    """Take away a guest that was being made; its volumes are undone by themselves. Its UUID was the other host's: who
    has it now may be somebody else's."""
    domain = domains.find(host.virt, uuid)
    if domain is not None and metadata.of_domain(domain).operation == operation:
        domain.destroy()
        domain.undefine()


def _refuse_gone(host: Host, newcomer: Newcomer) -> None:
    """Its disks stand on images by now; who removes one looks for that after its manifest is gone."""
    there = rebuild.standing(host, newcomer.kept)
    gone = [
        file
        for file, path in newcomer.paths.items()
        if file not in newcomer.volumes and there.get(file) != path
    ]
    if gone:
        raise NotFound("image.unknown", name=gone[0], choices="-")


class _Arrival:
    """The files, one after the other."""

    def __init__(self, host: Host, operation: Operation, newcomer: Newcomer) -> None:
        self._host, self._operation, self._newcomer = host, operation, newcomer
        kept = newcomer.kept
        self._files = {file.name: file for file in kept.files}
        self._disks = {disk.files[0].name: disk for disk in kept.disks}
        self._below = {
            file.name: below
            for disk in kept.disks
            for file, below in zip(disk.files, (*disk.files[1:], None), strict=True)
        }
        self._whole = sum(file.data if file.data is not None else file.size for file in kept.files) or 1
        self._done = self._looked = 0
        self._direct = isinstance(host.machine, LocalMachine) and (host.is_session or host.machine.is_root)

    def take(self, pieces: Iterator[Piece]) -> None:
        """All of them. A file of which nothing came is all hole."""
        came: set[str] = set()
        for name, group in groupby(pieces, lambda piece: piece.file):
            if name in came or name not in self._files:
                raise Invalid("kept.bundle", reason=f"{name!r}")
            came.add(name)
            self._file(self._files[name], ((piece.offset, self._count(piece.data)) for piece in group))
        for name, file in self._files.items():
            if name not in came:
                self._file(file, iter(()))
        for pool in {self._newcomer.pool} if self._newcomer.volumes else ():
            pools.ready(self._host, pool).refresh()  # it learns what is in the files

    def _count(self, data: bytes) -> bytes:
        self._done += len(data)
        self._operation.check_cancel()
        self._operation.progress("kept.progress.files", min(self._done / self._whole, 1.0))
        if self._newcomer.volumes and self._done - self._looked > _LOOK_AGAIN:
            self._looked = self._done
            admission.refuse_disk(self._host, self._newcomer.pool, 0, 0)
        return data

    def _file(self, file: KeptFile, pieces: Iterator[tuple[int, bytes]]) -> None:
        kept = self._newcomer.kept
        pieces = _within(file, pieces)
        if file.name in self._newcomer.volumes:
            self._volume(file, pieces)
        elif kept.nvram is not None and file.name == kept.nvram.name:
            self._small(file, pieces, self._newcomer.nvram_path)
        elif file.name in [one.name for one in kept.tpm] and self._newcomer.tpm_directory:
            self._tpm_directory(self._newcomer.tpm_directory)
            self._small(file, pieces, f"{self._newcomer.tpm_directory}/{file.name}")
        else:
            for _ in pieces:  # it is here already, as an image, or the guest has no use for it
                pass

    def _volume(self, file: KeptFile, pieces: Iterator[tuple[int, bytes]]) -> None:
        pool, volume = self._newcomer.pool, self._newcomer.volumes[file.name]
        self._operation.undo("volume.delete", pool=pool, name=volume)
        # Raw and as long as the file: libvirt would write a header of its own into a volume of another format.
        path = volumes.create(self._host, pool, volume, file.size, "raw")
        with self._writer(pool, volume, path) as writer:
            for offset, data in self._judged(file, pieces):
                writer.write(offset, data)
            writer.finish(file.size)

    def _writer(self, pool: str, volume: str, path: str) -> SparseWriter | SparseUpload:
        """Straight into a file of this computer, else through libvirt."""
        if self._direct:
            return SparseWriter(path)
        return SparseUpload(volumes.lookup(self._host, pool, volume))

    def _judged(self, file: KeptFile, pieces: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
        """The bytes that are written: of a qcow2 file with the name of what it stands on here."""
        if file.format != "qcow2":
            return pieces
        below = self._below.get(file.name)
        judged = _Judge(file, below, self._disks.get(file.name))
        if below is None:
            return judged.whole(pieces)
        here = (self._newcomer.paths[below.name], below.format)
        return judged.standing(pieces, here)

    def _small(self, file: KeptFile, pieces: Iterator[tuple[int, bytes]], path: str | None) -> None:
        assert self._host.machine is not None
        assert path is not None
        self._operation.undo("guest.state_delete", path=path)
        content = bytearray(min(file.size, LARGEST))
        for offset, data in pieces:
            content[offset : offset + len(data)] = data
        self._host.machine.files.make_dir(path.rpartition("/")[0], 0o711)
        self._host.machine.files.write(path, bytes(content), 0o600)

    def _tpm_directory(self, path: str) -> None:
        """libvirt gives it to swtpm's user at the start, and sets up no new TPM where it is (src/qemu/qemu_tpm.c)."""
        assert self._host.machine is not None
        self._operation.undo("guest.state_delete", path=path)
        self._host.machine.files.make_dir(path, 0o711)


class _Judge:
    """Looks at the header of a qcow2 file as it comes by, before anything opens the file."""

    def __init__(self, file: KeptFile, below: KeptFile | None, disk: KeptDisk | None) -> None:
        self._file, self._below, self._disk = file, below, disk

    def whole(self, pieces: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
        """Of a file that stands on nothing: as they are."""
        return qcow2.passed(pieces, self._file.name, self._refuse)

    def standing(
        self, pieces: Iterator[tuple[int, bytes]], here: tuple[str, str]
    ) -> Iterator[tuple[int, bytes]]:
        return qcow2.retold(qcow2.passed(pieces, self._file.name, self._refuse), self._file.name, here)

    def _refuse(self, head: qcow2.Head) -> None:
        wanted = (self._below.name, self._below.format) if self._below else (None, None)
        if (head.backing, head.backing_format if head.backing else None) != wanted:
            raise Invalid("disk.unsafe_reference", name=self._file.name, reference=head.backing or "-")
        if self._disk is not None and head.virtual_size != self._disk.capacity:
            raise Invalid("kept.capacity", file=self._file.name)


def _within(file: KeptFile, pieces: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    at = 0
    for offset, data in pieces:
        if offset < at or offset + len(data) > file.size:
            raise Invalid("kept.bundle", reason=f"{file.name} @ {offset}")
        at = offset + len(data)
        yield offset, data
