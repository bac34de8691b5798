"""How fast a guest is exported, checksums and all, beside `qemu-img convert` of the same disk."""

from __future__ import annotations

import os
from collections.abc import Iterator

from benchmarks.measure import Comparison, Way, in_turns, run, seconds
from benchmarks.programs import IMAGES, INN

__all__ = ["compare"]

_NAME = "sent"
_DISK = f"{IMAGES}/sent-data.qcow2"
_COPY, _BUNDLE = f"{IMAGES}/sent-copy.qcow2", f"{IMAGES}/sent.inn"
_GIB = 1
"""of noise on the disk, and as much of it as letters, which a quarter can be saved of"""
_MOST = 1 / 0.9
_ZSTD = ("-c", "-o", "compression_type=zstd")


def compare(rounds: int) -> Iterator[Comparison]:
    """As it is, and packed, each beside qemu-img doing that. What all of them write is on disk when they end."""
    raw = f"{_DISK}.raw"
    run(
        "sh",
        "-c",
        f"(head -c {_GIB}G /dev/urandom; head -c {_GIB}G /dev/urandom | base64 -w 0 | head -c {_GIB}G) >{raw}",
    )
    run("qemu-img", "convert", "-O", "qcow2", raw, _DISK)
    os.unlink(raw)
    run(INN, "create", _NAME, "--disk", _DISK, "--no-start", "--network", "none")
    plain, packed = "inn export --compress none", "inn export"
    synced, unsynced, zstd = "qemu-img convert, sync", "qemu-img convert", "qemu-img convert -c, zstd, sync"
    ways: dict[str, Way] = {
        plain: lambda: _ours("--compress", "none"),
        synced: lambda: _other("sync"),
        unsynced: lambda: _other("true"),
        packed: _ours,
        zstd: lambda: _other("sync", *_ZSTD),
    }
    times = in_turns(ways, rounds)
    rows = ((plain, synced, _MOST), (plain, unsynced, None), (packed, zstd, _MOST), (packed, synced, None))
    for ours, other, most in rows:
        yield Comparison("export", ours, other, "times", most, times[ours], times[other])
    run("virsh", "undefine", _NAME)
    os.unlink(_DISK)


def _ours(*options: str) -> float:
    run("sync")
    took = seconds(INN, "export", _NAME, _BUNDLE, *options)
    os.unlink(_BUNDLE)
    return took


def _other(after: str, *options: str) -> float:
    run("sync")
    script = 'd=$1 c=$2; shift 2; qemu-img convert "$@" -O qcow2 "$d" "$c" && ' + f'{after} "$c"'
    took = seconds("sh", "-c", script, "sh", _DISK, _COPY, *options)
    os.unlink(_COPY)
    return took
