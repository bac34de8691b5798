"""A guest that is kept outside its host: the stored format of exports and backups. Sizes are in bytes, times are Unix
seconds.

`guest.json` holds a `KeptGuest`, `guest.xml` its document, and each other file is named by a `KeptFile`: in a
directory (a backup) or one after the other in a stream (an export, docs/how-to).
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

__all__ = ["DOCUMENT", "MANIFEST", "SUMS", "KeptDisk", "KeptFile", "KeptGuest", "Note"]

MANIFEST, DOCUMENT, SUMS = "guest.json", "guest.xml", "SHA256SUMS"
"""Names of the files that every kept guest has; the sums come last."""


class Note(Struct, frozen=True, kw_only=True):
    """Something a person is told about a kept guest: the id of a text, and its facts."""

    text: str
    facts: dict[str, str] = {}


class KeptFile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that belongs to a guest."""

    name: str
    """unique in its kept guest: ASCII letters, digits, `.`, `_`, `-`"""
    size: int
    """of the whole file"""
    format: str = "raw"
    """`qcow2` or `raw`"""
    sha256: str | None = None
    """of the whole file, holes as zeros; None where only the sums of its pieces are kept (an export)"""
    data: int | None = None
    """bytes of it that are no holes, about; None where nobody looked"""


class KeptDisk(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A disk. A file of its chain names the next by `name` as its backing file; the last stands on nothing."""

    target: str
    """`vda` …: the disk of the document that it is"""
    capacity: int
    """bytes that the guest sees"""
    files: tuple[KeptFile, ...]
    """the top of the chain first. Several disks may end in the same file"""

    @property
    def format(self) -> str:
        """Of the top."""
        return self.files[0].format


class KeptGuest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A guest, and all that is needed to make it again.

    Readers ignore keys that they do not know; a change that an older reader would misunderstand raises `version`.
    """

    version: Literal[1]
    name: str
    uuid: str
    made: float
    """when it was kept"""
    state: str
    """`stopped`, or `running`: its disks are of one moment of a run, and its memory is not here"""
    frozen: bool = False
    """whether its file systems were frozen at that moment"""
    autostart: bool = False
    disks: tuple[KeptDisk, ...] = ()
    nvram: KeptFile | None = None
    """its firmware's variables"""
    tpm: tuple[KeptFile, ...] = ()
    """state of its emulated TPM, in files called as swtpm calls them"""
    kernel: KeptFile | None = None
    """what it boots directly"""
    initrd: KeptFile | None = None
    notes: tuple[Note, ...] = ()
    """what of it is not here, and why"""

    @property
    def files(self) -> tuple[KeptFile, ...]:
        """Every file but manifest, document and sums, each once, in the order of a stream: what stands below comes
        before what stands on it."""
        ordered = [self.nvram, *self.tpm, self.kernel, self.initrd]
        ordered += [file for disk in self.disks for file in reversed(disk.files)]
        return tuple({file.name: file for file in ordered if file is not None}.values())
