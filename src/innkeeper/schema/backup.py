"""Requests and views of backups. Sizes are in bytes, times are Unix seconds."""

from __future__ import annotations

from innkeeper.schema.base import Request, View
from innkeeper.schema.kept import Note

__all__ = [
    "BackupCreate",
    "BackupList",
    "BackupRemove",
    "BackupRestore",
    "BackupShow",
    "BackupVerify",
    "BackupView",
    "GuestForget",
    "RemovedBackup",
]


class BackupCreate(Request, frozen=True, kw_only=True):
    """Keep a guest as it is now: all its disks at one moment."""

    name: str
    place: str | None = None
    """a directory of the guest's host, or a pool; the setting `backup_dir` when none is said"""
    freeze: bool = True
    """freeze its file systems for the moment, when its agent answers"""


class BackupList(Request, frozen=True, kw_only=True):
    name: str | None = None
    """of that guest only"""
    place: str | None = None
    """in that directory or pool only; `backup_dir` and all pools when none is said"""


class BackupShow(Request, frozen=True, kw_only=True):
    backup: str
    """its id, its directory, or a guest's name: the newest of it"""
    place: str | None = None


class BackupVerify(Request, frozen=True, kw_only=True):
    """Read all of a backup, and compare it with its checksums."""

    backup: str
    place: str | None = None


class BackupRemove(Request, frozen=True, kw_only=True):
    backup: str
    """its id or its directory"""
    place: str | None = None


class BackupRestore(Request, frozen=True, kw_only=True):
    """Make a guest of a backup."""

    backup: str
    place: str | None = None
    new_name: str | None = None
    """another guest beside the original, with a UUID and MACs of its own; the original's name when none is said"""
    replace: bool = False
    """the guest of that name goes to the bin"""
    force: bool = False
    """… also when it runs: it is powered off"""
    pool: str | None = None
    network: tuple[str, ...] = ()
    """for its network cards, one after the other, the last for all that follow; its own when none is said"""
    trust: bool = False
    """take its document with devices and paths of the host that it names"""
    overcommit: bool = False


class BackupDisk(View, frozen=True, kw_only=True):
    target: str
    capacity: int
    size: int
    """bytes of its files"""


class BackupView(View, frozen=True, kw_only=True):
    """A backup."""

    id: str
    guest: str
    uuid: str
    made: float
    state: str
    """`stopped`, or `running`: its disks are of one moment of a run"""
    frozen: bool
    """whether its file systems were frozen at that moment"""
    size: int
    """bytes of all its files"""
    disks: tuple[BackupDisk, ...]
    path: str
    """its directory on the host"""
    pool: str | None
    notes: tuple[Note, ...]
    """what of the guest is not in it, and why"""


class RemovedBackup(View, frozen=True, kw_only=True):
    id: str
    path: str


class GuestForget(Request, frozen=True, kw_only=True):
    """Take away what Innkeeper knows of a guest; the guest stays as any other tool would have made it."""

    name: str
