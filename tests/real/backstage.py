"""A world with a guest that has written on its disks, for backups: taken, slowed down, forged."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.real.faults import Stage
from tests.real.tiny_shell import TinyShell
from tests.world import World

__all__ = ["BACKUPS", "FORGERIES", "IGNORED", "REGION", "Backstage", "backups", "first_bytes", "forged"]

BACKUPS = "/var/lib/innkeeper/backups"
DATA = "/var/lib/libvirt/images/data.raw"
REGION = "bs=64k skip=16 count=64"
"""4 MiB of both disks that hold noise: for sums."""
IGNORED = (
    "name/var/log/",
    "file/var/log/",
    "file/var/lib/innkeeper/kvm-proof.json",
    "file/run/",
    "name/run/",
    "file/var/lib/libvirt/images/",
)

SLOW = """
import os, sys, time
from innkeeper.backup import making
from innkeeper.machine.nbd import Nbd
flag, alone = sys.argv.pop(1), sys.argv.pop(1) == "alone"
pieces = Nbd.pieces
def slow(self, *rest):
    while os.path.exists(flag):
        time.sleep(0.05)
        self._on_wait()
    yield from pieces(self, *rest)
Nbd.pieces = slow
class Nobody:
    def __init__(self, argv): pass
    wait_ready = begin = dismiss = leave = lambda self: None
if alone:
    making.Deputy = Nobody
from innkeeper.cli.main import main
main()
"""
"""`inn` that reads nothing of a disk as long as a file is there; after `alone` without a deputy."""


class Backstage(Stage):
    """A world with a guest `web` that runs and has written on both its disks."""

    def __post_init__(self) -> None:
        self.files = self.world.directory / "files"
        self.files.mkdir()

    def slow(self, deputy: str = "attended") -> subprocess.Popen[str]:
        """A backup that is copying, and waits until the file `slow` is taken away. Without a deputy where that is
        `alone`."""
        (self.files / "slow").touch()
        argv = [sys.executable, "-c", SLOW, str(self.files / "slow"), deputy, "backup", "create", "web"]
        pipes: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
        }
        process = self.world.popen(argv, **pipes)
        self.wait_for(lambda: [left["step"] for left in self.left()] == ["copy"] and self.copies(), process)
        return process

    def copies(self) -> bool:
        """Whether QEMU copies its disks."""
        return any(
            self.world.virsh("blockjob", "web", disk, "--info", check=False) for disk in ("vdb", "vdc")
        )

    def sums(self, shell: TinyShell) -> list[str]:
        told = shell.run(f"for d in vda vdb; do dd if=/dev/$d {REGION} 2>/dev/null | sha256sum; done")
        return [line.split()[0] for line in told.splitlines()]

    def nothing_left(self) -> None:
        (self.files / "slow").unlink(missing_ok=True)
        left = self.left()
        assert left == [], left
        self.assert_tidy()
        assert not self.copies()
        assert self.world.virsh("domstate", "web").strip() == "running"
        sockets = self.world.run(["sh", "-c", "ls /var/lib/libvirt/qemu/domain-*/inn.sock"])
        assert sockets.returncode != 0, sockets.stdout

    @property
    def narrow(self) -> str:
        """A file system of 96 MiB, there before QEMU is, which in a world sees no later mounts."""
        return f"{self.files}/narrow"

    def furnish(self) -> None:
        """The guest `web` of the image tiny, running, with noise on two disks and a third that it does not use."""
        world = self.world
        world.run(["mkdir", self.narrow], check=True)
        world.run(["mount", "-t", "tmpfs", "-o", "size=96M", "tmpfs", self.narrow], check=True)
        world.run(["qemu-img", "create", "-q", "-f", "raw", DATA, "128M"], check=True)
        world.inn("create", "web", "--image", "tiny", "--no-start", check=True)
        attach = ("--targetbus", "virtio", "--driver", "qemu", "--subdriver", "raw", "--config")
        world.virsh("attach-disk", "web", DATA, "vdb", *attach)
        much = self.files / "much.raw"
        with much.open("wb") as file:
            file.truncate(1000 << 20)
        world.virsh("attach-disk", "web", str(much), "vdc", *attach)
        world.inn("start", "web", "--wait", "boot", "--timeout", "280", check=True, timeout=300)
        with TinyShell(world, "web") as shell:
            shell.run(
                "for d in vda vdb; do dd if=/dev/urandom of=/dev/$d bs=64k seek=16 count=64; done 2>/dev/null; sync"
            )


def backups(world: World) -> list[str]:
    return [one["id"] for one in world.inn_json("backup", "list")]


def first_bytes(world: World, image: str) -> bytes:
    out = f"{world.directory}/first"
    world.run(
        ["qemu-img", "dd", "-f", "qcow2", "-O", "raw", "bs=512", "count=1", f"if={image}", f"of={out}"],
        check=True,
    )
    return Path(out).read_bytes()


def forged(world: World, change: Callable[[Path, dict[str, Any]], None]) -> str:
    """A copy of the newest backup, changed, with sums that are right again; its directory."""
    (source,) = world.inn_json("backup", "list", "web")[-1:]
    forged = f"{world.directory}/files/forged@1"
    world.run(["cp", "-a", source["path"], forged], check=True)
    folder = Path(forged)
    kept = json.loads((folder / "guest.json").read_text())
    change(folder, kept)
    (folder / "guest.json").write_text(json.dumps(kept))
    names = [file for file in sorted(os.listdir(folder)) if file != "SHA256SUMS"]
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(lines))
    return forged


def elsewhere(_folder: Path, kept: dict[str, Any]) -> None:
    kept["disks"][0]["files"][0]["name"] = "../../etc/shadow"


def link(folder: Path, _kept: dict[str, Any]) -> None:
    (folder / "vda.qcow2").unlink()
    (folder / "vda.qcow2").symlink_to("/etc/passwd")


def backing(folder: Path, kept: dict[str, Any]) -> None:
    """The same disk, which stands on a file of the host."""
    file = folder / "vda.qcow2"
    argv = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", "/etc/passwd", str(file), "64M"]
    file.unlink()
    subprocess.run(argv, check=True)
    disk = kept["disks"][0]["files"][0]
    disk["size"], disk["sha256"] = file.stat().st_size, hashlib.sha256(file.read_bytes()).hexdigest()


FORGERIES = (elsewhere, link, backing)
"""Changes to the directory and the manifest of a backup."""
