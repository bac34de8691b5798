"""A kept guest as one stream: a tar of `guest.json`, `guest.xml`, the pieces of each file, `SHA256SUMS`.

A piece is a member FILE/OFFSET, the offset in sixteen decimal digits; between pieces are holes. So nothing has to be
known of a file before it is read, and tar, sha256sum and dd take it apart (docs/how-to/export-and-import.md).
"""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import chain
from typing import Self

from innkeeper.errors import Failed, Invalid
from innkeeper.guest.keeping import manifest
from innkeeper.guest.keeping.arriving import Piece
from innkeeper.schema.kept import DOCUMENT, MANIFEST, SUMS, KeptFile, KeptGuest

__all__ = ["Reader", "Writer"]

_BLOCK = 512
_SEGMENT = 16 << 20
"""Bytes of a piece, at most, that are written; also what is held in memory while their number is not known."""
_TRAIL = 1 << 20
"""Bytes behind the end of the archive: tar fills its last record."""
_PIECE = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,79})/([0-9]{16})", re.ASCII)
_ZEROS = bytes(1 << 20)


class Writer:
    """Writes a bundle to `write`. Sums are made by threads of their own: use it in a `with`."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._threads = ExitStack()
        self._summing = self._threads.enter_context(ThreadPoolExecutor(1))
        self._whole = self._threads.enter_context(ThreadPoolExecutor(1))
        self._sums: list[tuple[str, str]] = []
        self._under_way: Future[str] | None = None
        self._name = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._threads.close()

    def head(self, kept: KeptGuest, document: str) -> None:
        self._member(MANIFEST, [manifest.encode(kept)])
        self._member(DOCUMENT, [document.encode()])

    def file(self, file: KeptFile, pieces: Iterable[tuple[int, bytes]]) -> None:
        """A file of the guest. Raises `Failed("kept.image_changed")` when it is not what its sum says."""
        whole = _Whole(file, self._whole) if file.sha256 else None
        for offset, data in _joined(pieces):
            self._member(f"{file.name}/{offset:016d}", data)
            if whole:
                whole.add(offset, data)
        if whole:
            whole.finish()

    def end(self) -> None:
        self._take()
        text = "".join(f"{digest}  {name}\n" for name, digest in self._sums).encode()
        self._write(_header(SUMS, len(text)) + text + bytes(-len(text) % _BLOCK) + bytes(2 * _BLOCK))

    def _member(self, name: str, data: list[bytes]) -> None:
        self._take()
        self._name, self._under_way = name, self._summing.submit(_sum, data)
        size = sum(map(len, data))
        self._write(_header(name, size))
        for piece in data:
            self._write(piece)
        if size % _BLOCK:
            self._write(bytes(-size % _BLOCK))

    def _take(self) -> None:
        """The sum of the member before: one alone is waited for, so that no more than two are in memory."""
        if self._under_way is not None:
            self._sums.append((self._name, self._under_way.result()))
            self._under_way = None


def _sum(data: list[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in data:
        digest.update(piece)
    return digest.hexdigest()


class _Whole:
    """The sum of a whole file, holes as zeros."""

    def __init__(self, file: KeptFile, thread: ThreadPoolExecutor) -> None:
        self._file, self._thread = file, thread
        self._digest, self._at = hashlib.sha256(), 0
        self._under_way: Future[None] | None = None

    def add(self, offset: int, data: list[bytes]) -> None:
        if self._under_way is not None:
            self._under_way.result()
        self._under_way = self._thread.submit(self._update, offset, data)

    def _update(self, offset: int, data: list[bytes]) -> None:
        while self._at < offset:
            hole = min(offset - self._at, len(_ZEROS))
            self._digest.update(_ZEROS[:hole])
            self._at += hole
        for piece in data:
            self._digest.update(piece)
            self._at += len(piece)

    def finish(self) -> None:
        self.add(self._file.size, [])
        assert self._under_way is not None
        self._under_way.result()
        if self._digest.hexdigest() != self._file.sha256:
            raise Failed("kept.image_changed", file=self._file.name)


def _joined(pieces: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, list[bytes]]]:
    """Pieces that touch as one, as long as a member may be."""
    start, end, held = 0, 0, list[bytes]()
    for offset, data in pieces:
        if held and (offset != end or end - start + len(data) > _SEGMENT):
            yield start, held
            held = []
        if not held:
            start = end = offset
        held.append(data)
        end += len(data)
    if held:
        yield start, held


def _header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.GNU_FORMAT, "ascii", "strict")


class Reader:
    """Reads a bundle that nobody vouches for: names lead nowhere, sizes are bounded, sums are compared at the end."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")
        self._sums: list[tuple[str, bytes]] = []

    def head(self) -> tuple[KeptGuest, bytes]:
        """Manifest and document. Raises `Invalid("kept.bundle")` for what is no bundle, `Invalid("kept.cut_off")`, and
        what `manifest.decode` raises."""
        kept = manifest.decode(self._text(MANIFEST))
        return kept, self._text(DOCUMENT)

    def pieces(self, kept: KeptGuest) -> Iterator[Piece]:
        """Every piece, in the order of the stream; raises at its end when a sum is not right.

        `Invalid("kept.bundle")`, `Invalid("kept.cut_off")`, `Invalid("kept.sums")`.
        """
        files = {file.name: file for file in kept.files}
        at, last = 0, ""
        while True:
            name, size = self._member()
            if name == SUMS:
                self._end(size)
                return
            found = _PIECE.fullmatch(name)
            file = files.get(found[1]) if found else None
            if found is None or file is None:
                raise Invalid("kept.bundle", reason=repr(name[:100]))
            offset = int(found[2])
            at = at if found[1] == last else 0
            last = found[1]
            if size == 0 or offset < at or offset + size > file.size:
                raise Invalid("kept.bundle", reason=f"{name}: {size}")
            at = offset + size
            digest = hashlib.sha256()
            for data in self._some(size):
                digest.update(data)
                yield Piece(file.name, offset, bytes(data))
                offset += len(data)
            self._sums.append((name, digest.digest()))

    def _text(self, wanted: str) -> bytes:
        name, size = self._member()
        if name != wanted:
            raise Invalid("kept.bundle", reason=repr(name[:100]))
        text = self._content(name, size, manifest.LARGEST_TEXT)
        self._sums.append((name, hashlib.sha256(text).digest()))
        return text

    def _content(self, name: str, size: int, most: int) -> bytes:
        if size > most:
            raise Invalid("kept.bundle", reason=f"{name}: {size}")
        return b"".join(self._some(size))

    def _member(self) -> tuple[str, int]:
        block = b"".join(self._exact(_BLOCK))
        try:
            member = tarfile.TarInfo.frombuf(block, "ascii", "strict")
        except (tarfile.HeaderError, UnicodeDecodeError, ValueError) as error:
            raise Invalid("kept.bundle", reason=str(error)) from error
        if not member.isreg() or member.issparse() or member.linkname or member.size < 0:
            raise Invalid("kept.bundle", reason=repr(member.name[:100]))
        return member.name, member.size

    def _some(self, size: int) -> Iterator[memoryview]:
        """The content of a member as it comes, and its padding, which must be zeros."""
        yield from self._exact(size)
        if any(b"".join(self._exact(-size % _BLOCK))):
            raise Invalid("kept.bundle", reason="padding")

    def _exact(self, size: int) -> Iterator[memoryview]:
        while size:
            if not self._rest:
                self._rest = memoryview(next(self._chunks, b""))
                if not self._rest:
                    raise Invalid("kept.cut_off")
            piece, self._rest = self._rest[:size], self._rest[size:]
            size -= len(piece)
            yield piece

    def _end(self, size: int) -> None:
        """Compare the sums. As many bytes are read as there would be if all were right."""
        lines = [f"{digest.hex()}  {name}\n".encode() for name, digest in self._sums]
        told = self._content(SUMS, size, sum(map(len, lines))).splitlines(keepends=True)
        if told != lines:
            wrong = next((one for one, other in zip(lines, told, strict=False) if one != other), b"")
            raise Invalid("kept.sums", file=wrong.partition(b"  ")[2].decode().strip() or SUMS)
        seen = 0
        for chunk in chain([self._rest], self._chunks):
            seen += len(chunk)
            if seen > _TRAIL or any(chunk):
                raise Invalid("kept.bundle", reason="behind the end")
