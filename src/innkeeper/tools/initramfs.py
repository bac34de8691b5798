"""Initial RAM file systems: cpio archives of the kind that the kernel unpacks ("newc", initramfs buffer format).

Written here and not with cpio(1), since an archive may hold device nodes that an ordinary user cannot make on disk, and
since the same entries give the same bytes.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["Entry", "archive", "device", "directory", "file", "link"]

_TRAILER = "TRAILER!!!"


class Entry(NamedTuple):
    """One file of the archive: a path without leading slash, the mode with its type, its content, its device number."""

    path: str
    mode: int
    data: bytes = b""
    device: tuple[int, int] = (0, 0)


def directory(path: str) -> Entry:
    return Entry(path, stat.S_IFDIR | 0o755)


def file(path: str, data: bytes, mode: int = 0o644) -> Entry:
    return Entry(path, stat.S_IFREG | mode, data)


def link(path: str, target: str) -> Entry:
    """A symbolic link."""
    return Entry(path, stat.S_IFLNK | 0o777, target.encode())


def device(path: str, major: int, minor: int, mode: int = 0o600) -> Entry:
    """A character device."""
    return Entry(path, stat.S_IFCHR | mode, device=(major, minor))


def archive(entries: Iterable[Entry]) -> bytes:
    """The archive of these entries, in their order; all belong to root and carry time 0.

    A directory must stand before what is in it: the kernel makes none by itself.
    """
    packed = bytearray()
    for number, entry in enumerate([*entries, Entry(_TRAILER, 0)], start=1):
        packed += _header(number, entry)
        packed += entry.path.encode() + b"\0"
        packed += bytes(-len(packed) % 4)
        packed += entry.data
        packed += bytes(-len(packed) % 4)
    return bytes(packed)


def _header(number: int, entry: Entry) -> bytes:
    links = 2 if stat.S_ISDIR(entry.mode) else 1
    fields = (
        number, entry.mode, 0, 0, links, 0, len(entry.data), 0, 0, *entry.device, len(entry.path.encode()) + 1, 0,
    )  # fmt: skip
    return b"070701" + "".join(f"{field:08x}" for field in fields).encode()
