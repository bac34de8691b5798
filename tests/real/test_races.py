"""Several commands at the same moment: one wins, the others are refused, nothing is left over."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Sequence

import pytest

from tests.real.faults import GUEST, Stage, changes, normal, wrong_refusal
from tests.real.shells import Server
from tests.world import Completed, World, diff

TRIES = 25
"""… with each of two sources"""
VERBS_OF_A_GUEST = [
    ["start", "web"],
    ["stop", "web", "--force"],
    ["delete", "web", "--force"],
    ["undelete", "web"],
    ["rename", "web", "www"],
    ["rename", "www", "web"],
    ["show", "web"],
    ["list"],
]


@pytest.fixture(scope="module")
def whole() -> Iterator[Stage]:
    with World() as world:
        yield Stage(world)


@pytest.fixture
def stage(whole: Stage) -> Iterator[Stage]:
    yield whole
    whole.clear()
    assert changes(whole.base, whole.world.fingerprint()) == ""


@pytest.fixture(scope="module")
def servers(whole: Stage) -> Iterator[list[Server]]:
    """Four shells."""
    made = [Server(whole.world) for _ in range(4)]
    yield made
    for server in made:
        server.close()


def together(servers: Sequence[Server], *commands: Sequence[str]) -> list[Completed]:
    """Begin them at once, each in a shell of its own, and see how they end."""
    for server, argv in zip(servers, commands, strict=False):
        server.begin(argv)
    return [server.end() for server, _ in zip(servers, commands, strict=False)]


@pytest.mark.parametrize("source", ["disk", "image"])
def test_one_name_twice(stage: Stage, servers: list[Server], source: str) -> None:
    stage.image()
    stage.disk()
    argv = ["--disk", "default/spare.qcow2"] if source == "disk" else ["--image", "blank"]
    command = ["create", "web", *argv, "--no-start"]
    reasons = set()
    for number in range(TRIES):
        ended = together(servers, command, command)
        lost = [done for done in ended if done.returncode]
        assert len(lost) == 1, ended
        assert not wrong_refusal(lost[0]), lost
        reasons.add(re.sub(r"\d+", "N", lost[0].stderr))
        assert stage.world.virsh("list", "--all", "--name").split() == ["web"]
        if number % 10 == 0:
            stage.assert_tidy()
        assert volumes(stage) - {"spare.qcow2"} == own_volumes(stage)
        stage.world.virsh("undefine", "web")
        for name in volumes(stage) - {"spare.qcow2"}:
            stage.world.virsh("vol-delete", "--pool", "default", name)
    assert any("guest.create web (process N)" in reason for reason in reasons), reasons


def volumes(stage: Stage) -> set[str]:
    return set(stage.world.virsh("vol-list", "default").split()[::2])


def own_volumes(stage: Stage) -> set[str]:
    """Those that the document of `web` names as made for it."""
    return set(re.findall(r"volume pool=.default. name=.([^'\"]*)", stage.world.virsh("dumpxml", "web")))


def test_one_name_by_inn_and_by_virsh(stage: Stage, servers: list[Server]) -> None:
    """Nobody locks virsh out: whoever defines the name first has it."""
    stage.image()
    document = GUEST.replace("NAME", "web").replace("FIRMWARE", "")
    (stage.files / "web.xml").write_text(document)
    won = {"inn": 0, "virsh": 0}
    chance = random.Random(7)
    for _ in range(10):
        servers[0].begin(["create", "web", "--image", "blank", "--no-start"])
        time.sleep(chance.uniform(0, 0.25))
        defined = stage.world.run(["virsh", "define", str(stage.files / "web.xml")])
        done = servers[0].end()
        guests = stage.world.virsh("list", "--all", "--name").split()
        assert guests == ["web"], (guests, done, defined)
        if defined.returncode == 0:
            assert done.returncode in (1, 2), done
            assert "Traceback" not in done.stderr
            assert volumes(stage) == set(), done
            won["virsh"] += 1
        else:
            assert done.returncode == 0, done
            won["inn"] += 1
        stage.clear()
        stage.image()
    assert won["virsh"], won


def test_a_busy_guest_is_refused_naming_who_is_at_it(stage: Stage) -> None:
    """A graceful stop waits for a guest that hears nothing; beside it everything that changes is refused."""
    stage.plain()
    stage.running()
    slow = stage.begin("stop", "web", "--timeout", "8")
    stage.wait_for_step("stop", slow)
    before = stage.world.fingerprint()
    (running,) = stage.left()
    assert (running["verb"], running["target"], running["state"]) == ("guest.stop", "web", "running")
    uuid = stage.world.virsh("domuuid", "web").strip()
    for argv in (
        ["delete", "web", "--force"],
        ["stop", "web", "--force"],
        ["rename", "web", "www"],
        ["stop", uuid],
    ):
        done = stage.inn(*argv)
        assert not wrong_refusal(done), done
        assert f"guest.stop web (process {running['pid']})" in done.stderr, done
    for argv in (["operation", "clean", running["id"]], ["operation", "clean"]):
        done = stage.inn(*argv)
        assert (done.returncode == 2) == (len(argv) == 3), done
    assert stage.left() == [running]
    assert changes(before, stage.world.fingerprint()) == ""
    slow.communicate(timeout=30)
    assert slow.returncode == 4
    assert stage.left() == []


def test_storm(stage: Stage, servers: list[Server], dice: random.Random) -> None:
    """Four shells do what they like to one guest; what is left is one guest in an ordinary state, and nothing else."""
    stage.plain()
    for _ in range(25):
        commands = [dice.choice(VERBS_OF_A_GUEST) for _ in servers]
        for done in together(servers, *commands):
            assert done.returncode in (0, 2), done
            assert done.returncode == 0 or not wrong_refusal(done), done
    stage.assert_tidy()
    (name,) = stage.world.virsh("list", "--all", "--name").split()
    assert re.fullmatch(r"(web|www)(~deleted~\d+T\d+Z)?", name)
    assert "~" not in name or stage.world.virsh("domstate", name).strip() == "shut off"


@pytest.mark.long
def test_long_storm(stage: Stage, servers: list[Server], dice: random.Random) -> None:
    """With guests made and purged too."""
    stage.image()
    create = ["create", "web", "--image", "blank", "--memory", "32M"]
    commands = [
        *VERBS_OF_A_GUEST,
        create,
        [*create, "--no-start"],
        ["purge", "web", "--yes"],
        ["operation", "clean"],
    ]
    for _ in range(300):
        for done in together(servers, *(dice.choice(commands) for _ in servers)):
            assert done.returncode in (0, 2), done
            assert done.returncode == 0 or not wrong_refusal(done), done
    stage.assert_tidy()


def test_images_of_one_name_at_once(stage: Stage, servers: list[Server]) -> None:
    command = ["image", "import", str(stage.files / "blank.qcow2"), "--name", "one"]
    for _ in range(3):
        ended = together(servers, command, command)
        lost = [done for done in ended if done.returncode]
        assert len(lost) == 1, ended
        assert not wrong_refusal(lost[0]), lost
        assert [image["name"] for image in stage.world.inn_json("image", "list")] == ["one"]
        stage.inn("image", "remove", "one", check=True)
    stage.assert_tidy()


def test_first_images_at_once(stage: Stage, servers: list[Server]) -> None:
    """Two images of two names, while the pool that is to hold them is not there yet."""
    for _ in range(3):
        one, two = (
            ["image", "import", str(stage.files / "blank.qcow2"), "--name", name] for name in ("one", "two")
        )
        for done in together(servers, one, two):
            assert done.returncode == 0, done
        assert [image["name"] for image in stage.world.inn_json("image", "list")] == ["one", "two"]
        stage.clear()


def test_removed_under_a_create(stage: Stage, servers: list[Server]) -> None:
    """An image is removed while a guest is made of it: one of the two is refused or undone."""
    chance = random.Random(11)
    for _ in range(8):
        stage.image()
        before = normal(stage.world.fingerprint())
        servers[0].begin(["create", "web", "--image", "blank", "--no-start"])
        time.sleep(chance.uniform(0, 0.2))
        servers[1].begin(["image", "remove", "blank"])
        made, removed = servers[0].end(), servers[1].end()
        assert {made.returncode, removed.returncode} <= {0, 1, 2}, (made, removed)
        there = "blank" in [image["name"] for image in stage.world.inn_json("image", "list")]
        guests = stage.world.virsh("list", "--all", "--name").split()
        assert guests == (["web"] if made.returncode == 0 else []), (made, removed)
        assert there or not guests, (made, removed)
        assert there == (removed.returncode != 0), (made, removed)
        stage.assert_tidy()
        if not guests and there:
            assert diff(before, normal(stage.world.fingerprint())) == ""
        stage.clear()
