"""What of devices and of the doctor's findings can be real in a world: the devices under us, a host without control
groups, a clock that a daemon keeps."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from tests.real.ssh_host import sshd, uri
from tests.world import World

KEEPER = 'cp "$(command -v sleep)" /run/chronyd && exec /run/chronyd 600'
"""What counts is the name of the process."""


def finding(world: World, id: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(world.inn("host", "check", "--only", id, "--json").stdout)[
        "findings"
    ]
    (one,) = found
    return one


def test_devices_are_those_of_the_kernel(world: World) -> None:
    """libvirt and the kernel agree on what is plugged in, and on its drivers."""
    bus = Path("/sys/bus/pci/devices")
    seen = {
        one["address"]: one["driver"]
        for one in world.inn_json("host", "device", "list", "--all", "--kind", "pci")
    }
    drivers = {at.name: at / "driver" for at in bus.iterdir()}
    assert seen == {
        name: os.path.basename(at.resolve()) if at.exists() else None for name, at in drivers.items()
    }
    interfaces = {one["address"] for one in world.inn_json("host", "device", "list", "--kind", "net")}
    assert "lo" in interfaces


def test_the_host_as_it_is(world: World) -> None:
    view = world.inn_json("host", "show")
    assert view["kernel"] == os.uname().release
    assert view["processor"]["cpus"] == os.cpu_count()
    assert view["arch"] in view["guest_arches"]
    assert (view["accel"] in ("kvm", "tcg"), view["driver"]) == (True, "QEMU")
    assert view["hypervisor"] in world.virsh("version")
    assert [pool["name"] for pool in view["pools"]] == ["default"]
    assert view["networks"][0]["addresses"] == ["192.168.122.1/24"]
    assert view["memory"] > view["memory_available"] > 0


def test_a_host_without_control_groups(new_world: World) -> None:
    """The kernel still lists the mounts that those of a world had covered: what cannot be reached is not there."""
    assert finding(new_world, "cgroup.controllers")["status"] == "ok"
    new_world.run(["umount", "-R", "/sys/fs/cgroup", f"{new_world.directory}/cgroup"], check=True)
    found = finding(new_world, "cgroup.controllers")
    assert (found["status"], found["text"]) == ("problem", "cgroup.controllers.none")
    told = new_world.inn("host", "check", "--only", "cgroup")
    assert (told.returncode, found["remedy"] in told.stdout) == (1, True)


def test_a_clock_that_a_daemon_keeps(world: World) -> None:
    before = finding(world, "clock.sync")
    assert before["text"] in ("clock.sync.none", "clock.sync.stopped", "clock.sync.kept_by_others")
    keeper = world.popen(["sh", "-c", KEEPER])
    try:
        world.run(["sh", "-c", "until grep -qs chronyd /proc/[0-9]*/comm; do sleep 0.05; done"], check=True)
        found = finding(world, "clock.sync")
    finally:
        keeper.kill()
        keeper.wait()
        world.run(["sh", "-c", "pkill -x chronyd; rm -f /run/chronyd"])
    assert (found["text"].rpartition(".")[2] in ("kept", "not_yet"), found["facts"]["daemon"]) == (
        True,
        "chrony",
    )


def test_settings_of_the_machine_are_as_they_are(world: World) -> None:
    """The doctor looks at the real /proc and /sys, and what it says has its texts."""
    report = world.inn_json(
        "host", "check", "--only", "memory", "--only", "clock", "--only", "gpu", "--only", "security"
    )
    ids = [one["id"] for one in report["findings"]]
    assert {"memory.swap", "memory.ksm", "clock.source", "gpu.passthrough", "security.driver"} <= set(ids)
    assert "unknown" not in {one["status"] for one in report["findings"]}


def test_over_ssh_all_is_as_it_is_there() -> None:
    """The same findings, devices and facts from afar as on the host itself."""
    areas = [word for area in ("memory", "cgroup", "clock", "gpu", "security") for word in ("--only", area)]
    commands = (["host", "check", *areas], ["host", "device", "list", "--all"], ["host", "show"])
    with World(network="host") as there, sshd(there) as port:
        for command in commands:
            near = json.loads(there.inn(*command, "--json").stdout)
            far = json.loads(there.inn("-c", uri(there, port), *command, "--json").stdout)
            if isinstance(near, dict):
                moving = ("uri", "host", "memory_available")
                near, far = (
                    {name: told for name, told in one.items() if name not in moving} for one in (near, far)
                )
            assert far == near
