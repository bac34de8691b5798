"""SHA-256 of files on a host, with progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from innkeeper.errors import Failed
from innkeeper.machine import LocalMachine, Machine, local

__all__ = ["Sum", "sums"]


class Sum(NamedTuple):
    """What a file holds: bytes, holes too, and SHA-256."""

    size: int
    sha256: str


def sums(
    machine: Machine, paths: Sequence[str], on_bytes: Callable[[int], None], *, sync: bool = False
) -> list[Sum]:
    """One for each path, in their order, several files at once. `sync` waits until they are on disk too.

    `on_bytes` is told how many bytes more were read. Raises `Failed("backup.unreadable_file")` for what cannot be read
    or is no regular file.
    """
    if not paths:
        return []
    found: dict[int, Sum] = {}

    def told(line: str) -> None:
        kind, _, rest = line.partition(" ")
        if kind == "p" and rest.isdigit():
            on_bytes(int(rest))
        elif kind == "s":
            sha256, size, number = rest.split()
            found[int(number)] = Sum(int(size), sha256)

    python = (sys.executable or "python3") if isinstance(machine, LocalMachine) else "python3"
    program = local().files.read(os.path.join(os.path.dirname(__file__), "file_sums.py")).decode()
    argv = [python, "-IS", "-c", program, "sync" if sync else "look", *paths]
    result = machine.run(argv, check=False, on_line=told)
    if result.status != 0 or len(found) != len(paths):
        raise Failed("backup.unreadable_file", detail=result.last_line)
    return [found[number] for number in range(len(paths))]
