"""Checksums of files, and of pieces with holes between them."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from innkeeper.backup import pieces
from innkeeper.errors import Failed
from innkeeper.machine import local
from innkeeper.schema.kept import KeptFile
from innkeeper.tools.sums import Sum, sums

NOISE = os.urandom(3_000_000)


def sparse(path: Path) -> bytes:
    """A file with a hole at its beginning, in it, and at its end; what it holds."""
    with path.open("wb") as file:
        file.seek(5 << 20)
        file.write(NOISE)
        file.seek(20 << 20)
        file.write(b"end")
        file.truncate(23 << 20)
    return path.read_bytes()


@pytest.mark.parametrize("sync", [False, True])
def test_sums_of_files(tmp_path: Path, sync: bool) -> None:
    contents = {"a": sparse(tmp_path / "a"), "b": b"", "c": NOISE}
    for name in ("b", "c"):
        (tmp_path / name).write_bytes(contents[name])
    told: list[int] = []
    found = sums(local(), [str(tmp_path / name) for name in contents], told.append, sync=sync)
    assert found == [Sum(len(data), hashlib.sha256(data).hexdigest()) for data in contents.values()]
    assert sum(told) == sum(map(len, contents.values()))


def test_what_is_no_file_has_no_sum(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", "missing"):
        with pytest.raises(Failed) as caught:
            sums(local(), [str(tmp_path / name)], lambda _count: None)
        assert caught.value.code == "backup.unreadable_file"


def test_pieces_are_all_there_is(tmp_path: Path) -> None:
    data = sparse(tmp_path / "disk")
    kept = KeptFile(name="disk", size=len(data), sha256=hashlib.sha256(data).hexdigest())
    made = bytearray(len(data))
    for piece in pieces.of(str(tmp_path), [kept], "x@1"):
        made[piece.offset : piece.offset + len(piece.data)] = piece.data
    assert made == data


@pytest.mark.parametrize("at", [0, 5 << 20, (20 << 20) + 1, (23 << 20) - 1])
def test_a_changed_byte_is_seen(tmp_path: Path, at: int) -> None:
    data = sparse(tmp_path / "disk")
    kept = KeptFile(name="disk", size=len(data), sha256=hashlib.sha256(data).hexdigest())
    with (tmp_path / "disk").open("r+b") as file:
        file.seek(at)
        file.write(bytes([data[at] ^ 1]))
    with pytest.raises(Failed) as caught:
        list(pieces.of(str(tmp_path), [kept], "x@1"))
    assert (caught.value.code, caught.value.facts["files"]) == ("backup.damaged", "disk")


def test_a_digest_fills_holes_with_zeros() -> None:
    with ThreadPoolExecutor(1) as beside:
        digest = pieces.Digest(beside)
        digest.at(3, b"abc")
        digest.at(2_500_000, b"d")
        digest.skip_to(4_000_000)
        same = bytes(3) + b"abc" + bytes(2_500_000 - 6) + b"d" + bytes(4_000_000 - 2_500_001)
        assert digest.hex() == hashlib.sha256(same).hexdigest()
