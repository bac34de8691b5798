"""Requests, views and the manifest of images. Sizes are in bytes, times are Unix seconds."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from innkeeper.schema.base import Request, View

__all__ = [
    "ImageBuild",
    "ImageFile",
    "ImageImport",
    "ImageList",
    "ImageManifest",
    "ImageOrigin",
    "ImageRemove",
    "ImageShow",
    "ImageView",
    "Removed",
]

Login = Literal["ssh", "serial"]
ImageFirmware = Literal["bios", "uefi"]
Positive = Annotated[int, Meta(gt=0)]


class ImageFile(Struct, frozen=True, kw_only=True):
    """A file of an image, as it was published."""

    size: int
    sha256: str


class ImageOrigin(Struct, frozen=True, kw_only=True):
    """Where an image was fetched from."""

    offer: str
    """its name in the catalogue"""
    url: str
    digest: str | None = None
    """of the file that was fetched, such as `sha256:…`"""
    version: str | None = None
    """of the release, as its distributor counts"""


class ImageManifest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of an image: the stored format, NAME.json beside its files. It alone makes the image exist.

    Once an image was replaced, each of its versions has a manifest NAME@RELEASE.json too; NAME.json is the newest's.
    Readers ignore keys that they do not know; a change that an older reader would misunderstand raises `version`.
    """

    version: Literal[1]
    name: str
    arch: str
    disk: str
    """volume of the images pool"""
    disk_format: str
    virtual_size: int
    files: dict[str, ImageFile]
    """volume → its size and SHA-256"""
    built: float
    source: str
    """recipe and its version, or the name of the file it was imported from"""
    os: str | None = None
    """short id of osinfo-db, such as `debian12`"""
    kernel: str | None = None
    """volume with the kernel that is booted directly; None boots from the disk"""
    initrd: str | None = None
    cmdline: str | None = None
    firmware: tuple[ImageFirmware, ...] = ("bios", "uefi")
    """what it boots with, the better first"""
    boot_pattern: str | None = None
    """regular expression of the first line of user space on the serial console"""
    user: str | None = None
    """whom one logs in as"""
    login: Login = "ssh"
    cloud_init: bool = False
    agent: bool = False
    disk_buses: tuple[str, ...] = ("virtio", "scsi", "sata")
    """buses that its kernel sees disks on, the best first"""
    seed_bus: str | None = None
    """bus that it sees the cloud-init seed on; the disk's when None"""
    min_memory: int | None = None
    default_memory: int | None = None
    profile: Literal["linux", "tiny"] = "linux"
    release: str | None = None
    """which version of NAME it is; None for one that never had another beside it: then it is when it was built"""
    origin: ImageOrigin | None = None
    order: int = 0
    """its place among the versions: greater than that of the one whose place it took"""

    @property
    def disk_bytes(self) -> int:
        """How many bytes the disk's file has."""
        return self.files[self.disk].size


class ImageBuild(Request, frozen=True, kw_only=True):
    """Build an image from a recipe."""

    recipe: str
    """`tiny`, or a release such as `debian-12` or `ubuntu-24.04`"""
    name: str | None = None
    """the recipe's name when none is said"""
    mirror: str | None = None
    """URL of a mirror of the distribution to build from; the image keeps it. None: the distribution's own servers, and
    what apt on this computer has for `tiny`"""
    replace: bool = False
    """an image of that name becomes an old version"""


class ImageImport(Request, frozen=True, kw_only=True):
    """Take in a disk image from a file of this computer, and say what is known of it."""

    file: str
    name: str | None = None
    """the file's name without its ending when none is said"""
    format: str | None = None
    """found out from the file when none is said; `raw` takes its bytes as they are"""
    arch: str = "x86_64"
    os: str | None = None
    user: str | None = None
    login: Login = "ssh"
    boot_pattern: str | None = None
    cloud_init: bool = False
    agent: bool = False
    firmware: tuple[ImageFirmware, ...] = ("bios", "uefi")
    min_memory: Positive | None = None
    replace: bool = False
    """an image of that name becomes an old version"""


class ImageList(Request, frozen=True, kw_only=True):
    all: bool = False
    """old versions too"""
    available: bool = False
    """what the catalogue offers, and not what is there"""
    refresh: bool = False
    """with `available`: ask the distributors for their newest releases first"""


class ImageShow(Request, frozen=True, kw_only=True):
    name: str
    """NAME, or NAME@RELEASE"""


class ImageRemove(Request, frozen=True, kw_only=True):
    name: str
    """NAME with all its versions, or one as NAME@RELEASE"""


class ImageView(View, frozen=True, kw_only=True):
    """An image as it stands in the images pool."""

    name: str
    arch: str
    os: str | None
    size: int
    """bytes of its files"""
    virtual_size: int
    firmware: tuple[str, ...]
    direct_boot: bool
    boot_pattern: str | None
    user: str | None
    login: str
    cloud_init: bool
    agent: bool
    disk_buses: tuple[str, ...]
    min_memory: int | None
    default_memory: int | None
    profile: str
    built: float
    source: str
    files: dict[str, ImageFile]
    release: str
    origin: ImageOrigin | None
    old: bool = False
    """a newer version bears the name; this one is NAME@RELEASE"""
    versions: tuple[str, ...] | None = None
    """its old versions, the last first, as NAME@RELEASE; None where nobody looked"""
    guests: tuple[str, ...] | None = None
    """guests that stand on it, those in the bin too; None where nobody looked"""


class Removed(View, frozen=True, kw_only=True):
    name: str
    volumes: tuple[str, ...]
