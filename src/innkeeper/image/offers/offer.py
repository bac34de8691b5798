"""An offer: one name of the catalogue for one architecture, and how its newest release is found.

A catalogue is a file of TOML, one distributor a file; `docs/how-to/image-catalogue.md` says what may stand in it. What
all images of a file have in common stands once in `[shared]`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from innkeeper.image.offers.release import Packing, SigningKey

__all__ = ["ARCHES", "INLINE", "Arch", "CatalogueFile", "ImageEntry", "Needs", "Offer", "fill"]

Arch = Literal["x86_64", "aarch64"]
ARCHES: tuple[Arch, ...] = ("x86_64", "aarch64")
"""as libvirt says them; `amd64` and `arm64` are the first and the second"""

INLINE = "inline"
"""The sums are signed in their own text, not in a file beside it."""

Word = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
"""safe in a path, an option and a URL"""
Path = Annotated[str, Meta(pattern=r"^[A-Za-z0-9{][A-Za-z0-9{}._/?=&:+-]{0,300}$")]
"""below `base`, with words in braces"""
Index = Annotated[str, Meta(pattern=r"^([A-Za-z0-9{?][A-Za-z0-9{}._/?=&:+-]{0,300})?$")]
Key = Annotated[str, Meta(pattern=r"^[a-z_]{1,20}$")]
Line = Annotated[str, Meta(max_length=200)]

_WORD = re.compile(r"\{([a-z_]+)\}")


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in a catalogue: a key that is not known is a mistake."""


class Needs(Strict, frozen=True, kw_only=True):
    """What the OS needs, as people write sizes; osinfo-db's figures go before these where it knows the OS."""

    memory: str | None = None
    disk: str | None = None
    cpus: Annotated[int, Meta(ge=1, le=64)] | None = None


class ArchEntry(Strict, frozen=True, kw_only=True):
    """What is different for one architecture."""

    words: dict[Key, Line] = {}
    firmware: tuple[Literal["bios", "uefi"], ...] | None = None
    index: Index | None = None
    file: Path | None = None
    sums: Path | None = None


class ImageEntry(Strict, frozen=True, kw_only=True):
    """One image of a catalogue, for one architecture or several."""

    name: Word
    title: Line
    os: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._{}-]{0,62}$")] | None = None
    """short id of osinfo-db"""
    osinfo: Annotated[str, Meta(pattern=r"^https?://[A-Za-z0-9._-]+(/[A-Za-z0-9._{}-]+){1,3}$")] | None = None
    """id of osinfo-db, such as `http://debian.org/debian/12`; both may hold words, `{version}` too"""
    arches: Annotated[dict[Arch, ArchEntry], Meta(min_length=1)]
    words: dict[Key, Line] = {}

    index: Index | None = None
    """where the names are listed that `pattern` chooses from; empty for `base` itself"""
    index_kind: Literal["html", "json", "sums"] = "html"
    pattern: Annotated[str, Meta(max_length=300)] | None = None
    """regular expression of a whole name there; what its groups hold, joined by `-`, is the version"""
    version: Word | None = None
    """where there is no index"""
    file: Path
    sums: Path
    digest: Literal["sha256", "sha512"] = "sha256"
    bare: bool = False
    """the sums' file holds one digest and no name"""
    signature: Path | Literal["inline"] | None = None
    file_signature: Path | None = None
    """of the file itself, as published"""
    key: SigningKey | None = None

    format: Literal["qcow2", "raw"] = "qcow2"
    packing: Packing | None = None
    member: Word | None = None
    most: str = "4G"
    virtual_most: str = "64G"

    user: Word | None = None
    login: Literal["ssh", "serial"] = "ssh"
    cloud_init: bool = True
    agent: bool = False
    firmware: tuple[Literal["bios", "uefi"], ...] = ("bios", "uefi")
    disk_buses: tuple[Literal["virtio", "scsi", "sata", "ide", "usb"], ...] = ("virtio", "scsi", "sata")
    seed_bus: Literal["virtio", "scsi", "sata", "ide", "usb"] | None = None
    boot_pattern: Line | None = None
    min_memory: str | None = None
    needs: Needs = Needs()


class CatalogueFile(Strict, frozen=True, kw_only=True):
    """A catalogue as it is written; `shared` has been merged into its images before."""

    version: Literal[1]
    distributor: Word
    """whose mirror may be said in the settings"""
    base: Annotated[str, Meta(max_length=200)]
    facts: tuple[str, ...] = ()
    """where what is said here was taken from"""
    key: SigningKey | None = None
    image: Annotated[tuple[dict[str, Any], ...], Meta(min_length=1)]
    """each is read as an `ImageEntry` by itself, so that each fault is told"""


class Offer(Struct, frozen=True, kw_only=True):
    """An image of a catalogue for one architecture, ready to be looked for."""

    entry: ImageEntry
    arch: Arch
    distributor: str
    base: str
    """without a slash at its end; a mirror of the settings where one is said"""
    catalogue: str
    """the file or URL that it was read from"""
    words: dict[str, str]
    """what `fill` puts into its paths; only its release knows the rest: version, found, file, name, sums"""
    key: SigningKey | None
    min_memory: int | None
    most: int
    virtual_most: int

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def firmware(self) -> tuple[str, ...]:
        """What it boots with on that architecture, the better first."""
        return self.entry.arches[self.arch].firmware or self.entry.firmware

    @property
    def index(self) -> str | None:
        own = self.entry.arches[self.arch].index
        return self.entry.index if own is None else own

    @property
    def file(self) -> str:
        return self.entry.arches[self.arch].file or self.entry.file

    @property
    def sums(self) -> str:
        return self.entry.arches[self.arch].sums or self.entry.sums

    def of_osinfo(self, text: str | None, words: dict[str, str] | None = None) -> str | None:
        """Its `os` or `osinfo` with its words filled in; None where only a release knows them."""
        try:
            return fill(text, {**self.words, **(words or {})}) if text else None
        except KeyError:
            return None

    def facts(self, words: dict[str, str]) -> dict[str, Any]:
        """Fields of `ImageManifest` that are known before it is fetched, but for what it needs."""
        entry = self.entry
        names = ("user", "login", "cloud_init", "agent", "disk_buses", "seed_bus", "boot_pattern")
        known = {name: getattr(entry, name) for name in names}
        os = self.of_osinfo(entry.os, words)
        return {**known, "os": os, "firmware": self.firmware, "min_memory": self.min_memory}


def fill(text: str, words: dict[str, str], literal: bool = False) -> str:
    """The text with its words in braces filled in; `literal` for a regular expression, where they mean themselves.

    Raises `KeyError` for a word that is not known.
    """

    def one(found: re.Match[str]) -> str:
        value = words[found[1]]
        return re.escape(value) if literal else value

    return _WORD.sub(one, text)
