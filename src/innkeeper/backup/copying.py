"""The bytes of a guest's disks: by a job of QEMU's own while it runs, by qemu-img while it is off.

Either way a copy is one file that stands on nothing. The job of a guest on this computer is pulled: we read its disks
(backup/pulling.py). Elsewhere it is pushed: QEMU writes the copies.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from innkeeper.backup import pulling
from innkeeper.errors import Conflict, Failed, InnkeeperError, NotFound, OutcomeUnknown
from innkeeper.libvirtxml import Backup
from innkeeper.libvirtxml.backup import BackupDisk
from innkeeper.machine import local
from innkeeper.tools import qemu_img
from innkeeper.tools.qemu_img import DiskFile
from innkeeper.virt import backups, domains, ending

if TYPE_CHECKING:
    from innkeeper.guest.keeping.parts import DiskPart
    from innkeeper.host import Host
    from innkeeper.machine import Machine
    from innkeeper.operation import Operation
    from innkeeper.tools.sums import Sum

__all__ = ["FORMAT", "chain", "describe", "end_job", "flatten", "follow", "pull", "refuse_differing"]

FORMAT = "qcow2"
_DRAFT = ".part"
_SOON, _LATE = 0.05, 0.5
_AWAY = 30.0
"""Seconds for a libvirtd that is restarted."""
_NOBODY = 5.0
"""Seconds in which libvirt has a job and QEMU none: a libvirtd that was restarted does not learn how a copy ended
meanwhile, and waits for ever (seen with 9.0: src/qemu/qemu_blockjob.c, qemuBlockJobRefreshJobs drops it)."""


def describe(files: dict[str, str], socket: str | None = None) -> Backup:
    """The job that copies each of these disks (`vda`) to that file; with `socket` the one that offers them there, and
    keeps what the guest overwrites in the file."""
    document = Backup.new(mode="pull" if socket else "push")
    if socket:
        document.server_transport = "unix"
        document.server_socket = socket
    for target, path in files.items():
        disk = document.disks.add(BackupDisk.new(name=target, type="file"))
        disk.format = FORMAT
        (disk.scratch if socket else disk.target).file = path
    return document


def chain(disk: DiskPart) -> list[DiskFile]:
    """What it stands on, top first."""
    return [DiskFile(file.path, file.format) for file in disk.files]


def refuse_differing(domain: domains.Domain, disks: tuple[DiskPart, ...]) -> None:
    """Raises `Conflict("backup.disk_differs")` for a disk that is stored of the guest and not in its run."""
    from innkeeper.libvirtxml import Domain

    live = {disk.target_dev for disk in Domain.from_xml(domain.xml(live=True)).devices.disks}
    for disk in disks:
        if disk.target not in live:
            raise Conflict("backup.disk_differs", name=domain.name, target=disk.target)


def follow(host: Host, uuid: str, targets: Iterable[str], operation: Operation) -> None:
    """Until the job of that guest is over. A libvirtd that is restarted meanwhile is waited for: QEMU goes on copying.

    Raises `Failed("backup.guest_stopped")`, `Failed("backup.job_failed")` with QEMU's reason, and
    `Failed("backup.job_lost")` when nobody can say any more how it ended.
    """
    domain, pause, idle = domains.lookup(host.virt, uuid), _SOON, 0.0
    while True:
        operation.check_cancel()
        try:
            job = backups.look(domain)
            if job.state != "running":
                break
            idle = idle + pause if job.fraction == 1.0 and not backups.copies(domain, targets) else 0.0
        except OutcomeUnknown:
            domain = _found(host, uuid)
            continue
        except Conflict:  # it stopped between two questions
            continue
        if idle > _NOBODY:
            raise Failed("backup.job_lost", name=domain.name)
        operation.progress("backup.progress.copy", job.fraction)
        time.sleep(pause)
        pause = min(pause * 1.5, _LATE)
    if job.state == "completed":
        return
    if not domain.active:
        raise Failed("backup.guest_stopped", name=domain.name)
    if job.state == "none":
        raise Failed("backup.job_lost", name=domain.name)
    raise Failed("backup.job_failed", name=domain.name, detail=job.reason or job.state)


def pull(
    host: Host, uuid: str, socket: str, files: dict[str, str], operation: Operation, resume: bool
) -> dict[str, Sum]:
    """Read the disks that the job offers; each takes the place of its scratch file when the job is over. Sums by disk.
    `resume`: see `virt.ending.end`.

    Raises `Failed("backup.guest_stopped")`, `Failed("backup.job_failed")`, `Failed("backup.no_room")`.
    """

    def told(fraction: float) -> None:
        operation.check_cancel()
        operation.progress("backup.progress.copy", fraction)

    drafts = {target: f"{path}{_DRAFT}" for target, path in files.items()}
    try:
        found = pulling.copy(socket, drafts, told, operation.check_cancel)
    except Failed as error:
        if error.code != "machine.nbd":
            raise
        raise _broken_off(host, uuid, _detail(error)) from error
    domain = _found(host, uuid)
    if not all(backups.copies(domain, [target]) for target in files):
        # Somebody ended it, and since then the guest's writes may have been read.
        raise _broken_off(host, uuid, "the job was ended")
    end_job(host, uuid, os.path.dirname(next(iter(files.values()))), resume)
    for target, path in files.items():
        local().files.rename(drafts[target], path)
    return found


def _broken_off(host: Host, uuid: str, detail: str) -> Failed:
    """Why, as far as libvirt knows by then."""
    try:
        domain = _found(host, uuid)
    except NotFound:  # it was only for one run
        return Failed("backup.guest_stopped", name=uuid)
    deadline = time.monotonic() + _NOBODY
    while domain.active and backups.look(domain).state == "running" and time.monotonic() < deadline:
        time.sleep(_SOON)
    if not domain.active:
        return Failed("backup.guest_stopped", name=domain.name)
    return Failed("backup.job_failed", name=domain.name, detail=backups.look(domain).reason or detail)


def _found(host: Host, uuid: str) -> domains.Domain:
    """The guest, also when libvirtd is restarted meanwhile. Raises `NotFound` when it has ended for good."""
    deadline, lost = time.monotonic() + _AWAY, False
    while True:
        try:
            if lost:
                host.reconnect()
            return domains.lookup(host.virt, uuid)
        except (OutcomeUnknown, NotFound) as error:  # not there, or there and still reading what it has
            lost = lost or isinstance(error, OutcomeUnknown)
            if not lost or time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def end_job(host: Host, uuid: str, directory: str, resume: bool = False) -> None:
    """Undo: see `virt.ending.end`."""
    ending.end(host.virt, uuid, directory, resume)


def flatten(machine: Machine, disk: DiskPart, path: str, on_fraction: Callable[[float], None]) -> None:
    """Copy a disk that nobody writes to. QEMU's own locks keep it from being written to meanwhile.

    Raises `Failed("backup.copy_failed")`, also when a guest got hold of it.
    """
    top, *below = chain(disk)
    try:
        qemu_img.convert(machine, top, DiskFile(path, FORMAT), on_fraction=on_fraction, below=below)
    except Failed as error:
        raise Failed("backup.copy_failed", target=disk.target, detail=_detail(error)) from error


def _detail(error: InnkeeperError) -> str:
    return str(error.facts.get("detail") or error)
