"""Large files with holes, read and written; streams that are packed on the way to a file that appears whole."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from innkeeper.errors import InnkeeperError
from innkeeper.machine.extents import SparseReader, SparseWriter
from innkeeper.machine.filtered import Outgoing, draft_name, incoming

MIB = 1 << 20


def test_holes_stay_holes(tmp_path: Path, dice: random.Random) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    with source.open("wb") as file:
        for _ in range(6):
            file.seek(dice.randrange(64) * MIB + dice.randrange(5000))
            file.write(dice.randbytes(dice.randrange(1, 3 * MIB)))
        file.truncate(80 * MIB + 17)
    target.write_bytes(b"old")
    with SparseReader(str(source)) as reader, SparseWriter(str(target)) as writer:
        for offset, data in reader.pieces():
            assert 0 < len(data) <= MIB
            writer.write(offset, data)
        writer.finish(reader.size)
        assert reader.data <= 40 * MIB
        assert not reader.changed()
        source.write_bytes(b"other")
        assert reader.changed()
    assert target.stat().st_size == 80 * MIB + 17
    assert target.stat().st_blocks * 512 < 40 * MIB


def test_the_bytes_are_the_same(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(b"x" * 3 * MIB + bytes(5 * MIB) + b"y" * 99)
    target.touch()
    with SparseReader(str(source)) as reader, SparseWriter(str(target)) as writer:
        for offset, data in reader.pieces():
            writer.write(offset, data)
        writer.finish(reader.size)
    assert source.read_bytes() == target.read_bytes()
    assert target.stat().st_blocks * 512 < 4 * MIB, "zeros that were written are holes now"


@pytest.mark.parametrize("kind", ["missing", "directory", "fifo"])
def test_what_is_no_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    if kind == "directory":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    with pytest.raises(InnkeeperError) as raised:
        SparseReader(str(path))
    assert raised.value.code.startswith("machine.file_")


@pytest.mark.parametrize("argv", [(), ("gzip", "-1", "-c"), ("zstd", "-1", "-q", "-c")])
def test_packed_and_unpacked(tmp_path: Path, argv: tuple[str, ...]) -> None:
    path, data = str(tmp_path / "out"), os.urandom(100_000) + bytes(3 * MIB)
    draft = draft_name(path)
    with Outgoing(path, draft, argv) as out:
        out.write(data)
        assert os.listdir(tmp_path) == [os.path.basename(draft)], "there is nothing under its name yet"
        out.finish()
    assert os.listdir(tmp_path) == ["out"]
    assert b"".join(incoming(path)) == data
    if argv:
        whole = (tmp_path / "out").read_bytes()
        (tmp_path / "out").write_bytes(whole[:-20])
        with pytest.raises(InnkeeperError) as raised:
            b"".join(incoming(path))
        assert raised.value.code == "machine.unpacking"


def test_what_fails_leaves_nothing_and_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with Outgoing(str(path), draft_name(str(path)), ("gzip", "-c")) as out:
        out.write(b"x")
        assert len(os.listdir(tmp_path)) == 1
    assert os.listdir(tmp_path) == []
    with Outgoing(str(path), draft_name(str(path)), ()) as out:
        path.write_text("somebody was quicker")
        with pytest.raises(InnkeeperError) as raised:
            out.finish()
    assert raised.value.code == "machine.file_exists"
    assert path.read_text() == "somebody was quicker"
    assert os.listdir(tmp_path) == ["out"]
    with pytest.raises(InnkeeperError):
        Outgoing(str(path), draft_name(str(path)), ())
