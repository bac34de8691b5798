"""The first cluster of a qcow2 file: what the file stands on, and the same cluster with another name there.

A chain of files keeps its bytes when it moves, but for the names of the files below (QEMU's docs/interop/qcow2).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple, TypeVar

from innkeeper.errors import Invalid, Unsupported

__all__ = ["LARGEST_CLUSTER", "Head", "is_qcow2", "passed", "read", "retold", "standing_on"]

LARGEST_CLUSTER = 1 << 21
_MAGIC = b"QFI\xfb"
_V2, _V3 = 72, 104
_LONGEST = 1023
_END, _FORMAT = 0, 0xE2792ACA
_DIRTY, _CORRUPT, _DATA_FILE = 1, 2, 4
_FORMATS = ("raw", "qcow2")
_Data = TypeVar("_Data", bound=bytes | memoryview)


class Head(NamedTuple):
    """What a header says. Sizes in bytes."""

    virtual_size: int
    cluster: int
    backing: str | None
    backing_format: str | None
    fields: int
    """bytes of the header's own fields"""
    extensions: tuple[tuple[int, bytes], ...]


def is_qcow2(start: bytes) -> bool:
    return start[:4] == _MAGIC


def read(start: bytes, name: str) -> Head:
    """The header at the beginning of a file; `start` holds its first cluster, or all of the file. `name` is for errors.

    Raises `Invalid("disk.bad_header")`, `Invalid("disk.corrupt")`, `Unsupported("disk.encrypted")`, and
    `Invalid("disk.unsafe_reference")` for an external data file.
    """
    _demand(len(start) >= _V2 and is_qcow2(start), name, "magic", start[:4].hex())
    version, place, length, bits, size, crypt = struct.unpack_from(">IQIIQI", start, 4)
    _demand(version in (2, 3), name, "version", version)
    _demand(9 <= bits <= 21, name, "cluster_bits", bits)
    cluster, fields = 1 << bits, _V2
    if crypt:
        raise Unsupported("disk.encrypted", name=name)
    if version == 3:
        _demand(len(start) >= _V3, name, "file size", len(start))
        features, fields = struct.unpack_from(">Q", start, 72)[0], struct.unpack_from(">I", start, 100)[0]
        _demand(_V3 <= fields <= 4096 and fields % 8 == 0, name, "header_length", fields)
        if features & _DATA_FILE:
            raise Invalid("disk.unsafe_reference", name=name, reference="data-file")
        if features & _CORRUPT:
            raise Invalid("disk.corrupt", name=name)
        _demand(features < 32, name, "incompatible_features", hex(features))
    end = min(cluster, len(start))
    extensions = tuple(_extensions(start, fields, min(place or end, end), name))
    if place == 0:
        return Head(size, cluster, None, None, fields, extensions)
    _demand(0 < length <= _LONGEST and place + length <= end, name, "backing_file_offset", place)
    below = start[place : place + length].decode(errors="replace")
    format = next((data.decode(errors="replace") for kind, data in extensions if kind == _FORMAT), None)
    return Head(size, cluster, below, format, fields, extensions)


def _extensions(start: bytes, at: int, end: int, name: str) -> Iterator[tuple[int, bytes]]:
    while at + 8 <= end:
        kind, length = struct.unpack_from(">II", start, at)
        if kind == _END:
            return
        _demand(at + 8 + length <= end, name, "header extension length", length)
        yield kind, start[at + 8 : at + 8 + length]
        at += 8 + (length + 7) // 8 * 8


def standing_on(start: bytes, name: str, backing: tuple[str, str]) -> bytes:
    """The first cluster, whole, with the path and format of another file below. Raises what `read` does, and
    `Unsupported("disk.backing_long")` where it has no room for the name."""
    found = read(start, name)
    path, format = backing[0].encode(), backing[1]
    assert format in _FORMATS
    made = bytearray(start[: found.fields])
    others = [one for one in found.extensions if one[0] != _FORMAT]
    for kind, data in [(_FORMAT, format.encode()), *others]:
        made += struct.pack(">II", kind, len(data)) + data + bytes(-len(data) % 8)
    made += bytes(8)
    if len(path) > _LONGEST or len(made) + len(path) > found.cluster:
        raise Unsupported("disk.backing_long", name=name, backing=backing[0])
    struct.pack_into(">QI", made, 8, len(made), len(path))
    made += path
    return bytes(made) + bytes(found.cluster - len(made))


def retold(
    pieces: Iterator[tuple[int, _Data]], name: str, backing: tuple[str, str]
) -> Iterator[tuple[int, _Data | bytes]]:
    """A file's pieces, offsets upwards, with the first cluster as `standing_on` makes it. Raises what that does."""
    start, rest = _first_cluster(pieces, name)
    size = _cluster(start, name)
    yield 0, standing_on(bytes(start[:size]).ljust(size, b"\0"), name, backing)
    if len(start) > size:
        yield size, bytes(start[size:])
    yield from rest


def passed(
    pieces: Iterator[tuple[int, bytes]], name: str, look: Callable[[Head], object]
) -> Iterator[tuple[int, bytes]]:
    """A file's pieces as they are, once `look` has seen the header and not raised. Raises what `read` does."""
    start, rest = _first_cluster(pieces, name)
    look(read(bytes(start), name))
    yield 0, bytes(start)
    yield from rest


def _first_cluster(
    pieces: Iterator[tuple[int, _Data]], name: str
) -> tuple[bytearray, Iterator[tuple[int, _Data]]]:
    """The first cluster with what came in its last piece, holes as zeros, and the pieces behind it."""
    start, needed = bytearray(), _V2
    for offset, data in pieces:
        if offset >= needed:  # what of the first cluster did not come is a hole
            return start, chain([(offset, data)], pieces)
        start += bytes(offset - len(start)) + data
        if len(start) >= _V2:
            needed = _cluster(start, name)
        if len(start) >= needed:
            break
    return start, pieces


def _cluster(start: bytearray, name: str) -> int:
    _demand(len(start) >= _V2, name, "file size", len(start))
    bits = struct.unpack_from(">I", start, 20)[0]
    _demand(is_qcow2(bytes(start[:4])) and 9 <= bits <= 21, name, "cluster_bits", bits)
    return int(1 << bits)


def _demand(holds: bool, name: str, field: str, value: object) -> None:
    if not holds:
        raise Invalid("disk.bad_header", name=name, field=field, value=str(value))
