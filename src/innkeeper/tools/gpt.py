"""Partition tables on image files: sfdisk, and the boot code that BIOS runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from innkeeper.machine import Machine
from innkeeper.schema.sizes import MIB
from innkeeper.tools.programs import SEARCH

__all__ = ["ESP", "PROGRAMS", "ROOT_X86_64", "Partition", "boot_code", "partition"]

PROGRAMS = {"sfdisk": "fdisk", "truncate": "coreutils", "dd": "coreutils"}
ESP = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"
ROOT_X86_64 = "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709"
"""Partition types by use: Discoverable Partitions Specification. systemd-repart(8) grows the root by its type."""
_BOOT_CODE = 440
"""bytes before the disk signature and the protective partition table of the first sector"""
_TAIL = MIB
"""room for the second table at the end"""


class Partition(NamedTuple):
    """A partition: bytes from the start of the disk, and bytes. `id` is its UUID."""

    start: int
    size: int
    type: str
    name: str
    id: str
    bios_boots: bool = False
    """whether BIOS boot code looks for its loader here (attribute LegacyBIOSBootable)"""


def partition(machine: Machine, path: str, disk_id: str, partitions: Sequence[Partition]) -> None:
    """Make the sparse raw file `path` anew: just large enough, with these partitions on it."""
    last = max(part.start + part.size for part in partitions)
    machine.files.remove(path)
    machine.run(["truncate", "-s", str(last + _TAIL), path])
    lines = ["label: gpt", f"label-id: {disk_id}", "unit: sectors", "first-lba: 2048"]
    for part in partitions:
        flags = ', attrs="LegacyBIOSBootable"' if part.bios_boots else ""
        place = f"start={part.start // 512}, size={part.size // 512}"
        lines.append(f'{place}, type={part.type}, uuid={part.id}, name="{part.name}"{flags}')
    argv = ["sfdisk", "--quiet", "--no-reread", "--no-tell-kernel", path]
    machine.run(argv, input="\n".join(lines).encode() + b"\n", env=SEARCH)


def boot_code(machine: Machine, path: str, code: str) -> None:
    """Put the boot code in the file `code` into the first sector."""
    argv = ["dd", f"if={code}", f"of={path}", f"bs={_BOOT_CODE}", "count=1", "conv=notrunc", "status=none"]
    machine.run(argv)
