"""The bytes of a backup's files, as pieces between holes: summed up on the way in, compared on the way out."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from innkeeper.errors import Failed
from innkeeper.guest.keeping.arriving import Piece
from innkeeper.machine import local
from innkeeper.machine.extents import Rooms, SparseReader, SparseWriter
from innkeeper.schema.kept import KeptFile
from innkeeper.tools.sums import Sum

__all__ = ["Digest", "of", "write"]

_PIECE, _AHEAD = 1 << 20, 8
_ZEROS = bytes(_PIECE)


def of(directory: str, files: Iterable[KeptFile], id: str) -> Iterator[Piece]:
    """The pieces of all these files of this computer.

    Raises `Failed("backup.damaged")` behind the last piece of a file that is not what it was.
    """
    with ThreadPoolExecutor(1) as beside:
        for file in files:
            digest = Digest(beside)
            with SparseReader(f"{directory}/{file.name}") as source:
                for offset, data in source.pieces():
                    digest.at(offset, data)
                    yield Piece(file.name, offset, data)
                digest.skip_to(source.size)
            if source.size != file.size or digest.hex() != file.sha256:
                raise Failed("backup.damaged", id=id, files=file.name)


def write(
    path: str,
    source: Iterator[tuple[int, bytes | memoryview]],
    size: int,
    rooms: Rooms,
    on_bytes: Callable[[int], None],
) -> Sum:
    """Write `path` anew, of `size` bytes: these pieces, offsets upwards, which may be in those rooms, and zeros where
    there is none. Reading, summing and writing go on at once. It is on disk when this returns."""
    local().files.create(path, 0o600).close()
    with SparseWriter(path) as writer, ThreadPoolExecutor(1) as summing, ThreadPoolExecutor(1) as writing:
        digest = Digest(summing)
        for offset, data in source:
            rooms.hold(data, digest.at(offset, data))
            rooms.hold(data, writing.submit(writer.write, offset, data))
            on_bytes(len(data))
        rooms.wait()
        digest.skip_to(size)
        writer.finish(size)
        return Sum(size, digest.hex())


class Digest:
    """SHA-256 of what it is fed, beside the reading and writing."""

    def __init__(self, beside: ThreadPoolExecutor) -> None:
        self._digest = hashlib.sha256()
        self._beside = beside
        self._pending: deque[Future[None]] = deque()
        self._reached = 0

    def at(self, offset: int, data: bytes | memoryview) -> Future[None]:
        """What is there; offsets go upwards, and what is left out is zeros. Done when the data is not needed any
        more."""
        self.skip_to(offset)
        self._reached += len(data)
        return self._feed(data)

    def _feed(self, data: bytes | memoryview) -> Future[None]:
        self._pending.append(fed := self._beside.submit(self._digest.update, data))
        while len(self._pending) > _AHEAD:
            self._pending.popleft().result()
        return fed

    def skip_to(self, offset: int) -> None:
        """Nothing but zeros up to there."""
        count, self._reached = offset - self._reached, offset
        for _ in range(count // _PIECE):
            self._feed(_ZEROS)
        if count % _PIECE:
            self._feed(_ZEROS[: count % _PIECE])

    def hex(self) -> str:
        for one in self._pending:
            one.result()
        return self._digest.hexdigest()
