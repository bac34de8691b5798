"""What a guest consists of: document, disks with all they stand on, firmware's variables, TPM, kernel.

What cannot be taken along is refused by name, or left out when it is asked for (`without`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from innkeeper.schema.kept import KeptGuest, Note

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml import Domain
    from innkeeper.virt import domains

__all__ = ["ChainFile", "DiskPart", "Parts", "SmallFile", "describe", "gather"]


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


@dataclass(frozen=True)
class DiskPart:
    """A disk that is taken along."""

    target: str
    bus: str | None
    capacity: int
    files: tuple[ChainFile, ...]
    """top of the chain first"""

    @property
    def format(self) -> str:
        return self.files[0].format


@dataclass(frozen=True)
class SmallFile:
    """A file on the host that is no volume: `name` in what is kept, and its path there."""

    name: str
    path: str
    size: int


@dataclass(frozen=True)
class Parts:
    """All of a guest."""

    domain: domains.Domain
    document: Domain
    """the stored one, with its secrets, without what is left out"""
    state: str
    """`stopped`, `running`, `suspended`"""
    autostart: bool
    disks: tuple[DiskPart, ...]
    nvram: SmallFile | None
    tpm: tuple[SmallFile, ...]
    kernel: ChainFile | None
    initrd: ChainFile | None
    notes: tuple[Note, ...]
    """what is left out, and why"""

    @property
    def name(self) -> str:
        """Without a mark of the bin."""
        raise NotImplementedError


def gather(host: Host, domain: domains.Domain, without: tuple[str, ...] = ()) -> Parts:
    """All of that guest; `without` names disks by target that stay behind.

    A running guest is gathered as it is: whoever reads its disks sees to it that they hold still.

    Raises `Conflict("guest_keep.saved")`, `Conflict("guest_keep.unfinished")`, `Unsupported("guest_keep.disk_…")`
    naming a disk that cannot be taken along, `Denied("guest_keep.firmware")` and `Denied("guest_keep.tpm")` where
    these cannot be read, `NotFound("guest_keep.no_such_disk")` for what `without` names.
    """
    raise NotImplementedError


def describe(parts: Parts, made: float, frozen: bool = False) -> KeptGuest:
    """What is said of it in the manifest. Sizes and formats are those of the host's files; whoever writes others (a
    backup job flattens chains) replaces `disks`."""
    raise NotImplementedError
