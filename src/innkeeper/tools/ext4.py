"""ext4 file systems filled from a directory, without mounting: mke2fs."""

from __future__ import annotations

from innkeeper.machine import Machine
from innkeeper.tools.fence import fenced_run
from innkeeper.tools.gpt import Partition

__all__ = ["PROGRAMS", "fill"]

PROGRAMS = {"mke2fs": "e2fsprogs"}


def fill(machine: Machine, disk: str, part: Partition, label: str, root: str) -> None:
    """Make the file system of a partition of the raw file `disk` with the content of directory `root`.

    Runs in the fence in which `root` was made, so that owners are right for ordinary users too. `part.id` becomes the
    file system's UUID as well. Nothing is left to be initialised at the first mount.
    """
    extended = f"offset={part.start},lazy_itable_init=0,lazy_journal_init=0,hash_seed={part.id}"
    argv = ["mke2fs", "-q", "-F", "-t", "ext4", "-L", label, "-U", part.id, "-m", "1", "-E", extended]
    fenced_run(machine, [*argv, "-d", root, disk, f"{part.size // 1024}k"])
