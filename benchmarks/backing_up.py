"""How fast a guest is backed up, checksums and all, beside `qemu-img convert` of the same disk."""

from __future__ import annotations

import os
from collections.abc import Iterator

from benchmarks.measure import Comparison, Way, in_turns, run, seconds
from benchmarks.programs import IMAGES, INN

__all__ = ["compare"]

_NAME = "kept"
_DISK = f"{IMAGES}/kept-data.qcow2"
_COPY = f"{IMAGES}/kept-copy.qcow2"
_GIB = 3
"""of noise on the disk: nothing of it can be left out or shared"""
_MOST = 1 / 0.9


def compare(rounds: int) -> Iterator[Comparison]:
    """Off, and running. What both write is on disk when they end."""
    _make()
    for state in ("off", "running"):
        if state == "running":
            run(INN, "start", _NAME, "--wait", "boot")
        shared = "-U" if state == "running" else "-q"
        synced, plain = "qemu-img convert, sync", "qemu-img convert"
        ours = "inn backup create"
        ways: dict[str, Way] = {
            ours: _ours,
            synced: lambda shared=shared: _other(shared, "sync"),  # type: ignore[misc]  # the loop's own
            plain: lambda shared=shared: _other(shared, "true"),  # type: ignore[misc]  # likewise
        }
        times = in_turns(ways, rounds)
        for other, most in ((synced, _MOST), (plain, None)):
            yield Comparison(f"backup, {state}", ours, other, "times", most, times[ours], times[other])
    run("virsh", "destroy", _NAME)
    run("virsh", "undefine", _NAME)
    os.unlink(_DISK)


def _make() -> None:
    """A guest that boots without the disk that is full."""
    raw = f"{_DISK}.raw"
    run("sh", "-c", f"head -c {_GIB}G /dev/urandom >{raw}")
    run("qemu-img", "convert", "-O", "qcow2", raw, _DISK)
    os.unlink(raw)
    run(INN, "create", _NAME, "--image", "tiny", "--no-start")
    options = ("--targetbus", "virtio", "--driver", "qemu", "--subdriver", "qcow2", "--config")
    run("virsh", "attach-disk", _NAME, _DISK, "vdb", *options)


def _ours() -> float:
    """Its two disks; taking the backup away again is not counted."""
    run("sync")
    took = seconds(INN, "backup", "create", _NAME)
    run("sh", "-c", "rm -r /var/lib/innkeeper/backups/*")
    return took


def _other(flag: str, after: str) -> float:
    run("sync")
    script = f'qemu-img convert {flag} -O qcow2 "$1" "$2" && {after} "$2"'
    took = seconds("sh", "-c", script, "sh", _DISK, _COPY)
    os.unlink(_COPY)
    return took
