"""Logs are read from their end, over rotations, and followed."""

from __future__ import annotations

import os
import re
from itertools import islice
from pathlib import Path

import pytest

from innkeeper.errors import NotFound
from innkeeper.guest.watching.log_files import follow, plain, tail
from innkeeper.machine import local

START = re.compile("start")


def write(path: Path, *lines: str) -> str:
    path.write_text("".join(f"{line}\n" for line in lines))
    return str(path)


def test_last_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "log", *map(str, range(100_000)))
    assert tail(local(), path, 3) == (["99997", "99998", "99999"], True, os.path.getsize(path))
    assert len(tail(local(), path, 90_000).lines) == 90_000
    assert tail(local(), path, 0).lines == []


def test_a_log_is_read_on_in_the_one_before_it(tmp_path: Path) -> None:
    write(tmp_path / "log.0", "a", "start", "b")
    path = write(tmp_path / "log", "c", "d")
    assert tail(local(), path, 3).lines == ["b", "c", "d"]
    assert tail(local(), path, 9, START) == (["start", "b", "c", "d"], True, 4)


def test_since_start(tmp_path: Path) -> None:
    path = write(tmp_path / "log", "old", "start 1", "x", "start 2", *["y"] * 50_000)
    assert tail(local(), path, 10**6, START).lines[0] == "start 2"
    assert tail(local(), path, 2, START).lines == ["y", "y"]
    other = write(tmp_path / "other", "x")
    assert tail(local(), other, 5, START) == (["x"], False, 2)


def test_no_log(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no file"):
        tail(local(), str(tmp_path / "none"), 3)


def test_follow(tmp_path: Path) -> None:
    path = tmp_path / "log"
    write(path, "a")
    lines = follow(local(), str(path), path.stat().st_size, 0.01)
    with path.open("a") as log:
        log.write("b\nc\nhalf")
    assert list(islice(lines, 2)) == ["b", "c"]
    with path.open("a") as log:
        log.write(" whole\n")
    assert next(lines) == "half whole"
    write(path, "new")  # shorter: another file
    assert next(lines) == "new"
    path.unlink()
    path.with_suffix(".2").write_text("a much longer line than before\nend\n")
    path.with_suffix(".2").rename(path)
    assert "end" in list(islice(lines, 2))


def test_commands_to_a_terminal_are_no_text() -> None:
    assert plain("\x1b[31mred\x1b[0m \x1b]0;title\x07x\r") == "red x"
    assert plain("10 %\r100 %") == "100 %"
    assert plain("\x1b[2J\x1b(Bx") == "x"
