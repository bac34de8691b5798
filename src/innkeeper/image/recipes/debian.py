"""A release of Debian or Ubuntu for BIOS and UEFI, with cloud-init, guest agent and ssh; built from packages, without
root's rights.

The disk: GPT with an EFI system partition that holds kernels and two boot loaders (systemd-boot for UEFI, syslinux for
BIOS), and a root partition that grows with the disk. In the guest `update-esp` keeps the first one up to date.
"""

from __future__ import annotations

import uuid

import msgspec

from innkeeper.errors import Unsupported
from innkeeper.image.recipes.recipe import FILES, Recipe, Site
from innkeeper.image.recipes.suites import Suite
from innkeeper.image.recipes.telling import Telling
from innkeeper.machine import Machine
from innkeeper.schema.image import ImageManifest
from innkeeper.schema.sizes import GIB, MIB
from innkeeper.tools import ext4, fat, fence, gpt, mmdebstrap, qemu_img

__all__ = ["Packaged"]

ARCH = "amd64"
DISK, DISK_SIZE = "disk.qcow2", 2 * GIB
ESP = gpt.Partition(
    start=MIB,
    size=256 * MIB,
    type=gpt.ESP,
    name="ESP",
    id="5c11f5fe-1c12-4a4c-8f6a-6d9ad3a3a50c",
    bios_boots=True,
)
ROOT = gpt.Partition(
    start=ESP.start + ESP.size,
    size=DISK_SIZE - ESP.size - 2 * MIB,
    type=gpt.ROOT_X86_64,
    name="root",
    id="0d4c4b9e-8f0a-4f39-9c0a-3f0f5ff0a2d7",
)
"""Ids are fixed, so that the same packages give the same image; the guest finds its root by label."""
DISK_ID = str(uuid.uuid5(uuid.UUID(ROOT.id), "disk"))


class Packaged(Recipe):
    """A release for x86-64."""

    disk_size = DISK_SIZE
    programs = {
        **mmdebstrap.PROGRAMS, **fence.PROGRAMS, **gpt.PROGRAMS, **fat.PROGRAMS, **ext4.PROGRAMS,
        "qemu-img": "qemu-utils",
    }  # fmt: skip

    def __init__(self, suite: Suite) -> None:
        self.suite = suite
        self.name, self.version = suite.recipe, suite.version

    def check(self, machine: Machine) -> None:
        arch = machine.run(["uname", "-m"]).stdout.decode().strip()
        if arch != "x86_64":
            raise Unsupported("image.build_arch", recipe=self.name, arch=arch)
        family = self.suite.family
        if not machine.files.exists(family.keyring):
            raise Unsupported("image.keyring", file=family.keyring, package=family.keyring_package)
        if fat.syslinux_boot_code(machine) is None:
            raise Unsupported("image.programs", programs="gptmbr.bin", packages="syslinux-common")
        if not fence.possible(machine):
            raise Unsupported("image.no_namespaces")

    def bootstrap(self, site: Site) -> None:
        site.machine.files.make_dir(site.path("scratch"), 0o755)
        family, hooks = self.suite.family, f"{FILES}/debian"
        what = mmdebstrap.Bootstrap(
            suite=self.suite.suite,
            arch=ARCH,
            packages=self.suite.packages,
            sources=self.suite.sources(site.mirror),
            keyring=family.keyring,
            before_packages=[f'sh "{hooks}/before-packages" "$1" {family.name}'],
            after_packages=[f'sh "{hooks}/after-packages" "$1" {family.name}'],
            root=site.path("root"),
            scratch=site.path("scratch"),
        )
        mmdebstrap.bootstrap(site.machine, what, site.on_fraction)

    def assemble(self, site: Site) -> None:
        machine, disk, root = site.machine, site.path("disk.raw"), site.path("root")
        gpt.partition(machine, disk, DISK_ID, (ESP, ROOT))
        fat.make(machine, disk, ESP, "ESP", ESP.id[:8])
        # What the packages' hooks put into /boot/efi is the partition's content; the directory is its mount point.
        fat.copy_into(machine, disk, ESP, f"{root}/boot/efi")
        fat.install_syslinux(machine, disk, ESP, "syslinux")
        gpt.boot_code(machine, disk, str(fat.syslinux_boot_code(machine)))
        site.on_fraction(0.3)
        fence.fenced_run(machine, ["find", f"{root}/boot/efi", "-mindepth", "1", "-delete"])
        ext4.fill(machine, disk, ROOT, f"{self.suite.family.name}-root", root)
        site.on_fraction(1.0)

    def convert(self, site: Site) -> None:
        raw, disk = (
            qemu_img.DiskFile(site.path("disk.raw"), "raw"),
            qemu_img.DiskFile(site.path(DISK), "qcow2"),
        )
        qemu_img.convert(site.machine, raw, disk, on_fraction=site.on_fraction)

    def files(self, site: Site) -> dict[str, str]:
        return {"qcow2": site.path(DISK)}

    def told(self, mirror: str | None, target: str) -> tuple[list[str], dict[str, str]]:
        machine = Telling()
        site = Site(machine, "site", mirror, lambda _fraction: None)
        machine.files.make_dir(site.directory)
        self.bootstrap(site)
        self.assemble(site)
        machine.run(["qemu-img", "convert", "-f", "raw", "-O", "qcow2", site.path("disk.raw"), target])
        fence.fenced_run(machine, ["rm", "-rf", "--one-file-system", "--", site.directory])
        return machine.lines, machine.documents

    def describe(self, manifest: ImageManifest) -> ImageManifest:
        return msgspec.structs.replace(
            manifest,
            os=self.suite.os,
            # systemd's welcome; it is coloured on a console
            boot_pattern=rf"Welcome to .{{0,24}}{self.suite.welcome}",
            user=self.suite.family.name,
            cloud_init=True,
            agent=True,
            # Debian's cloud kernel has neither AHCI nor IDE disks; whether Ubuntu's has them nobody tried
            disk_buses=("virtio", "scsi"),
            seed_bus="virtio",
            min_memory=256 * MIB,
            default_memory=GIB,
        )
