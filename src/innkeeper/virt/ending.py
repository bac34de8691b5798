"""Ending the backup job of a guest, and the deputy that does it when we die while its disks are read:

    python -m innkeeper.virt.ending URI UUID DIRECTORY RESUME

A job that is pulled does not end by itself: what the guest overwrites would be kept until the disk is full. DIRECTORY
holds the job's files; another job is none of ours. RESUME is `resume`, or nothing.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress

from innkeeper.errors import Conflict, Failed
from innkeeper.libvirtxml import Backup
from innkeeper.virt import backups, changes, domains
from innkeeper.virt.connection import Connection
from innkeeper.virt.deputies import serve
from innkeeper.virt.reasons import state_and_reason

__all__ = ["command", "end"]

_PATIENCE = 60.0
"""Seconds for QEMU to let go of a job that was broken off."""
_SOON = 0.02


def end(connection: Connection, uuid: str, directory: str, resume: bool) -> None:
    """Break off the job that uses files of that directory, and wait until QEMU has let go of it. None is fine.

    With `resume` a guest that QEMU stopped meanwhile goes on: it does that where there is no room any more for what the
    guest overwrites. Raises `Failed("backup.job_stays")`.
    """
    domain = domains.find(connection, uuid)
    if domain is None:
        return
    deadline, asked = time.monotonic() + _PATIENCE, False
    while domain.active and _uses(domain, directory):
        if not asked:
            changes.abort_job(domain)
            asked = True
        if time.monotonic() > deadline:
            raise Failed("backup.job_stays", name=domain.name)
        time.sleep(_SOON)
    if resume and asked and state_and_reason(domain) == ("suspended", "ioerror"):
        with suppress(Conflict):  # we and our deputy both may do it
            changes.resume(domain)


def _uses(domain: domains.Domain, directory: str) -> bool:
    text = backups.document(domain)
    if text is None:
        return False
    files = [disk.target.file or disk.scratch.file or "" for disk in Backup.from_xml(text).disks]
    return any(file.startswith(f"{directory}/") for file in files)


def command(uri: str, uuid: str, directory: str, resume: bool) -> list[str]:
    """The command line of the deputy."""
    return [sys.executable, "-m", "innkeeper.virt.ending", uri, uuid, directory, "resume" if resume else ""]


def _main(uri: str, uuid: str, directory: str, resume: str) -> None:
    serve(uri, lambda connection: end(connection, uuid, directory, resume == "resume"))


if __name__ == "__main__":
    _main(*sys.argv[1:])
