"""The disks of a running guest as they were at one moment: copied by QEMU's own job into files beside them, which are
gone when the export is over."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from innkeeper.backup import copying
from innkeeper.backup.freezing import frozen
from innkeeper.errors import Denied, Unsupported
from innkeeper.guest.keeping.chains import ChainFile
from innkeeper.machine import LocalMachine
from innkeeper.machine.extents import SparseReader
from innkeeper.schema.kept import KeptDisk, KeptFile, KeptGuest, Note
from innkeeper.tools import qemu_img
from innkeeper.tools.qemu_img import DiskFile
from innkeeper.virt import backups

if TYPE_CHECKING:
    from innkeeper.guest.keeping.parts import Parts
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["Moment", "capture", "delete", "refuse"]


class Moment:
    """What was copied: target → the file that holds the disk; when, and why its file systems were not frozen."""

    def __init__(self, files: dict[str, ChainFile], capacities: dict[str, int]) -> None:
        self.files, self.capacities = files, capacities
        self.made = time.time()
        self.note: Note | None = None

    def describe(self, kept: KeptGuest) -> KeptGuest:
        """The manifest of a guest with these disks."""
        disks = tuple(
            KeptDisk(
                target=target,
                capacity=self.capacities[target],
                files=(KeptFile(name=f"{target}.qcow2", size=file.size, format="qcow2", data=file.data),),
            )
            for target, file in self.files.items()
        )
        notes = (*kept.notes, *([self.note] if self.note else []))
        return msgspec.structs.replace(
            kept,
            disks=disks,
            notes=notes,
            made=float(round(self.made)),
            frozen=self.note is None,
            state="running",
        )


def refuse(host: Host, parts: Parts) -> None:
    """Raises `Unsupported("kept.far_running")`, `Denied("machine.root_needed")`, `Busy("backup.busy")`,
    `Conflict("backup.disk_differs")`."""
    if not isinstance(host.machine, LocalMachine):
        raise Unsupported("kept.far_running", name=parts.name, uri=host.uri)
    if not host.is_session and not host.machine.is_root:
        raise Denied("machine.root_needed", verb="guest.export")
    backups.refuse_busy(parts.domain, [disk.target for disk in parts.disks])
    copying.refuse_differing(parts.domain, parts.disks)


def capture(host: Host, parts: Parts, operation: Operation, freeze: bool) -> Moment:
    """Copy them, and wait until that is done; the guest goes on meanwhile.

    Raises `Conflict("disk.no_space")` and what `copying.follow` raises.
    """
    assert host.machine is not None
    machine, domain = host.machine, parts.domain
    beside = parts.disks[0].files[0].path.rpartition("/")[0]
    directory = f"{beside}/.inn-export-{operation.id}"
    operation.undo("guest.export_delete", path=directory)
    machine.run(["mkdir", "-m", "711", "--", directory])
    paths = {disk.target: f"{directory}/{disk.target}.qcow2" for disk in parts.disks}
    capacities = {disk.target: backups.capacity(domain, disk.target) for disk in parts.disks}
    for target, path in paths.items():
        qemu_img.make(machine, DiskFile(path, copying.FORMAT), capacities[target])
    operation.undo("backup.abort", uuid=domain.uuid, directory=directory)
    made, note = _begin(host, parts, operation, paths, freeze)
    copying.follow(host, domain.uuid, paths, operation)
    moment = Moment({target: _file(path) for target, path in paths.items()}, capacities)
    moment.made, moment.note = made, note
    return moment


def _begin(
    host: Host, parts: Parts, operation: Operation, paths: dict[str, str], freeze: bool
) -> tuple[float, Note | None]:
    document = copying.describe(paths).to_xml()
    if not freeze:
        backups.begin(parts.domain, document)
        return time.time(), Note(text="backup.note.not_frozen_asked")
    operation.progress("backup.progress.freeze")
    mark = f"{next(iter(paths.values())).rpartition('/')[0]}/.frozen"
    with frozen(host, operation, parts.domain, mark) as how:
        backups.begin(parts.domain, document)
        made = time.time()
    return made, how.note


def _file(path: str) -> ChainFile:
    with SparseReader(path) as reader:
        return ChainFile(path, "qcow2", reader.size, reader.data, direct=True)


def delete(host: Host, path: str) -> None:
    """Remove the copies of an export that is over, however it ended."""
    if host.machine is not None:
        host.machine.files.remove_tree(path)
