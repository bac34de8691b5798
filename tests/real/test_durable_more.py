"""The server is killed at the steps of the verbs that need more than a stage: backups, downloads, the host itself."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.fingerprint import Fingerprint
from tests.postgresql import PostgreSQL
from tests.real.distributor import Distributor, disk
from tests.real.durable_stage import Served, bare
from tests.real.faults import Stage, normal, points
from tests.real.host_state import state_of
from tests.real.scenarios import SCENARIOS
from tests.real.test_doctor import AREAS, POINTS, SETUP_OWN, break_host
from tests.real.test_interrupted import outcome
from tests.world import World, diff

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with World() as world:
        yield Stage(world)


@pytest.fixture
def served(stage: Stage) -> Iterator[Served]:
    stage.made()
    made = Served(stage)
    yield made
    made.kill()
    stage.assert_tidy()
    stage.world.run(["sh", "-c", "rm -rf /var/lib/libvirt/images/innkeeper-backups"], check=True)
    stage.clear()


def recovered(served: Served, *argv: str, at: str) -> dict[str, object]:
    """Killed there, and what its record says after a restart."""
    operation = served.dies(*argv, at=at)
    served.start()
    view = served.wait(operation)
    served.stop()
    assert (view["state"], view["problem"], view["attempts"]) == ("done", None, 2), view
    assert view["recovered"] in ("repeated", "finished")
    return view


def backups(stage: Stage) -> list[str]:
    return [one["id"] for one in stage.world.inn_json("backup", "list")]


TO = ("--to", "default")


@pytest.mark.parametrize("point", [*points("backup.create", frozenset({"begin"})), "finishing"])
def test_backup(stage: Stage, served: Served, point: str) -> None:
    """There is one, and it is whole."""
    recovered(served, "backup", "create", "web", *TO, at=point)
    (made,) = backups(stage)
    stage.world.inn("backup", "verify", made, check=True)


@pytest.mark.parametrize("point", [*points("backup.remove"), "finishing"])
def test_backup_removed(stage: Stage, served: Served, point: str) -> None:
    made = stage.world.inn_json("backup", "create", "web", *TO)["id"]
    recovered(served, "backup", "remove", made, at=point)
    assert backups(stage) == []


@pytest.mark.parametrize("point", [*points("backup.restore", frozenset({"stop"})), "finishing"])
def test_restored_in_place_of_a_guest(stage: Stage, served: Served, point: str) -> None:
    """The guest that was there is in the bin, once."""
    world = stage.world
    made = world.inn_json("backup", "create", "web", *TO)["id"]
    before = world.inn_json("show", "web")["uuid"]
    view = recovered(served, "backup", "restore", made, "--replace", at=point)
    assert isinstance(view["result"], dict)
    assert world.inn_json("show", "web")["uuid"] == view["result"]["uuid"] != before
    assert len([name for name in world.virsh("list", "--all", "--name").split() if "deleted" in name]) == 1


@pytest.mark.parametrize("point", [*points("guest.forget"), "finishing"])
def test_forgotten(stage: Stage, served: Served, point: str) -> None:
    recovered(served, "forget", "web", at=point)
    assert "nothing of Innkeeper" in stage.world.inn("forget", "web", "--dry-run", check=True).stdout


@pytest.mark.parametrize("point", ["run", "copy.done", "publish.done", "run.done", "prune"])
def test_a_scheduled_backup(stage: Stage, served: Served, point: str) -> None:
    """One backup for one time, and its own operation's journal is ended too."""
    world, env = stage.world, {"INNKEEPER_DATABASE": served.database}
    words = ("nightly", "backup", "web", "--at", "@daily", "--keep", "1", *TO)
    world.inn("schedule", "create", *words, check=True, env=env)
    recovered(served, "schedule", "run", "nightly", at=point)
    shown = world.inn_json("schedule", "show", "nightly", env=env)
    assert shown["backups"] == backups(stage)
    world.inn("schedule", "remove", "nightly", check=True, env=env)


