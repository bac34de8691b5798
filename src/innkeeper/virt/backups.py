"""Calls about backup jobs: QEMU copies the disks of a running domain as they were at one moment (virDomainBackupBegin).

The files are there before the job begins (VIR_DOMAIN_BACKUP_BEGIN_REUSE_EXTERNAL): libvirt would else make each of them
by a job of QEMU's own inside the call (src/qemu/qemu_backup.c, qemuBackupDiskPrepareOneStorage), while the guest's file
systems are frozen. What it labels for QEMU it gives back to root when a disk's copy is over.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import libvirt

from innkeeper.errors import Busy, Conflict, Failed, NotFound
from innkeeper.virt.border import border, code_of
from innkeeper.virt.domains import Domain

__all__ = ["Job", "begin", "busy_with", "capacity", "copies", "document", "look", "refuse_busy"]

_OPERATIONS = {
    libvirt.VIR_DOMAIN_JOB_OPERATION_START: "start",
    libvirt.VIR_DOMAIN_JOB_OPERATION_SAVE: "save",
    libvirt.VIR_DOMAIN_JOB_OPERATION_RESTORE: "restore",
    libvirt.VIR_DOMAIN_JOB_OPERATION_MIGRATION_IN: "migration",
    libvirt.VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT: "migration",
    libvirt.VIR_DOMAIN_JOB_OPERATION_SNAPSHOT: "snapshot",
    libvirt.VIR_DOMAIN_JOB_OPERATION_SNAPSHOT_REVERT: "snapshot",
    libvirt.VIR_DOMAIN_JOB_OPERATION_DUMP: "dump",
    libvirt.VIR_DOMAIN_JOB_OPERATION_BACKUP: "backup",
}
"""What libvirt says that a job does (include/libvirt/libvirt-domain.h, virDomainJobOperation)."""
_ENDS = {
    libvirt.VIR_DOMAIN_JOB_COMPLETED: "completed",
    libvirt.VIR_DOMAIN_JOB_FAILED: "failed",
    libvirt.VIR_DOMAIN_JOB_CANCELLED: "cancelled",
}


class Job(NamedTuple):
    """How a backup job stands: `running`, or how it ended (`completed`, `failed`, `cancelled`), or `none` where nothing
    is known of one. Bytes are of all its disks; `reason` is QEMU's word for a failure."""

    state: str
    done: int = 0
    total: int = 0
    reason: str = ""

    @property
    def fraction(self) -> float | None:
        return min(self.done / self.total, 1.0) if self.total else None


def busy_with(domain: Domain) -> str | None:
    """What libvirt does to the domain as a whole at this moment: `backup`, `save` …; None when nothing."""
    with border(name=domain.name):
        told: dict[str, Any] = domain.raw.jobStats()
    if told.get("type", libvirt.VIR_DOMAIN_JOB_NONE) == libvirt.VIR_DOMAIN_JOB_NONE:
        return None
    return _OPERATIONS.get(told.get("operation", -1), "job")


def refuse_busy(domain: Domain, targets: list[str]) -> None:
    """Raises `Busy("backup.busy")` while libvirt does something to the domain or to one of these disks.

    virDomainBackupBegin itself would wait half a minute for the other job to end (src/qemu/qemu_domainjob.c,
    QEMU_JOB_WAIT_TIME), with the guest's file systems frozen.
    """
    what = busy_with(domain)
    if what is None and copies(domain, targets):
        what = "block job"
    if what is not None:
        raise Busy("backup.busy", name=domain.name, what=what)


def copies(domain: Domain, targets: Iterable[str]) -> bool:
    """Whether QEMU has a job at one of these disks."""
    with border(name=domain.name):
        return any(domain.raw.blockJobInfo(target, 0) for target in targets)


def capacity(domain: Domain, target: str) -> int:
    """Bytes of a disk as the guest sees it now."""
    with border(name=domain.name):
        return int(domain.raw.blockInfo(target, 0)[0])


def begin(domain: Domain, document: str, checkpoint: str | None = None) -> None:
    """Start the job of a `<domainbackup>`, whose target files are there; its disks are copied as they are when this
    returns. `checkpoint` is a `<domaincheckpoint>` to be made at the same moment.

    Raises `Busy("backup.busy")` when another job was quicker.
    """
    flags = libvirt.VIR_DOMAIN_BACKUP_BEGIN_REUSE_EXTERNAL
    try:
        with border(name=domain.name):
            domain.raw.backupBegin(document, checkpoint, flags)
    except Failed as error:
        if code_of(error) != libvirt.VIR_ERR_OPERATION_TIMEOUT:
            raise
        raise Busy("backup.busy", name=domain.name, what=busy_with(domain) or "job") from error


def document(domain: Domain) -> str | None:
    """The `<domainbackup>` of the job that runs; None when none does."""
    try:
        with border(name=domain.name):
            return str(domain.raw.backupGetXMLDesc(0))
    except (Failed, NotFound, Conflict) as error:
        if code_of(error) in (libvirt.VIR_ERR_NO_DOMAIN_BACKUP, libvirt.VIR_ERR_OPERATION_INVALID):
            return None
        raise


def look(domain: Domain) -> Job:
    """How its backup stands. How it ended is told until the domain's next job ends, and forgotten with the daemon."""
    told = _job(domain, 0)
    if told.get("operation") == libvirt.VIR_DOMAIN_JOB_OPERATION_BACKUP:
        return Job("running", told.get("disk_processed", 0), told.get("disk_total", 0))
    flags = libvirt.VIR_DOMAIN_JOB_STATS_COMPLETED | libvirt.VIR_DOMAIN_JOB_STATS_KEEP_COMPLETED
    told = _job(domain, flags)
    if told.get("operation") != libvirt.VIR_DOMAIN_JOB_OPERATION_BACKUP:
        return Job("none")
    state = _ENDS.get(told.get("type", -1), "none")
    return Job(state, told.get("disk_processed", 0), told.get("disk_total", 0), told.get("errmsg", ""))


def _job(domain: Domain, flags: int) -> dict[str, Any]:
    """Empty of a domain that is off, or has never had one."""
    with border(name=domain.name):
        try:
            return dict(domain.raw.jobStats(flags))
        except libvirt.libvirtError as error:
            if error.get_error_code() != libvirt.VIR_ERR_OPERATION_INVALID:
                raise
            return {}
