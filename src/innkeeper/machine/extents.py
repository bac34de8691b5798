"""Large files of this computer, read and written piece by piece, holes as holes (lseek(2), SEEK_DATA)."""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import stat
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self

from innkeeper.errors import Failed
from innkeeper.machine.packing import told

__all__ = ["ROOM", "Rooms", "SparseReader", "SparseWriter", "StreamWriter"]

_PIECE = 1 << 20
_ROOMS, ROOM = 6, 4 << 20
_ZEROS = bytes(_PIECE)
_LOOK = 64
"""Bytes of a piece that are looked at before all of it is compared with zeros."""
_ALIGNED = 4096
"""No disk's sectors are larger. What begins and ends at multiples of it may go past the page cache (open(2),
O_DIRECT)."""


class Rooms:
    """24 MiB for pieces of 4 MiB that others work on while the next ones are read. Each is used again once all that
    is held for it is done."""

    def __init__(self) -> None:
        self._rooms = deque(memoryview(mmap.mmap(-1, ROOM)) for _ in range(_ROOMS))
        self._users: dict[int, list[Future[Any]]] = {id(room.obj): [] for room in self._rooms}

    def next(self) -> memoryview:
        """The one that was used longest ago, with room for 4 MiB, aligned to pages. Raises what its users raised."""
        self._rooms.rotate(-1)
        self._wait(self._users[id(self._rooms[-1].obj)])
        return self._rooms[-1]

    def hold(self, piece: bytes | memoryview, user: Future[Any]) -> None:
        """The room that a piece is in is not given again before that is done. Where it is in none that is waited for.
        Raises what the user raised."""
        if isinstance(piece, memoryview):
            self._users[id(piece.obj)].append(user)
        else:
            user.result()

    def wait(self) -> None:
        """Until all is done. Raises what any of them raised."""
        for users in self._users.values():
            self._wait(users)

    def _wait(self, users: list[Future[Any]]) -> None:
        while users:
            users.pop().result()


class SparseReader:
    """A file or block device that is only read. Use it in a `with`."""

    def __init__(self, path: str) -> None:
        """Raises `NotFound`, `Denied` or `Failed` of `machine.file_…`; `Failed` for what is neither file nor device."""
        self.path = path
        with told(path):
            self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
            status = os.fstat(self._file)
            kind = stat.S_IFMT(status.st_mode)
            if kind not in (stat.S_IFREG, stat.S_IFBLK):
                os.close(self._file)
                raise OSError(errno.EINVAL, "neither a file nor a block device")
            self.size = os.lseek(self._file, 0, os.SEEK_END)
        self._first = status

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        os.close(self._file)

    def head(self, size: int) -> bytes:
        """The first bytes, or as many as there are."""
        with told(self.path):
            return os.pread(self._file, size, 0)

    @property
    def data(self) -> int:
        """Bytes that are no holes."""
        return sum(end - start for start, end in self._extents())

    def pieces(self) -> Iterator[tuple[int, bytes]]:
        """Offsets, upwards, and up to a MiB there. What is nothing but zeros is left out too.

        Raises `Failed("machine.file_shrank")`.
        """
        for start, end in self._extents():
            at = start
            while at < end:
                with told(self.path):
                    piece = os.pread(self._file, min(_PIECE, end - at), at)
                if not piece:
                    raise Failed("machine.file_shrank", path=self.path)
                if piece[:_LOOK] != _ZEROS[: len(piece[:_LOOK])] or piece != _ZEROS[: len(piece)]:
                    yield at, piece
                at += len(piece)

    def pieces_in(self, rooms: Rooms) -> Iterator[tuple[int, memoryview]]:
        """The same, up to 4 MiB each and without a copy of its own: whoever goes on using a piece when it asks for the
        next one says so by `rooms.hold`. Raises what users of the rooms raise, too."""
        for start, end in self._extents():
            at = start
            while at < end:
                room = rooms.next()
                with told(self.path):
                    count = os.preadv(self._file, [room[: min(ROOM - at % _ALIGNED, end - at)]], at)
                if not count:
                    raise Failed("machine.file_shrank", path=self.path)
                if any(room[: min(count, _LOOK)]) or bytes(room[:count]).strip(b"\0"):
                    yield at, room[:count]
                at += count

    def changed(self) -> bool:
        """Whether somebody wrote to it since it was opened, as far as its times tell."""
        with told(self.path):
            now = os.fstat(self._file)
        return (now.st_mtime_ns, now.st_size) != (self._first.st_mtime_ns, self._first.st_size)

    def _extents(self) -> Iterator[tuple[int, int]]:
        at = 0
        while at < self.size:
            try:
                start = os.lseek(self._file, at, os.SEEK_DATA)
                end = os.lseek(self._file, start, os.SEEK_HOLE)
            except OSError as error:
                if error.errno == errno.ENXIO:  # nothing but a hole from here on
                    return
                if error.errno != errno.EINVAL:
                    with told(self.path):
                        raise
                start, end = at, self.size  # a device, or a file system, that knows no holes
            yield start, min(end, self.size)
            at = end


