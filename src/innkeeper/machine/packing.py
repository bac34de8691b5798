"""Files of this computer as a stream in tar's format (GNU's, which busybox reads too), without a file in between."""

from __future__ import annotations

import contextlib
import os
import stat
import tarfile
from collections.abc import Callable, Iterator
from typing import NamedTuple

from innkeeper.errors import Denied, Failed, NotFound

__all__ = ["END", "TOP", "Pack", "told"]

TOP = "whole"
"""What a packed file or directory is called in the stream: its own name is not needed there, and may be anything."""
END = "end"
"""The last member, empty: a stream that was cut off between two members lacks it."""

_PIECE = 1 << 18
_BLOCK = 512


class _Entry(NamedTuple):
    path: str
    inside: str
    status: os.stat_result


class Pack:
    """One file or directory, looked at when made. A link that is named itself is followed, those inside are kept."""

    def __init__(self, path: str) -> None:
        """Raises `NotFound`, `Denied` or `Failed` of `machine.file_…`."""
        with told(path):
            top = os.stat(path)
        self.is_directory = stat.S_ISDIR(top.st_mode)
        self.mode = stat.S_IMODE(top.st_mode)
        self.skipped: list[str] = []
        """what is neither file, directory nor link"""
        self._entries: list[_Entry] = []
        self._add(path, TOP, top)
        self.files = sum(stat.S_ISREG(entry.status.st_mode) for entry in self._entries)
        self.bytes = sum(
            entry.status.st_size for entry in self._entries if stat.S_ISREG(entry.status.st_mode)
        )
        self.has_holes = any(
            stat.S_ISREG(entry.status.st_mode) and entry.status.st_blocks * _BLOCK < entry.status.st_size
            for entry in self._entries
        )

    def _add(self, path: str, inside: str, status: os.stat_result) -> None:
        kind = stat.S_IFMT(status.st_mode)
        if kind not in (stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK):
            self.skipped.append(path)
            return
        self._entries.append(_Entry(path, inside, status))
        if kind == stat.S_IFDIR:
            with told(path), os.scandir(path) as found:
                below = sorted(found, key=lambda entry: entry.name)
            for entry in below:
                with told(entry.path):
                    self._add(entry.path, f"{inside}/{entry.name}", entry.stat(follow_symlinks=False))

    def pieces(self, on_bytes: Callable[[int], object] = lambda _count: None) -> Iterator[bytes]:
        """The stream. `on_bytes` is told how many bytes of files went by."""
        for entry in self._entries:
            yield from self._member(entry, on_bytes)
        yield _header(END, tarfile.REGTYPE, 0, 0o600)
        yield bytes(2 * _BLOCK)

    def _member(self, entry: _Entry, on_bytes: Callable[[int], object]) -> Iterator[bytes]:
        mode = stat.S_IMODE(entry.status.st_mode)
        if stat.S_ISDIR(entry.status.st_mode):
            yield _header(entry.inside, tarfile.DIRTYPE, 0, mode)
        elif stat.S_ISLNK(entry.status.st_mode):
            with told(entry.path):
                yield _header(entry.inside, tarfile.SYMTYPE, 0, mode, os.readlink(entry.path))
        else:
            yield _header(entry.inside, tarfile.REGTYPE, entry.status.st_size, mode)
            yield from _content(entry.path, entry.status.st_size, on_bytes)
            yield bytes(-entry.status.st_size % _BLOCK)


def _header(name: str, kind: bytes, size: int, mode: int, link: str = "") -> bytes:
    member = tarfile.TarInfo(name)
    member.type, member.size, member.mode, member.linkname = kind, size, mode, link
    return member.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def _content(path: str, size: int, on_bytes: Callable[[int], object]) -> Iterator[bytes]:
    with told(path), open(path, "rb", buffering=0) as file:
        left = size
        while left:
            piece = file.read(min(left, _PIECE))
            if not piece:
                raise Failed("machine.file_shrank", path=path)
            left -= len(piece)
            on_bytes(len(piece))
            yield piece


@contextlib.contextmanager
def told(path: str) -> Iterator[None]:
    """Errors of the operating system about a path, as ours."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound("machine.file_missing", path=path) from error
    except PermissionError as error:
        raise Denied("machine.file_denied", path=path) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Failed("machine.file_failed", path=path, reason=reason) from error
