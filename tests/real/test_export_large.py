"""Large disks: memory does not grow with them, holes stay holes."""

from __future__ import annotations

import json

import pytest

from tests.real.exported import IMAGES
from tests.world import World

pytestmark = pytest.mark.long

GIB, MIB = 1 << 30, 1 << 20
MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak(world: World, *argv: str) -> int:
    """The most memory that `inn`, or a program it called, had at once: MiB."""
    status, most = world.python(MEASURED, "inn", *argv, check=True, timeout=3000).stdout.split()
    assert status == "0", argv
    return int(most) // 1024


def allocated(world: World, path: str) -> int:
    return int(world.run(["stat", "-c", "%b", path], check=True).stdout) * 512


def test_memory_is_flat_at_ten_gigabytes(world: World) -> None:
    """2 GiB of noise all over 10 GiB, beside a disk of nearly nothing."""
    make = f"""cd {IMAGES}; truncate -s 10G large.raw; truncate -s 16M small.raw
    noise() {{ dd if=/dev/urandom of=$1 bs=1M count=$2 seek=$3 conv=notrunc status=none; }}
    i=0; while [ $i -lt 64 ]; do noise large.raw 32 $((i * 160)); i=$((i + 1)); done; noise small.raw 1 3"""
    world.run(["sh", "-ec", make], check=True, timeout=600)
    world.virsh("pool-refresh", "default")
    peaks: dict[str, tuple[int, int]] = {}
    for name in ("small", "large"):
        disk = ("--disk", f"default/{name}.raw", "--disk-format", "raw")
        world.inn("create", name, *disk, "--no-start", "--network", "none", check=True)
        bundle = f"{IMAGES}/{name}.inn"
        out = peak(world, "export", name, bundle)
        back = peak(world, "create", f"{name}-again", "--import", bundle, "--no-start")
        peaks[name] = out, back
    assert peaks["large"][0] - peaks["small"][0] < 80, peaks
    assert peaks["large"][1] - peaks["small"][1] < 20, peaks
    made = json.loads(world.inn("show", "large-again", "--json", check=True).stdout)["disks"][0]["path"]
    assert allocated(world, made) < 2 * GIB + 64 * MIB
    world.run(["cmp", f"{IMAGES}/large.raw", made], check=True, timeout=600)
