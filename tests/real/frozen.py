"""`inn backup create` that dies while its guest is frozen, and looking into a copy of its disk without mounting it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tests.world import World

__all__ = ["DIES", "features", "fsfreeze", "sums_in_copy"]

DIES = """
import os, signal, sys
from innkeeper.backup import freezing
from innkeeper.virt import backups
from innkeeper.virt.agent import Agent
def die(domain, *rest):
    print(Agent(domain).call("guest-fsfreeze-status"), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
backups.begin = die
class Nobody:
    def __init__(self, argv): pass
    wait_ready = begin = dismiss = leave = lambda self: None
if sys.argv.pop(1) == "alone":
    freezing.Deputy = Nobody
from innkeeper.cli.main import main
main()
"""
"""`inn` that is killed between freezing and thawing; after `alone` without a deputy, as when both were killed."""


def fsfreeze(world: World, name: str) -> str:
    """`frozen` or `thawed`."""
    told = world.virsh("qemu-agent-command", name, '{"execute": "guest-fsfreeze-status"}', timeout=60)
    return str(json.loads(told)["return"])


def _file_system(world: World, copy: str) -> str:
    """The largest partition of a disk, as libext2fs names what is within a file."""
    raw = f"{copy}.raw"
    world.run(["qemu-img", "convert", "-f", "qcow2", "-O", "raw", copy, raw], check=True)
    table = json.loads(world.run(["sfdisk", "--json", raw], check=True).stdout)["partitiontable"]
    largest = max(table["partitions"], key=lambda one: int(one["size"]))
    return f"{raw}?offset={largest['start'] * 512}"


def features(world: World, copy: str) -> list[str]:
    """Of the file system: `needs_recovery` as long as it is mounted and not frozen."""
    told = world.run(["dumpe2fs", "-h", _file_system(world, copy)], check=True).stdout
    (line,) = [line for line in told.splitlines() if line.startswith("Filesystem features:")]
    return line.split()[2:]


def sums_in_copy(world: World, copy: str, folders: tuple[str, ...], out: Path) -> dict[str, str]:
    """SHA-256 of every plain file below these folders of the file system."""
    found = {}
    for number, folder in enumerate(folders):
        target = out / str(number)
        target.mkdir(parents=True)
        dump = f"rdump {folder} {target}"
        world.run(["debugfs", "-R", dump, _file_system(world, copy)], check=True, timeout=300)
        for path in target.rglob("*"):
            if path.is_file() and not path.is_symlink():
                name = f"{Path(folder).parent}/{path.relative_to(target)}".replace("//", "/")
                found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
