"""The first cluster of qcow2 files: what they stand on, told anew as the bytes go by."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from innkeeper.errors import InnkeeperError
from innkeeper.tools import qcow2
from tests import hostile


def info(path: Path) -> dict[str, object]:
    done = subprocess.run(
        ["qemu-img", "info", "--output=json", str(path)], check=True, capture_output=True, text=True
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def pieces(data: bytes, dice: random.Random) -> Iterator[tuple[int, bytes]]:
    """Of all sizes; runs of zeros are left out now and then."""
    at = 0
    while at < len(data):
        piece = data[at : at + dice.choice([1, 50, 512, 4096, 65536, 1 << 20])]
        if any(piece) or dice.random() < 0.5:
            yield at, piece
        at += len(piece)


@pytest.mark.parametrize("options", ["compat=0.10", "compat=1.1", "cluster_size=2M", "cluster_size=4096"])
def test_retold(tmp_path: Path, options: str, dice: random.Random) -> None:
    """qemu-img finds the other name, and nothing else is different."""
    base = hostile.create(tmp_path / "base.qcow2", "qcow2")
    top = hostile.create(
        tmp_path / "top.qcow2", "qcow2", "-o", options, "-F", "qcow2", "-b", str(base), size=""
    )
    subprocess.run(["qemu-io", "-c", "write -P 7 1M 1M", str(top)], check=True, capture_output=True)
    data = top.read_bytes()
    assert qcow2.read(data, "top").backing == str(base)
    there = bytearray(len(data))
    for offset, piece in qcow2.retold(pieces(data, dice), "top", ("base.qcow2", "qcow2")):
        there[offset : offset + len(piece)] = piece
    (tmp_path / "told.qcow2").write_bytes(there)
    told = info(tmp_path / "told.qcow2")
    assert (told["backing-filename"], told["backing-filename-format"]) == ("base.qcow2", "qcow2")
    cluster = qcow2.read(data, "top").cluster
    assert bytes(there[cluster:]) == data[cluster:]
    compare = ["qemu-img", "compare", str(top), str(tmp_path / "told.qcow2")]
    subprocess.run(compare, check=True, capture_output=True, cwd=tmp_path)
    seen: list[qcow2.Head] = []
    same = b"".join(piece for _, piece in qcow2.passed(iter([(0, data)]), "top", seen.append))
    assert (same, seen[0].virtual_size) == (data, 16 << 20)


def test_a_name_that_has_no_room_is_refused(tmp_path: Path) -> None:
    small = hostile.create(tmp_path / "small.qcow2", "qcow2", "-o", "cluster_size=512")
    with pytest.raises(InnkeeperError) as raised:
        qcow2.standing_on(small.read_bytes(), "small", ("/x" * 300, "qcow2"))
    assert raised.value.code == "disk.backing_long"
    assert "small" in raised.value.text()


HEADERS = {
    "no magic": (0, b"QFI\0"),
    "version": (4, b"\0\0\0\x09"),
    "cluster bits": (20, b"\0\0\0\x40"),
    "encrypted": (32, b"\0\0\0\x01"),
    "data file": (72, b"\0\0\0\0\0\0\0\x04"),
    "corrupt": (72, b"\0\0\0\0\0\0\0\x02"),
    "unknown feature": (72, b"\1\0\0\0\0\0\0\0"),
    "header length": (100, b"\xff\xff\xff\xf0"),
    "extension length": (116, b"\xff\xff\xff\xf0"),
    "name outside": (8, b"\0\0\1\0\0\0\0\0\0\0\0\x10"),
    "name too long": (8, b"\0\0\0\0\0\0\x10\0\0\0\xff\xff"),
}


@pytest.mark.parametrize("what", HEADERS)
def test_impossible_headers_are_refused(tmp_path: Path, what: str) -> None:
    data = bytearray(hostile.create(tmp_path / "disk.qcow2", "qcow2").read_bytes())
    offset, wrong = HEADERS[what]
    data[offset : offset + len(wrong)] = wrong
    with pytest.raises(InnkeeperError) as raised:
        qcow2.read(bytes(data), "disk")
    assert raised.value.code.startswith("disk.")


@pytest.mark.parametrize("size", [0, 3, 71, 103])
def test_cut_off(tmp_path: Path, size: int) -> None:
    data = hostile.create(tmp_path / "disk.qcow2", "qcow2").read_bytes()[:size]
    for source in ([(0, data)] if data else [], [(3 << 20, b"x")]):
        with pytest.raises(InnkeeperError):
            list(qcow2.retold(iter(source), "disk", ("a", "raw")))


def test_any_bytes_are_read_or_refused(tmp_path: Path, dice: random.Random) -> None:
    good = hostile.create(tmp_path / "disk.qcow2", "qcow2").read_bytes()[: 1 << 16]
    for _ in range(500):
        data = bytearray(good)
        for _ in range(dice.randint(1, 8)):
            data[dice.randrange(112)] = dice.randrange(256)
        with contextlib.suppress(InnkeeperError):
            qcow2.read(bytes(data), "disk")
