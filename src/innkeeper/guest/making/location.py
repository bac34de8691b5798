"""Kernel and initrd of a guest's first boot: out of a directory, an install tree, two files, or their URLs.

Looked for on this computer and fetched to it; they become volumes on the host.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from innkeeper.errors import Conflict, Denied, InnkeeperError, Invalid, NotFound, Refused
from innkeeper.machine import local
from innkeeper.schema.sizes import GIB, MIB
from innkeeper.tools import web

__all__ = ["Location", "Piece", "fetch", "find", "parts"]

MOST = {"kernel": 256 * MIB, "initrd": 2 * GIB}
"""Bytes. The largest installers' are a tenth of that."""
_HEAD = 1024
_DEBIAN_ARCHES = {"x86_64": "amd64", "i686": "i386", "aarch64": "arm64", "ppc64le": "ppc64el"}


class Layout(NamedTuple):
    """Where a family of install trees keeps them, and the argument that tells its installer where the tree is."""

    kernel: str
    initrd: str
    source: str = ""


_LAYOUTS = (
    Layout("images/pxeboot/vmlinuz", "images/pxeboot/initrd.img", "inst.repo"),
    Layout("boot/{arch}/loader/linux", "boot/{arch}/loader/initrd", "install"),
    Layout("boot/{arch}/linux", "boot/{arch}/initrd", "install"),
    *(
        Layout(f"{folder}/linux", f"{folder}/initrd.gz")
        for folder in (
            "current/images/netboot/debian-installer/{deb}",
            "images/netboot/debian-installer/{deb}",
            "netboot/debian-installer/{deb}",
            "debian-installer/{deb}",
            "current/legacy-images/netboot/ubuntu-installer/{deb}",
            "current/images/netboot/ubuntu-installer/{deb}",
        )
    ),
    Layout("netboot/{deb}/linux", "netboot/{deb}/initrd"),
    Layout("install.{a3}/vmlinuz", "install.{a3}/initrd.gz"),
    Layout("casper/vmlinuz", "casper/initrd"),
    Layout("isolinux/vmlinuz", "isolinux/initrd.img", "inst.repo"),
    Layout("vmlinuz", "initrd.img"),
    Layout("vmlinuz", "initrd"),
    Layout("linux", "initrd.gz"),
    Layout("linux", "initrd"),
    Layout("kernel", "initrd"),
    Layout("bzImage", "initrd"),
)
"""Fedora, RHEL and theirs; openSUSE; Debian's and Ubuntu's network installers; their CDs; and a plain directory."""


@dataclass(frozen=True)
class Piece:
    """A file, here or at a URL. Its size in bytes where that is known."""

    kind: str
    """`kernel` or `initrd`"""
    source: str
    size: int | None

    @property
    def remote(self) -> bool:
        return web.is_url(self.source)


@dataclass(frozen=True)
class Location:
    """What the first boot is done with."""

    kernel: Piece
    initrd: Piece | None
    arguments: str | None

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return (self.kernel, self.initrd) if self.initrd else (self.kernel,)


def find(text: str, arch: str, arguments: str | None) -> Location:
    """What `text` comes to: KERNEL,INITRD · KERNEL · a directory · the URL of an install tree.

    Raises `NotFound("guest.location_missing")`, `Invalid("guest.location_tree")` where none of the known layouts is
    there, `Invalid("guest.not_a_kernel")`, `Conflict("guest.location_large")`, and what `tools.web.look` raises.
    """
    both = parts(text)
    for part in both:
        if web.is_url(part):
            web.check(part)
    if len(both) == 2:
        return Location(_piece("kernel", both[0], arch), _piece("initrd", both[1], arch), arguments)
    if web.is_url(text):
        alone = _kernel_alone(text, arch)
        if alone:
            return Location(alone, None, arguments)
    elif not _is_directory(text):
        return Location(_piece("kernel", text, arch), None, arguments)
    return _tree(text.rstrip("/"), arch, arguments)


def parts(text: str) -> list[str]:
    """Kernel and initrd, or the one thing that it names: a comma may also stand in a path or a URL."""
    first, comma, second = text.rpartition(",")
    pair = comma and first and second and (web.is_url(second) or not web.is_url(first))
    return [first, second] if pair and not local().files.exists(text) else [text]


def _is_directory(path: str) -> bool:
    """Whether it is one, and has something in it."""
    try:
        return bool(local().files.list(path))
    except InnkeeperError:  # not ours to read, or no name that a file can have
        return False


