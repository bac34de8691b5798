"""The bytes of a backup's files, read once: as pieces between holes, and compared with their checksums on the way."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from innkeeper.errors import Failed
from innkeeper.guest.keeping.arriving import Piece
from innkeeper.machine.extents import SparseReader
from innkeeper.schema.kept import KeptFile

__all__ = ["of"]

_PIECE, _AHEAD = 1 << 20, 8
_ZEROS = bytes(_PIECE)


def of(directory: str, files: Iterable[KeptFile], id: str) -> Iterator[Piece]:
    """The pieces of all these files of this computer.

    Raises `Failed("backup.damaged")` behind the last piece of a file that is not what it was.
    """
    with ThreadPoolExecutor(1) as beside:
        for file in files:
            digest, at = _Digest(beside), 0
            with SparseReader(f"{directory}/{file.name}") as source:
                for offset, data in source.pieces():
                    digest.skip(offset - at)
                    digest.feed(data)
                    at = offset + len(data)
                    yield Piece(file.name, offset, data)
                digest.skip(source.size - at)
            if source.size != file.size or digest.hex() != file.sha256:
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
