"""Images for test worlds: built once by `inn image build`, in a world with the machine's network, and kept.

A kept image is used again while the sources that build it are the same and it is younger than a week; an
older one of the same name is removed when the new one is kept.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import time
from pathlib import Path

from tests.world import ROOT, World, keep
from tests.world_init import CACHE

__all__ = ["seed"]

POOL = "innkeeper-images"
FOLDER = f"/var/lib/libvirt/{POOL}"
SOURCES = (
    "image/recipes",
    "image/building.py",
    "schema/image.py",
    "tools/apt.py",
    "tools/ext4.py",
    "tools/fat.py",
    "tools/gpt.py",
    "tools/initramfs.py",
    "tools/mmdebstrap.py",
)
"""What decides how an image comes out."""
WEEK = 7 * 24 * 3600
BUILD_TIMEOUT = 1200


def seed(world: World, name: str) -> None:
    """Copies the kept image `name` into the world's image pool, which is made as Innkeeper makes it."""
    kept = _kept(name)
    world.run(["mkdir", "-p", "-m", "711", FOLDER], check=True)
    world.run(["cp", "-a", "--reflink=auto", f"{kept}/files/.", FOLDER], check=True)
    if POOL not in world.virsh("pool-list", "--all", "--name").split():
        world.virsh("pool-define", str(kept / "pool.xml"))
        world.virsh("pool-autostart", POOL)
        world.virsh("pool-start", POOL)
    world.virsh("pool-refresh", POOL)


def _kept(name: str) -> Path:
    CACHE.mkdir(parents=True, exist_ok=True)
    folder = CACHE / f"image-{name}-{_sources()}"
    with (CACHE / f"image-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir() or folder.stat().st_mtime < time.time() - WEEK:
            for old in CACHE.glob(f"image-{name}-*"):
                shutil.rmtree(old)
            _build(name, folder)
    return folder


def _build(name: str, folder: Path) -> None:
    with World(network="host") as world:
        world.inn("image", "build", name, check=True, timeout=BUILD_TIMEOUT)
        made = world.directory / "made"
        made.mkdir()
        (made / "pool.xml").write_text(world.virsh("pool-dumpxml", POOL))
        world.run(["cp", "-a", "--reflink=auto", FOLDER, str(made / "files")], check=True)
        keep(made, folder)


def _sources() -> str:
    digest = hashlib.sha256()
    package = ROOT / "src" / "innkeeper"
    for source in SOURCES:
        path = package / source
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix != ".pyc":
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