def _kernel_alone(url: str, arch: str) -> Piece | None:
    """What is at a URL itself: a kernel, or else perhaps a directory."""
    try:
        return _piece("kernel", url, arch)
    except Refused:
        return None


def _tree(base: str, arch: str, arguments: str | None) -> Location:
    words = {
        "arch": arch,
        "deb": _DEBIAN_ARCHES.get(arch, arch),
        "a3": {"x86_64": "amd", "i686": "386", "aarch64": "a64"}.get(arch, arch),
    }
    layouts = [layout for layout in (_told(base, arch),) if layout] + list(_LAYOUTS)
    denied: Denied | None = None
    for layout in layouts:
        try:
            kernel = _piece("kernel", f"{base}/{layout.kernel.format(**words)}", arch)
            initrd = _piece("initrd", f"{base}/{layout.initrd.format(**words)}", arch)
        except NotFound:
            continue
        except Denied as error:  # some servers say so of what they do not have
            denied = denied or error
            continue
        return Location(kernel, initrd, _with_source(arguments, layout.source, base))
    if denied:
        raise denied
    raise Invalid("guest.location_tree", location=base, arch=arch)


def _with_source(arguments: str | None, key: str, base: str) -> str | None:
    """Tell the installer where the rest is, unless the user did."""
    said = {word.partition("=")[0] for word in (arguments or "").split()}
    if not key or not web.is_url(base) or key in said:
        return arguments
    return f"{arguments or ''} {key}={base}".strip()


def _told(base: str, arch: str) -> Layout | None:
    """What the tree says of itself in `.treeinfo` (https://release-engineering.github.io/productmd)."""
    try:
        text = _begin(f"{base}/.treeinfo", 64 * 1024)[1].decode(errors="replace")
    except Refused:
        return None
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    section = f"images-{arch}"
    kernel, initrd = (parser.get(section, key, fallback="") for key in ("kernel", "initrd"))
    if not kernel or not initrd or "{" in kernel + initrd or ".." in (kernel + initrd).split("/"):
        return None
    source = "install" if "suse" in parser.get("general", "family", fallback="").lower() else "inst.repo"
    return Layout(kernel, initrd, source)


def _piece(kind: str, source: str, arch: str) -> Piece:
    size, head = _begin(source, _HEAD)
    if size is not None and size > MOST[kind]:
        raise Conflict("guest.location_large", location=source, size=size, most=MOST[kind])
    if size == 0 or (kind == "kernel" and not _is_kernel(head, arch)):
        raise Invalid("guest.not_a_kernel", location=source, kind=kind, arch=arch)
    return Piece(kind, source if web.is_url(source) else os.path.abspath(source), size)


def _begin(source: str, most: int) -> tuple[int | None, bytes]:
    """Size, where it is known, and the first bytes."""
    if web.is_url(source):
        found = web.look(source, most)
        return found.size, found.head
    files = local().files
    try:
        if _is_directory(source):
            raise NotFound("guest.location_missing", location=source)
        return files.size(source), files.read(source, 0, most)
    except InnkeeperError as error:  # also where a part of the path is a file, or it is a directory
        raise NotFound("guest.location_missing", location=source) from error


def _is_kernel(head: bytes, arch: str) -> bool:
    """What QEMU takes for one. On x86 Linux's boot protocol says HdrS at 0x202 (Documentation/arch/x86/boot.rst), and
    ELF is Multiboot or PVH; elsewhere it may be many things, but not the page that a server shows instead."""
    if arch in ("x86_64", "i686"):
        return head[0x202:0x206] == b"HdrS" or head.startswith(b"\x7fELF")
    return head.lstrip()[:1] != b"<"


def fetch(
    location: Location, directory: str, on_fraction: Callable[[Piece, float | None], None]
) -> dict[str, str]:
    """Kind → path on this computer; what is at a URL is downloaded into that directory.

    Raises what `tools.web.download` raises, and `Invalid("guest.not_a_kernel")` when it is another file by now.
    """
    paths: dict[str, str] = {}
    for piece in location.pieces:
        path = f"{directory}/{piece.kind}" if piece.remote else piece.source
        if piece.remote:
            local().files.remove(path)

            def tell(came: int, size: int | None, piece: Piece = piece) -> None:
                on_fraction(piece, came / size if size else None)

            web.download(piece.source, path, MOST[piece.kind], tell)
        paths[piece.kind] = path
    return paths
