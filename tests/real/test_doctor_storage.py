"""Faults of storage pools and of the way to disks, made for real: told, repaired, and put back as they were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.host_faults import cured, ready, seen
from tests.world import World

NO_SETFACL = """
mkdir -p /run/face/upper /run/face/work
mount -t overlay overlay -o lowerdir=/usr/bin,upperdir=/run/face/upper,workdir=/run/face/work /usr/bin
rm -f /usr/bin/setfacl
"""


@pytest.fixture(scope="module")
def disk_world() -> Iterator[World]:
    with World() as world:
        ready(world)
        yield world


def test_no_pool_default(disk_world: World) -> None:
    world = disk_world
    document = world.virsh("pool-dumpxml", "--inactive", "default")
    world.virsh("pool-destroy", "default")
    world.virsh("pool-undefine", "default")
    world.run(["rmdir", "/var/lib/libvirt/images"], check=True)
    with cured(world, "pool.default", "pool.default.missing") as said:
        assert said["facts"]["path"] == "/var/lib/libvirt/images"
        assert "Autostart:      yes" in world.virsh("pool-info", "default")
        assert world.run(["stat", "-c", "%a", "/var/lib/libvirt/images"]).stdout == "711\n"
        world.virsh("vol-create-as", "default", "proof", "1M")
        world.virsh("vol-delete", "proof", "default")
    world.run(["mkdir", "-m", "711", "/var/lib/libvirt/images"], check=True)
    world.run(["virsh", "pool-define", "/dev/stdin"], input=document, check=True)
    world.virsh("pool-start", "default")
    world.virsh("pool-autostart", "default")


def test_pool_default_is_off_and_its_directory_gone(disk_world: World) -> None:
    world = disk_world
    world.virsh("pool-destroy", "default")
    with cured(world, "pool.default", "pool.default.inactive") as said:
        assert said["remedy"] == "virsh pool-start default"
    world.run(["rmdir", "/var/lib/libvirt/images"], check=True)
    with cured(world, "pool.default", "pool.default.no_directory"):
        assert "default" in world.virsh("pool-list", "--name")
    world.run(["mkdir", "-m", "711", "/var/lib/libvirt/images"], check=True)
    world.virsh("pool-start", "default")


def test_pools_that_do_not_start_with_the_host(disk_world: World) -> None:
    world = disk_world
    world.virsh("pool-autostart", "--disable", "default")
    with cured(world, "pool.default", "pool.default.no_autostart"):
        assert "Autostart:      yes" in world.virsh("pool-info", "default")
    world.virsh("pool-autostart", "default")


def test_the_pool_of_images(disk_world: World) -> None:
    world = disk_world
    told = seen(world, "pool.images")["pool.images"]
    assert [(one["status"], one["text"]) for one in told] == [("ok", "pool.images.later")]
    world.virsh("pool-define-as", "innkeeper-images", "dir", "--target", "/var/lib/libvirt/innkeeper-images")
    with cured(world, "pool.images", "pool.images.no_directory"):
        assert "innkeeper-images" in world.virsh("pool-list", "--name")
    world.virsh("pool-undefine", "innkeeper-images")


def test_a_full_disk(disk_world: World) -> None:
    world = disk_world
    with world.limit_disk(400 * 1024**2):
        assert seen(world, "pool.space")["pool.space"][0]["status"] == "ok"
        world.run(["fallocate", "-l", "390M", "/var/lib/libvirt/images/big"], check=True)
        told = seen(world, "pool.space")["pool.space"]
        assert [(one["status"], one["text"]) for one in told] == [("problem", "pool.space.full")]
        assert told[0]["facts"]["name"] == "default"
        world.run(["rm", "/var/lib/libvirt/images/big"], check=True)


def test_a_disk_that_fills(disk_world: World) -> None:
    """A file system in a file, so that its size costs nothing."""
    world = disk_world
    make = (
        "truncate -s 6G /run/disk && mkfs.ext4 -q -m 0 -E lazy_itable_init=1 /run/disk && "
        "mount -o loop /run/disk /var/lib/libvirt/images && fallocate -l 5500M /var/lib/libvirt/images/big"
    )
    done = world.run(["sh", "-c", make])
    if done.returncode:
        pytest.skip(f"needs loop devices: {done.stderr}")
    try:
        told = seen(world, "pool.space")["pool.space"]
        assert [(one["status"], one["text"]) for one in told] == [("advice", "pool.space.little")]
        assert 0 < int(told[0]["facts"]["percent"]) < 10
    finally:
        world.run(["sh", "-c", "umount -l /var/lib/libvirt/images; rm /run/disk"], check=True)


@pytest.fixture
def guest_at_home(disk_world: World) -> Iterator[tuple[World, Path]]:
    """A guest whose disk lies in a home that nobody else may enter: what virt-manager's users run into."""
    world = disk_world
    home = world.home / "person"
    disk = home / "machines" / "disk.raw"
    script = 'mkdir -p "$1/machines" && chmod 700 "$1" && truncate -s 1M "$1/machines/disk.raw"'
    world.run(["sh", "-ec", script, "sh", str(home)], check=True)
    document = (
        "<domain type='qemu'><name>athome</name><memory>32768</memory>"
        "<os><type arch='x86_64'>hvm</type></os><devices><disk type='file' device='disk'>"
        f"<driver name='qemu' type='raw'/><source file='{disk}'/><target dev='vda' bus='virtio'/></disk>"
        "</devices></domain>"
    )
    world.run(["virsh", "define", "/dev/stdin"], input=document, check=True)
    yield world, home
    world.virsh("destroy", "athome", check=False)
    world.virsh("undefine", "athome")
    world.run(["rm", "-r", str(home)], check=True)


def starts(world: World) -> str:
    """What keeps the guest from starting; "" when it starts."""
    done = world.run(["virsh", "start", "athome"])
    if done.returncode == 0:
        world.virsh("destroy", "athome")
        return ""
    return done.stderr


@pytest.mark.parametrize("tool", ["acl", "mode"])
def test_an_image_in_a_home_that_is_shut(guest_at_home: tuple[World, Path], tool: str) -> None:
    """Each directory above it, one after the other; by access lists, or by modes where those cannot be set."""
    world, home = guest_at_home
    if tool == "acl" and world.run(["sh", "-c", "command -v setfacl"]).returncode:
        pytest.skip("needs setfacl: run script/setup --test")
    if tool == "mode":
        world.run(["sh", "-ec", NO_SETFACL], check=True)
    assert "Permission denied" in starts(world)
    shut = {"acl": f"setfacl -m u:libvirt-qemu:x {world.home}", "mode": f"chmod o+x {world.home}"}[tool]
    with cured(world, "access.images", "access.images.shut") as said:
        assert said["facts"]["folder"] == str(world.home)
        assert said["facts"]["user"] == "libvirt-qemu"
        assert said["remedy"] == shut
        assert starts(world) == ""
    assert "Permission denied" in starts(world)
    assert world.run(["stat", "-c", "%a", str(world.home), str(home)]).stdout == "700\n700\n"
    if tool == "mode":
        world.run(["umount", "-l", "/usr/bin"], check=True)
