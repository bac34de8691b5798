"""Profiles: what a kind of system wants of its machine. Where several things are named, the first that the host offers
is taken."""

from __future__ import annotations

from dataclasses import dataclass

from innkeeper.schema.sizes import GIB, MIB

__all__ = ["PROFILES", "Profile"]

_X86 = ("x86_64", "i686")
_BOARDS = {"x86_64": "q35", "i686": "q35", "aarch64": "virt", "riscv64": "virt"}


@dataclass(frozen=True)
class Profile:
    """A kind of system. Sizes in bytes."""

    cpus: int = 2
    memory: int = GIB
    media_memory: int = 2 * GIB
    """when it is installed: installers unpack themselves into it"""
    disk_size: int = 20 * GIB
    old_board: bool = False
    firmware: tuple[str, ...] = ()
    """wanted before what the architecture has first"""
    buses: tuple[str, ...] = ("virtio", "scsi", "sata", "ide", "usb")
    card: str = "virtio"
    videos: tuple[str, ...] = ("virtio", "vga", "bochs")
    paravirtual: bool = True
    """virtio devices beside disks and cards: entropy, balloon, the agent's line"""
    best_cpu: bool = True
    """all that the processor can do, else the one that QEMU shows when nobody asks"""
    clock: str = "utc"
    hyperv: bool = False
    tpm: bool = False

    def board(self, arch: str) -> str | None:
        """The machine type for an architecture; None for libvirt's default, where there is but one."""
        return "pc" if self.old_board and arch in _X86 else _BOARDS.get(arch)

    def cd_buses(self, arch: str) -> tuple[str, ...]:
        """Where installers look for a CD. On other boards than the PC's, UEFI and kernels all know virtio-scsi."""
        return ("ide", "sata", "scsi", "usb") if arch in _X86 else ("scsi", "usb", "sata")


_WINDOWS = Profile(
    memory=4 * GIB,
    media_memory=4 * GIB,
    disk_size=64 * GIB,
    firmware=("uefi-secure", "uefi"),
    buses=("sata", "scsi", "ide", "virtio", "usb"),
    card="e1000e",
    videos=("vga", "qxl", "bochs", "virtio"),
    clock="localtime",
    hyperv=True,
    tpm=True,
)
"""Windows 11 asks for UEFI, Secure Boot, TPM 2.0, 4 GiB and 64 GiB; it has no virtio drivers of its own."""

PROFILES = {
    "linux": Profile(),
    "tiny": Profile(memory=128 * MIB, media_memory=128 * MIB, disk_size=64 * MIB),
    "windows": _WINDOWS,
    "legacy": Profile(
        cpus=1,
        memory=512 * MIB,
        media_memory=512 * MIB,
        disk_size=8 * GIB,
        old_board=True,
        buses=("ide", "sata", "scsi", "usb"),
        card="rtl8139",
        videos=("cirrus", "vga"),
        paravirtual=False,
        best_cpu=False,
    ),
}
