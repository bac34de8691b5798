"""What keeps `inn list` quick, where it can be told without a clock. The clock's figures: script/bench."""

from __future__ import annotations

import json

from tests.world import World

GUEST = """<domain type='qemu'><name>{name}</name><memory unit='MiB'>32</memory>
<os><type arch='x86_64' machine='q35'>hvm</type></os><devices/></domain>"""

COUNT_CALLS = """
import collections, json, sys
from innkeeper.cli.main import run

calls = collections.Counter()

def note(frame, event, function):
    if event == "c_call" and function.__module__ == "libvirtmod":
        calls[function.__name__] += 1

sys.setprofile(note)
status = run(sys.argv[1:])
sys.setprofile(None)
print(json.dumps(calls), file=sys.stderr)
sys.exit(status)
"""

KNOWN_HERE = {"virDomainFree", "virDomainGetName", "virDomainGetUUIDString"}
"""What libvirt's client answers without asking the daemon."""


def define(world: World, name: str) -> None:
    path = world.directory / f"{name}.xml"
    path.write_text(GUEST.format(name=name))
    world.virsh("define", str(path))


def questions(world: World) -> dict[str, int]:
    """How often `inn list` asked the daemon, by call."""
    done = world.python(COUNT_CALLS, "list", check=True)
    calls: dict[str, int] = json.loads(done.stderr.splitlines()[-1])
    return {name: count for name, count in calls.items() if name not in KNOWN_HERE}


def test_guests_that_are_off_are_listed_by_as_many_calls_as_none(new_world: World) -> None:
    none = questions(new_world)
    for number in range(12):
        define(new_world, f"off-{number}")
    assert new_world.inn("list", check=True).stdout.count("off-") == 12
    assert questions(new_world) == none


def test_a_guest_that_hangs_does_not_hold_up_the_list(new_world: World) -> None:
    """QEMU's monitor is not asked: a stopped QEMU never answers it."""
    define(new_world, "hung")
    new_world.virsh("start", "hung")
    new_world.run(["sh", "-c", "kill -STOP $(cat /run/libvirt/qemu/hung.pid)"], check=True)
    assert "running" in new_world.inn("list", check=True, timeout=20).stdout
