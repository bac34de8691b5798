"""Guests to export, and what is in them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.world import World

__all__ = ["IMAGES", "Exports", "files_of", "made"]

IMAGES = "/var/lib/libvirt/images"
NVRAM = "virsh dumpxml NAME | sed -n 's:.*<nvram[^>]*>\\(.*\\)</nvram>.*:\\1:p'"
"""Prints where a guest's firmware variables are."""
VARIABLES = 540672
"""Bytes of those of OVMF's 4 MiB."""

SMALL = f"""<domain type='qemu'><name>web</name><memory unit='MiB'>32</memory>
<os><type arch='x86_64' machine='q35'>hvm</type></os><features><acpi/></features><devices><disk type='file'>
<driver type='qcow2'/><source file='{IMAGES}/spare.qcow2'/><target dev='vda' bus='virtio'/></disk></devices></domain>"""


class Exports:
    """The part of a `Stage` that exports need."""

    world: World
    files: Path

    def small(self) -> None:
        """`web`, made with virsh, with a disk."""
        self.world.run(["cp", str(self.files / "blank.qcow2"), f"{IMAGES}/spare.qcow2"], check=True)
        self.world.virsh("pool-refresh", "default")
        self.world.virsh("define", "/dev/stdin", input=SMALL)

    def bundle(self) -> None:
        """The images, and `FILES/web.inn`: `web` as `made` leaves it, exported."""
        if not (self.files / "web.inn").exists():
            self.made()
            script = f"echo variables > $({NVRAM}) && truncate -s {VARIABLES} $({NVRAM})".replace(
                "NAME", "web"
            )
            self.world.run(["sh", "-c", script], check=True)
            self.world.inn("export", "web", str(self.files / "web.inn"), check=True)
            self.clear()
        self.image()

    def made(self) -> None:
        raise NotImplementedError

    def image(self) -> None:
        raise NotImplementedError

    def clear(self) -> None:
        raise NotImplementedError


def files_of(world: World, guest: str, target: str) -> dict[str, str]:
    """Every file of the ext4 file system that is on a disk of a guest that is off: path → SHA-256."""
    path = next(disk["path"] for disk in world.inn_json("show", guest)["disks"] if disk["target"] == target)
    work = str(world.directory / f"look-{guest}-{target}")
    script = f"""rm -rf {work} && mkdir {work} && cd {work} && qemu-img convert -O raw {path} disk &&
    e2fsck -fn disk >&2 && mkdir files && debugfs -R "rdump / files" disk 2>/dev/null >&2 && rm disk &&
    cd files && find . -type f -exec sha256sum {{}} + | sort -k2"""
    told = world.run(["sh", "-c", script.replace("\n", " ")], check=True).stdout
    found = {path: digest for digest, path in (line.split(maxsplit=1) for line in told.splitlines())}
    assert found, "there is nothing on it"
    return found


def made(world: World, name: str) -> None:
    """A guest of the image tiny with a second disk, which has a file system: an overlay on another file."""
    tree = world.directory / f"tree-{name}"
    (tree / "deep" / "er").mkdir(parents=True)
    for number in range(40):
        (tree / "deep" / f"file {number}").write_bytes(hashlib.sha256(bytes([number])).digest() * number * 99)
    (tree / "deep" / "er" / "名字").write_text("x")
    base, top = f"{IMAGES}/{name}-base.raw", f"{IMAGES}/{name}-top.qcow2"
    world.run(["mke2fs", "-q", "-t", "ext4", "-d", str(tree), base, "48M"], check=True)
    create = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", base, top]
    world.run(create, check=True)
    world.inn("create", name, "--image", "tiny", "--no-start", "--network", "default", check=True)
    attach = ("--targetbus", "virtio", "--driver", "qemu", "--subdriver", "qcow2", "--config")
    world.virsh("attach-disk", name, top, "vdb", *attach)
    world.virsh("pool-refresh", "default")
