"""A far host with faults of network, firewall, pool and access at once: repaired by ssh, and put back exactly."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.real.host_faults import facts, ready
from tests.real.ssh_host import OPTIONS, uri
from tests.real.test_doctor_firewall import STRICT
from tests.world import World, diff

PORT = 2299
FAULTS = """
virsh -q pool-destroy default
virsh -q net-autostart default --disable
kill $(cat /run/libvirt/network/default.pid)
chmod 700 /var/lib/libvirt
"""
AREAS = ("network", "firewall", "pool", "access")


@pytest.fixture(scope="module")
def far() -> Iterator[tuple[World, str]]:
    """A world that reaches itself by ssh: the host at the far end is the same, the way to it is not."""
    with World() as world:
        ready(world)
        keys = (
            "mkdir -p /run/sshd /etc/ssh && cp ~/.ssh/id_ed25519.pub /etc/ssh/world_keys && "
            "ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/world_host"
        )
        world.run(["sh", "-ec", keys], check=True)
        flags = [word for option in OPTIONS for word in ("-o", option)]
        world.run(
            ["/usr/sbin/sshd", "-E", "/run/sshd.log", "-f", "/dev/null", "-p", str(PORT), *flags], check=True
        )
        yield world, uri(world, PORT)


def test_repaired_over_ssh_and_put_back(far: tuple[World, str]) -> None:
    world, address = far
    world.run(["nft", "-f", "-"], input=STRICT, check=True)
    world.run(["sh", "-ec", FAULTS], check=True)
    world.inn("-c", address, "host", "check", "--only", "pool.space")  # the way is there from here on
    time.sleep(0.5)
    before = facts(world)
    only = [word for area in AREAS for word in ("--only", area)]
    answer = world.inn_json("-c", address, "host", "setup", *only)
    assert {one["outcome"] for one in answer["repairs"]} == {"done"}, answer
    found = {one["finding"] for one in answer["repairs"]}
    assert found >= {"network.default", "network.dnsmasq", "firewall.host", "access.images"}
    assert {one["status"] for one in answer["findings"]} == {"ok"}, answer
    answer = world.inn_json("-c", address, "host", "setup", "--undo")
    assert {one["outcome"] for one in answer["repairs"]} == {"undone"}, answer
    left = diff(before, facts(world))
    assert left == "", left