class SparseWriter:
    """Writes a file that is there. Use it in a `with`; it is on disk when `finish` returns.

    Pieces of `Rooms` go past the page cache where the file system lets them: copying them there takes more of a
    processor than all the rest, and what was in the cache stays there.
    """

    def __init__(self, path: str, name: str | None = None) -> None:
        """`name` is what errors call it."""
        self.path = name or path
        with told(self.path):
            self._file = os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
            if not stat.S_ISREG(os.fstat(self._file).st_mode):
                os.close(self._file)
                raise OSError(errno.EINVAL, "no regular file")
            os.ftruncate(self._file, 0)
        self._past: int | None = None
        """the same file, for what goes past the page cache"""
        with contextlib.suppress(OSError):  # not every file system knows that
            self._past = os.open(f"/proc/self/fd/{self._file}", os.O_WRONLY | os.O_CLOEXEC | os.O_DIRECT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._past is not None:
            os.close(self._past)
        os.close(self._file)

    def write(self, offset: int, data: bytes | memoryview) -> None:
        rest = memoryview(data)
        with told(self.path):
            if isinstance(data, memoryview):
                written = self._write_past(offset, data)
                offset, rest = offset + written, rest[written:]
            while rest:
                written = os.pwrite(self._file, rest, offset)
                offset, rest = offset + written, rest[written:]

    def _write_past(self, offset: int, data: memoryview) -> int:
        """How much of it could be written past the page cache: whole sectors from aligned memory."""
        whole = len(data) - len(data) % _ALIGNED
        if self._past is None or offset % _ALIGNED or not whole:
            return 0
        try:
            return os.pwrite(self._past, data[:whole], offset)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            os.close(self._past)
            self._past = None  # larger sectors than any, or memory that is not aligned
            return 0

    def finish(self, size: int) -> None:
        """It has `size` bytes in all, holes where nothing was written."""
        with told(self.path):
            os.ftruncate(self._file, size)
            with contextlib.suppress(InterruptedError):
                os.fdatasync(self._file)


class StreamWriter:
    """Writes a stream into a file that is there, past the page cache and beside whoever makes the stream. Use it in a
    `with`; it is on disk when `finish` returns."""

    def __init__(self, path: str, name: str | None = None) -> None:
        """`name` is what errors call it."""
        self._writer = SparseWriter(path, name)
        self._thread = ThreadPoolExecutor(1)
        self._rooms = Rooms()
        self._room, self._filled, self._at = self._rooms.next(), 0, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._thread.shutdown()
        self._writer.__exit__()

    def write(self, data: bytes | memoryview) -> None:
        """Raises what writing the pieces before raised, too."""
        rest = memoryview(data)
        while rest:
            count = min(len(rest), len(self._room) - self._filled)
            self._room[self._filled : self._filled + count] = rest[:count]
            self._filled, rest = self._filled + count, rest[count:]
            if self._filled == len(self._room):
                self._send()

    def finish(self) -> None:
        self._send()
        self._rooms.wait()
        self._writer.finish(self._at)

    def _send(self) -> None:
        written = self._thread.submit(self._writer.write, self._at, self._room[: self._filled])
        self._rooms.hold(self._room, written)
        self._room, self._filled, self._at = self._rooms.next(), 0, self._at + self._filled
