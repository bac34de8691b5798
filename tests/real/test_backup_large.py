"""A disk that holds ten gigabytes: memory does not grow with it."""

from __future__ import annotations

import json

import pytest

from tests.world import World

DISK = "/var/lib/libvirt/images/large.qcow2"
MOST = 256 << 10
"""KiB that any process of a command may have resident (getrusage(2), ru_maxrss)."""
WATCHED = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
sys.stderr.write(done.stderr)
print(json.dumps([done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
"""


def peak(world: World, *arguments: str) -> int:
    done = world.python(WATCHED, "inn", *arguments, check=True, timeout=1800)
    status, most = json.loads(done.stdout)
    assert status == 0, done.stderr
    return int(most)


@pytest.mark.long
def test_memory_is_flat(tiny_world: World) -> None:
    world = tiny_world
    world.run(["qemu-img", "create", "-q", "-f", "qcow2", DISK, "12G"], check=True)
    writes = [word for number in range(10) for word in ("-c", f"write -P {number + 65} {number}G 1G")]
    world.run(["qemu-io", "-f", "qcow2", *writes, DISK], check=True, timeout=1800)
    world.inn("create", "big", "--image", "tiny", "--no-start", check=True)
    options = ("--targetbus", "virtio", "--driver", "qemu", "--subdriver", "qcow2", "--config")
    world.virsh("attach-disk", "big", DISK, "vdb", *options)
    assert peak(world, "backup", "create", "big") < MOST
    assert peak(world, "backup", "verify", "big") < MOST
    (made,) = world.inn_json("backup", "list", "big")
    world.run(["qemu-img", "compare", DISK, f"{made['path']}/vdb.qcow2"], check=True, timeout=1800)
    assert peak(world, "backup", "restore", "big", "--as", "again") < MOST
    world.inn("delete", "again", check=True)
    world.inn("purge", "again", "--yes", check=True)
    world.inn("backup", "remove", made["id"], check=True)
    world.virsh("start", "big")
    assert peak(world, "backup", "create", "big") < MOST
    (made,) = world.inn_json("backup", "list", "big")
    world.virsh("destroy", "big")
    world.run(["qemu-img", "compare", DISK, f"{made['path']}/vdb.qcow2"], check=True, timeout=1800)
