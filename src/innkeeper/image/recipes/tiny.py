"""The tiny image: a distribution's kernel, booted directly, and busybox, all in memory. For tests and for trying out.

It prints a line when user space begins, its address, and a heartbeat; has a shell on the serial console; and powers off
when asked to. Its disk is empty.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

import msgspec

from innkeeper.image.recipes.recipe import FILES, Recipe, Site
from innkeeper.machine import local
from innkeeper.schema.image import ImageManifest
from innkeeper.schema.sizes import MIB
from innkeeper.tools import apt
from innkeeper.tools.initramfs import Entry, archive, device, directory, file, link

__all__ = ["Tiny", "in_load_order"]

SUITE, ARCH = "bookworm", "amd64"
KERNEL = "linux-image-cloud-amd64"
BUSYBOX = "busybox-static"
MODULES = ("virtio_pci", "virtio_blk", "virtio_net", "virtio_balloon", "virtio_rng", "button", "evdev")
"""Drivers to load, and all they need: disks, network, balloon, entropy, and the power button as acpid sees it."""
CMDLINE = "console=ttyS0 quiet panic=-1 cryptomgr.notests"
"""Without the kernel's self-tests of ciphers it is in user space 0.4 s sooner under TCG; a panic reboots at once."""
DISK_SIZE = 64 * MIB
_FOLDERS = (
    "bin",
    "dev",
    "etc",
    "etc/acpi",
    "etc/acpi/PWRF",
    "lib",
    "lib/modules",
    "proc",
    "root",
    "run",
    "sys",
    "tmp",
)
_SCRIPTS = {
    "etc/rcS": 0o755,
    "etc/heartbeat": 0o755,
    "etc/udhcpc": 0o755,
    "etc/shutdown": 0o755,
    "etc/inittab": 0o644,
}


class Tiny(Recipe):
    """Kernel, initrd, and an empty disk."""

    name = "tiny"
    version = 1
    disk_size = DISK_SIZE
    programs = {**apt.PROGRAMS, "qemu-img": "qemu-utils"}

    def bootstrap(self, site: Site) -> None:
        repository = apt.Repository(site.machine, site.path("apt"), SUITE, site.mirror, ARCH)
        repository.update()
        site.on_fraction(0.3)
        repository.unpack(BUSYBOX, site.path("tree"))
        repository.unpack(repository.dependency(KERNEL), site.path("tree"))
        site.on_fraction(1.0)

    def assemble(self, site: Site) -> None:
        # Not compressed: 3 MB are read faster than they are unpacked.
        site.machine.files.write(site.path("initrd"), archive(_entries(site)))

    def convert(self, site: Site) -> None:
        argv = ["qemu-img", "create", "-q", "-f", "qcow2", site.path("disk.qcow2"), str(DISK_SIZE)]
        site.machine.run(argv)

    def files(self, site: Site) -> dict[str, str]:
        folder = site.path("tree/boot")
        kernel = next(name for name in site.machine.files.list(folder) if name.startswith("vmlinuz-"))
        return {
            "qcow2": site.path("disk.qcow2"),
            "kernel": f"{folder}/{kernel}",
            "initrd": site.path("initrd"),
        }

    def describe(self, manifest: ImageManifest) -> ImageManifest:
        return msgspec.structs.replace(
            manifest,
            os="linux2022",
            cmdline=CMDLINE,
            boot_pattern="innkeeper-tiny: user space",
            user="root",
            login="serial",
            disk_buses=("virtio",),
            min_memory=96 * MIB,
            default_memory=128 * MIB,
            profile="tiny",
        )


def _entries(site: Site) -> list[Entry]:
    """The initial RAM file system: busybox, our scripts, and the modules, numbered in the order to load them in."""
    entries = [directory(path) for path in _FOLDERS]
    entries.append(device("dev/console", 5, 1))
    entries.append(file("bin/busybox", site.machine.files.read(site.path("tree/bin/busybox")), 0o755))
    entries += [link("init", "bin/busybox"), link("bin/sh", "busybox"), link("sbin", "bin")]
    for path, mode in _SCRIPTS.items():
        entries.append(file(path, local().files.read(f"{FILES}/tiny/{os.path.basename(path)}"), mode))
    # acpid runs the file that is named after the event's code, here of the power button.
    button = local().files.read(f"{FILES}/tiny/power-button")
    entries.append(file("etc/acpi/PWRF/00000080", button, 0o755))
    entries.append(file("etc/hostname", b"innkeeper-tiny\n"))
    entries.append(file("etc/passwd", b"root::0:0:root:/root:/bin/sh\n"))
    for number, (name, content) in enumerate(in_load_order(_modules(site), MODULES)):
        entries.append(file(f"lib/modules/{number:02}-{name}.ko", content))
    return entries


def _modules(site: Site) -> dict[str, str]:
    """Every module of the unpacked kernel: name → path."""
    found = (
        site.machine.run(["find", site.path("tree/lib/modules"), "-name", "*.ko"])
        .stdout.decode()
        .splitlines()
    )
    return {os.path.basename(path).removesuffix(".ko").replace("-", "_"): path for path in sorted(found)}


def in_load_order(modules: dict[str, str], wanted: Iterable[str]) -> list[tuple[str, bytes]]:
    """The wanted modules, each after those it needs: name and content. What is built into the kernel is not among them.

    Each module names what it needs in its section `.modinfo`, as `depends=a,b`.
    """
    ordered: dict[str, bytes] = {}

    def add(name: str) -> None:
        if name in ordered or name not in modules:
            return
        content = local().files.read(modules[name])
        needs = re.search(rb"\0depends=([^\0]+)\0", content)
        for needed in needs[1].decode().split(",") if needs else ():
            add(needed.replace("-", "_"))
        ordered[name] = content

    for name in wanted:
        add(name)
    return list(ordered.items())
