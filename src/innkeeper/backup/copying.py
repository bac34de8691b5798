"""The bytes of a guest's disks: by a job of QEMU's own while it runs, by qemu-img while it is off.

Either way a copy is one file that stands on nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from innkeeper.errors import Conflict, Failed, InnkeeperError, NotFound, OutcomeUnknown
from innkeeper.libvirtxml import Backup
from innkeeper.libvirtxml.backup import BackupDisk
from innkeeper.tools import qemu_img
from innkeeper.tools.qemu_img import DiskFile
from innkeeper.virt import backups, changes, domains

if TYPE_CHECKING:
    from innkeeper.guest.keeping.parts import DiskPart
    from innkeeper.host import Host
    from innkeeper.machine import Machine
    from innkeeper.operation import Operation

__all__ = ["FORMAT", "chain", "describe", "flatten", "follow", "refuse_differing", "settling", "undo_job"]

FORMAT = "qcow2"
_SOON, _LATE = 0.05, 0.5
_SETTLING = 0.2
_AWAY, _ENDING = 30.0, 60.0
"""Seconds for a libvirtd that is restarted, and for QEMU to let go of a job that was broken off."""
_NOBODY = 5.0
"""Seconds in which libvirt has a job and QEMU none: a libvirtd that was restarted does not learn how a copy ended
meanwhile, and waits for ever (seen with 9.0: src/qemu/qemu_blockjob.c, qemuBlockJobRefreshJobs drops it)."""


def describe(targets: dict[str, str]) -> Backup:
    """The job that copies each of these disks (`vda`) to that file."""
    document = Backup.new(mode="push")
    for target, path in targets.items():
        disk = document.disks.add(BackupDisk.new(name=target, type="file"))
        disk.format = FORMAT
        disk.target.file = path
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
            domain = _found_again(host, uuid)
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


@contextmanager
def settling(machine: Machine, paths: Iterable[str]) -> Iterator[None]:
    """Have what is written into these files meanwhile on its way to the disk: at the end little of it is left to wait
    for."""
    over = threading.Event()
    argv = ["sync", "-d", "--", *paths]

    def settle() -> None:
        while not over.wait(_SETTLING):
            machine.run(argv, check=False)  # that all is there is seen to when the sums are made

    thread = threading.Thread(target=settle, name="settling", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _found_again(host: Host, uuid: str) -> domains.Domain:
    deadline = time.monotonic() + _AWAY
    while True:
        try:
            host.reconnect()
            return domains.lookup(host.virt, uuid)
        except (OutcomeUnknown, NotFound):  # not there, or there and still reading what it has
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def undo_job(host: Host, uuid: str, directory: str) -> None:
    """Break off the job that writes into that directory, and wait until QEMU has let go of it. Another job is none of
    ours."""
    domain = domains.find(host.virt, uuid)
    if domain is None:
        return
    deadline, asked = time.monotonic() + _ENDING, False
    while domain.active and _writes_to(domain, directory):
        if not asked:
            changes.abort_job(domain)
            asked = True
        if time.monotonic() > deadline:
            raise Failed("backup.job_stays", name=domain.name)
        time.sleep(_SOON)


def _writes_to(domain: domains.Domain, directory: str) -> bool:
    text = backups.document(domain)
    if text is None:
        return False
    files = [disk.target.file or "" for disk in Backup.from_xml(text).disks]
    return any(file.startswith(f"{directory}/") for file in files)


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