@pytest.fixture
def cleared(stage: Stage) -> Iterator[Stage]:
    yield stage
    stage.assert_tidy()
    stage.clear()


def test_what_is_due_is_done(cleared: Stage) -> None:
    """By a server that runs, within the minute."""
    stage, served = cleared, Served(cleared)
    stage.plain()
    env = {"INNKEEPER_DATABASE": served.database}
    stage.world.inn("schedule", "create", "on", "start", "web", "--at", "* * * * *", check=True, env=env)
    served.start()
    deadline = time.monotonic() + 150
    while stage.world.virsh("domstate", "web").strip() != "running":
        assert time.monotonic() < deadline
        time.sleep(1)
    listed = served.tell(do="list", **{"with": {"verb": "schedule.run"}})
    view = next(one for one in listed if one["who"] == "schedule")
    assert served.wait(view["id"])["state"] == "done"
    stage.world.inn("schedule", "remove", "on", check=True, env=env)
    served.stop()


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    yield server
    server.close()


@pytest.mark.parametrize("point", ["volumes", "publish.done", "finishing"])
def test_killed_with_postgresql(cleared: Stage, postgresql: PostgreSQL, point: str) -> None:
    stage, scenario = cleared, SCENARIOS[1]
    after = outcome(stage, scenario)[0]
    stage.set(scenario)
    recovered(Served(stage, postgresql.url()), *scenario.argv, at=point)
    assert diff(after, normal(stage.world.fingerprint())) == ""


@pytest.fixture(scope="module")
def shop() -> Iterator[Distributor]:
    with World() as world:
        made = Distributor(world)
        made.publish("1", {"disk.qcow2": disk(world)})
        yield made
        made.close()


@pytest.fixture
def pulled(shop: Distributor) -> Iterator[Served]:
    made = Served(bare(shop.world))
    yield made
    made.kill()
    made.stage.assert_tidy()
    for guest in shop.world.virsh("list", "--all", "--name").split():
        shop.world.inn("delete", guest, check=True)
        shop.world.inn("purge", guest, "--yes", check=True)
    for image in shop.world.inn_json("image", "list"):
        shop.world.inn("image", "remove", image["name"], check=True)


@pytest.mark.parametrize("point", [*points("image.pull", frozenset({"prune"})), "finishing"])
def test_pulled(shop: Distributor, pulled: Served, point: str) -> None:
    recovered(pulled, "image", "pull", "plain", at=point)
    assert [image["name"] for image in shop.world.inn_json("image", "list")] == ["plain"]


@pytest.mark.parametrize("point", ["download", "manifest.done", "define.done"])
def test_a_guest_whose_image_is_fetched_first(shop: Distributor, pulled: Served, point: str) -> None:
    """Both operations are gone on with."""
    argv = ("create", "web", "--image", "plain", "--no-start", "--memory", "96M")
    operation = pulled.dies(*argv, at=point)
    pulled.start()
    view = pulled.wait(operation)
    pulled.stop()
    assert (view["state"], view["problem"]) == ("done", None), view
    assert shop.world.inn_json("show", "web")["state"] == "stopped"


@pytest.fixture(scope="module")
def broken() -> Iterator[World]:
    with World() as made:
        break_host(made)
        made.inn("host", "setup", "--undo")
        yield made


@pytest.fixture(scope="module")
def mended(broken: World) -> Fingerprint:
    """What a setup leaves that nobody interrupts."""
    broken.inn("host", "setup", *AREAS)
    seen = state_of(broken)
    broken.inn("host", "setup", "--undo")
    return seen


@pytest.mark.parametrize("point", [*POINTS, "finishing"])
def test_host_setup(broken: World, mended: Fingerprint, point: str) -> None:
    served = Served(bare(broken))
    recovered(served, "host", "setup", *AREAS, at=point)
    served.stage.assert_tidy()
    assert diff(mended, state_of(broken), SETUP_OWN) == ""
    broken.inn("host", "setup", "--undo")
