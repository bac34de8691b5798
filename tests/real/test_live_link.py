"""libvirtd restarted, killed and stopped under an inventory: said, survived, and caught up with."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.real import sectors
from tests.real.live import Watcher
from tests.world import World

NEVER = 36_000.0
HOST = ("host", "local", "changed")
GUEST = """<domain type='qemu'><name>{name}</name><uuid>{uuid}</uuid><memory unit='MiB'>64</memory><vcpu>1</vcpu>
<os><type arch='x86_64'>hvm</type></os></domain>"""
KEPT, EARLY, LATE, MORE = (f"1f0c7c0e-0000-4000-8000-00000000000{number}" for number in range(1, 5))


@pytest.fixture
def guests(new_world: World) -> World:
    define(new_world, "kept", KEPT)
    define(new_world, "early", EARLY)
    return new_world


@pytest.fixture
def watcher(guests: World) -> Iterator[Watcher]:
    with Watcher(guests, NEVER, ["guest:kept"]) as made:
        made.until("connected")
        assert names(made) == {"kept", "early"}
        made.forget()
        yield made


def define(world: World, name: str, uuid: str) -> None:
    file = f"/tmp/{name}.xml"
    world.run(["sh", "-c", 'cat >"$1"', "sh", file], input=GUEST.format(name=name, uuid=uuid), check=True)
    world.virsh("define", file)


def names(watcher: Watcher) -> set[str]:
    return {row["name"] for row in watcher.ask("rows")}


@pytest.mark.parametrize("kill", [False, True], ids=["restarted", "killed"])
def test_it_went_away_and_came_back_otherwise(guests: World, watcher: Watcher, kill: bool) -> None:
    guests.stop_libvirtd(kill=kill)
    watcher.until("away")
    watcher.expect({HOST})
    assert names(watcher) == {"kept", "early"}, "what was last known"
    late = GUEST.format(name="late", uuid=LATE)
    script = "rm /etc/libvirt/qemu/early.xml; cat >/etc/libvirt/qemu/late.xml"
    guests.run(["sh", "-ec", script], input=late, check=True)
    watcher.forget()
    guests.start_libvirtd()
    watcher.until("connected")
    watcher.expect({HOST, ("guest", LATE, "changed"), ("guest", EARLY, "gone")})
    watcher.never({("guest", KEPT, "changed"), ("guest", KEPT, "gone")})
    assert names(watcher) == {"kept", "late"}
    define(guests, "more", MORE)
    watcher.expect({("guest", MORE, "changed")})


def test_it_hangs_and_goes_on(guests: World, watcher: Watcher) -> None:
    guests.run(["sh", "-c", "kill -STOP $(cat /run/libvirtd.pid)"], check=True)
    watcher.until("hung")
    watcher.expect({HOST})
    assert names(watcher) == {"kept", "early"}
    watcher.forget()
    guests.run(["sh", "-c", "kill -CONT $(cat /run/libvirtd.pid)"], check=True)
    watcher.until("connected")
    define(guests, "late", LATE)
    watcher.expect({HOST, ("guest", LATE, "changed")})


def test_a_guest_that_hangs_hides_no_other(new_world: World) -> None:
    """Its QEMU answers nobody; all that libvirt itself knows is told."""
    sectors.make(new_world, "stuck", sectors.IDLE)
    sectors.make(new_world, "other", sectors.IDLE)
    uuids = {name: new_world.virsh("domuuid", name).strip() for name in ("stuck", "other")}
    new_world.run(["sh", "-c", "kill -STOP $(cat /run/libvirt/qemu/stuck.pid)"], check=True)
    with Watcher(new_world, NEVER, ["guest:stuck", "guest:other"]) as watcher:
        watcher.until("connected")
        assert {row["name"]: row["state"] for row in watcher.ask("rows")} == dict.fromkeys(uuids, "running")
        time.sleep(2)  # until what is viewed was seen once
        watcher.forget()
        new_world.virsh("autostart", "other")
        watcher.expect({("guest", uuids["other"], "changed")})
        new_world.virsh("suspend", "other")
        watcher.forget()
        new_world.virsh("resume", "other")
        watcher.expect({("guest", uuids["other"], "changed")})
        assert watcher.ask("link")["state"] == "connected"
        new_world.run(["sh", "-c", "kill -KILL $(cat /run/libvirt/qemu/stuck.pid)"], check=True)
        watcher.expect({("guest", uuids["stuck"], "changed")})


@pytest.mark.long
def test_it_hangs_for_long_and_is_killed(guests: World, watcher: Watcher) -> None:
    """Longer than the connection is held to be alive; then another takes its place."""
    guests.run(["sh", "-c", "kill -STOP $(cat /run/libvirtd.pid)"], check=True)
    watcher.until("hung")
    time.sleep(30)
    assert watcher.ask("link")["state"] == "hung"
    guests.restart_libvirtd(kill=True)
    watcher.until("connected")
    define(guests, "late", LATE)
    watcher.expect({("guest", LATE, "changed")})


@pytest.mark.long
def test_restarts_leave_nothing_behind(guests: World, watcher: Watcher) -> None:
    def restart(times: int) -> float:
        for _ in range(times):
            guests.restart_libvirtd()
            watcher.until("connected")
        return float(watcher.ask("memory"))

    before = restart(5)
    assert restart(20) < before + 5
