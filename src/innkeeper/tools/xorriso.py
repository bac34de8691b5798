"""xorriso: ISO 9660 images."""

from __future__ import annotations

from innkeeper.machine import Machine

__all__ = ["make_iso"]


def make_iso(machine: Machine, source: str, target: str, label: str) -> None:
    """Put the files of the directory `source` into a new image with Joliet and Rock Ridge names."""
    argv = ["xorrisofs", "-quiet", "-volid", label, "-joliet", "-rock", "-output", target, source]
    machine.run(argv, timeout=60)
