"""FAT file systems inside image files, without mounting: mkfs.vfat, mtools, and syslinux for BIOS to boot from."""

from __future__ import annotations

from innkeeper.machine import Machine
from innkeeper.tools.gpt import Partition
from innkeeper.tools.programs import SEARCH

__all__ = ["PROGRAMS", "copy_into", "install_syslinux", "make", "syslinux_boot_code"]

PROGRAMS = {"mkfs.vfat": "dosfstools", "mcopy": "mtools", "syslinux": "syslinux"}
_BOOT_CODES = (
    "/usr/lib/syslinux/mbr/gptmbr.bin",
    "/usr/share/syslinux/gptmbr.bin",
    "/usr/lib/syslinux/gptmbr.bin",
)
"""where Debian, then Fedora and openSUSE, then Arch keep it"""
_CLUSTER_SECTORS = 4
"""so that a small partition has the 65,525 clusters that make it FAT32 by definition"""


def make(machine: Machine, disk: str, part: Partition, label: str, serial: str) -> None:
    """An empty FAT32 in that partition of the raw file `disk`. `serial` is 8 hexadecimal digits."""
    argv = ["mkfs.vfat", "-F", "32", "-s", str(_CLUSTER_SECTORS), "-n", label, "-i", serial, "--invariant"]
    machine.run([*argv, "--offset", str(part.start // 512), disk, str(part.size // 1024)], env=SEARCH)


def copy_into(machine: Machine, disk: str, part: Partition, directory: str) -> None:
    """Copy what is in a directory of the machine into the root of the file system."""
    names = [f"{directory}/{name}" for name in machine.files.list(directory)]
    machine.run(["mcopy", "-s", "-Q", "-i", f"{disk}@@{part.start}", *names, "::/"], env=SEARCH)


def install_syslinux(machine: Machine, disk: str, part: Partition, directory: str) -> None:
    """Make the partition bootable by BIOS; `directory`, inside it, holds syslinux.cfg."""
    argv = ["syslinux", "--offset", str(part.start), "--directory", directory, "--install", disk]
    machine.run(argv, env=SEARCH)


def syslinux_boot_code(machine: Machine) -> str | None:
    """The file with syslinux' boot code for disks with a GPT, or None when it is not installed."""
    return next((path for path in _BOOT_CODES if machine.files.exists(path)), None)
