"""Files copied as they are: the same bytes, the same holes, and the sum of it all."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from innkeeper.backup import as_is
from innkeeper.errors import Failed
from innkeeper.guest.keeping.chains import ChainFile
from innkeeper.machine import extents
from innkeeper.tools.sums import Sum

MIB = 1 << 20


@pytest.fixture
def source(tmp_path: Path) -> ChainFile:
    """30 MiB and a bit: data, a hole, a piece of zeros that are written, data that ends within a sector."""
    path = tmp_path / "source"
    with path.open("wb") as file:
        file.write(os.urandom(9 * MIB + 4096))
        file.seek(16 * MIB)
        file.write(bytes(4 * MIB))
        file.seek(21 * MIB)
        file.write(os.urandom(9 * MIB + 777))
    return ChainFile(str(path), "qcow2", path.stat().st_size, 0, direct=True)


def copied(source: ChainFile, tmp_path: Path) -> Path:
    """It, when it was copied rightly."""
    seen: list[int] = []
    target = tmp_path / "copy"
    found = as_is.copy(source, str(target), None, seen.append)
    held = Path(source.path).read_bytes()
    assert found == Sum(len(held), hashlib.sha256(held).hexdigest())
    assert target.read_bytes() == held
    assert target.stat().st_mode & 0o777 == 0o600
    assert 18 * MIB < sum(seen) < 20 * MIB
    return target


def test_the_same_bytes_and_holes(source: ChainFile, tmp_path: Path) -> None:
    assert copied(source, tmp_path).stat().st_blocks * 512 < 20 * MIB


@pytest.mark.parametrize("when", ["opened", "written"])
def test_where_nothing_goes_past_the_page_cache(
    source: ChainFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """As file systems refuse it that know no such thing."""
    opened, written = os.open, os.pwrite
    past: list[int] = []

    def open_file(path: Any, flags: int, *more: int) -> int:
        if flags & os.O_DIRECT and when == "opened":
            raise OSError(errno.EINVAL, "no")
        file = opened(path, flags & ~os.O_DIRECT, *more)
        if flags & os.O_DIRECT:
            past.append(file)
        return file

    def pwrite(file: int, data: Any, offset: int) -> int:
        if file in past:
            past.remove(file)
            raise OSError(errno.EINVAL, "no")
        return written(file, data, offset)

    monkeypatch.setattr(os, "open", open_file)
    monkeypatch.setattr(os, "pwrite", pwrite)
    copied(source, tmp_path)
    assert past == []


def test_a_disk_that_is_full(source: ChainFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a thread beside meets ends it."""

    def full(_file: int, _data: Any, _offset: int) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(Failed, match="No space left"):
        as_is.copy(source, str(tmp_path / "copy"), None, lambda _count: None)


def test_somebody_writes_to_it(source: ChainFile, tmp_path: Path) -> None:
    def write(_count: int) -> None:
        with open(source.path, "r+b") as file:
            file.write(b"x")
        os.utime(source.path, (1, 1))

    with pytest.raises(Failed) as caught:
        as_is.copy(source, str(tmp_path / "copy"), None, write)
    assert caught.value.code == "kept.changed"


def test_a_room_is_not_given_before_its_users_are_done(source: ChainFile) -> None:
    class Slow:
        def __init__(self) -> None:
            self.asked = 0

        def result(self) -> None:
            self.asked += 1

    rooms, users = extents.Rooms(), [Slow() for _ in range(7)]
    given: Iterator[memoryview] = (rooms.next() for _ in users)
    seen = []
    for user, room in zip(users, given, strict=True):
        rooms.hold(room[:5], user)  # type: ignore[arg-type]  # all that is asked of a future
        seen.append((id(room), sum(one.asked for one in users)))
    assert [asked for _room, asked in seen] == [0, 0, 0, 0, 0, 0, 1]
    assert len({room for room, _asked in seen[:6]}) == 6
    assert seen[6][0] == seen[0][0]
    rooms.wait()
    assert [one.asked for one in users] == [1] * 7
