"""The bytes of a backup's files, read once: as pieces between holes, and compared with their checksums on the way."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO

from innkeeper.errors import Failed
from innkeeper.guest.keeping.arriving import Piece
from innkeeper.machine import local
from innkeeper.schema.kept import KeptFile

__all__ = ["of"]

_PIECE, _AHEAD = 1 << 20, 8
_ZEROS = bytes(_PIECE)


def of(
    directory: str, files: Iterable[KeptFile], id: str, on_bytes: Callable[[int], None]
) -> Iterator[Piece]:
    """The pieces of all these files of this computer. `on_bytes` is told how much further it is.

    Raises `Failed("backup.damaged")` behind the last piece of a file that is not what it was.
    """
    with ThreadPoolExecutor(1) as beside:
        for file in files:
            digest = _Digest(beside)
            with local().files.open(f"{directory}/{file.name}") as source:
                size = os.fstat(source.fileno()).st_size
                yield from _pieces(source, file.name, size, digest, on_bytes)
            if size != file.size or digest.hex() != file.sha256:
                raise Failed("backup.damaged", id=id, files=file.name)


class _Digest:
    """SHA-256 of what it is fed, beside the reading and writing."""

    def __init__(self, beside: ThreadPoolExecutor) -> None:
        self._digest = hashlib.sha256()
        self._beside = beside
        self._pending: deque[Future[None]] = deque()

    def feed(self, data: bytes) -> None:
        self._pending.append(self._beside.submit(self._digest.update, data))
        while len(self._pending) > _AHEAD:
            self._pending.popleft().result()

    def skip(self, count: int) -> None:
        """So many zeros."""
        for _ in range(count // _PIECE):
            self.feed(_ZEROS)
        if count % _PIECE:
            self.feed(_ZEROS[: count % _PIECE])

    def hex(self) -> str:
        for one in self._pending:
            one.result()
        return self._digest.hexdigest()


def _pieces(
    source: IO[bytes], name: str, size: int, digest: _Digest, on_bytes: Callable[[int], None]
) -> Iterator[Piece]:
    at, descriptor = 0, source.fileno()
    while at < size:
        begin = _data(descriptor, at, size)
        digest.skip(begin - at)
        on_bytes(begin - at)
        at, end = begin, _hole(descriptor, begin, size)
        while at < end:
            data = os.pread(descriptor, min(_PIECE, end - at), at)
            if not data:
                return  # it became shorter: its checksum says so
            digest.feed(data)
            on_bytes(len(data))
            yield Piece(name, at, data)
            at += len(data)


def _data(descriptor: int, at: int, size: int) -> int:
    try:
        return os.lseek(descriptor, at, os.SEEK_DATA)
    except OSError:  # nothing but a hole behind it (ENXIO)
        return size


def _hole(descriptor: int, at: int, size: int) -> int:
    return os.lseek(descriptor, at, os.SEEK_HOLE) if at < size else size
