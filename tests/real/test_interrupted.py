"""Killed at every step of every recorded verb: it is named, and cleaning or repeating leaves no difference."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest

from innkeeper.verbs import REGISTRY
from tests.fingerprint import Fingerprint
from tests.real.faults import KILLED, Scenario, Stage, changes, normal, recorded_verbs, steps_of
from tests.real.scenarios import SCENARIOS
from tests.world import World, diff

LIFE = (
    "guest.edit",
    "guest.reboot",
    "guest.reset",
    "guest.restore",
    "guest.resume",
    "guest.save",
    "guest.start",
    "guest.stop",
    "guest.suspend",
    "host.start_guests",
    "host.stop_guests",
)
"""Each is one deed of libvirt's, or one after the other: nothing of them is undone, see below."""
BUILDS = ("image.build",)
"""They need the machine's network: see test_interrupted_build.py"""
SERVED = ("image.pull", "schedule.run")
"""They need a server: see test_image_pull.py and test_durable_more.py"""
KEPT = ("backup.create", "backup.remove", "backup.restore", "guest.forget")
"""They need a guest that has been somebody: see test_backup.py and test_adopted.py"""
ELSEWHERE = {"image.make": {"clean"}}
"""Steps that need a program which is not everywhere: see test_image_make.py"""
DOCTOR = ("host.setup",)
"""Its steps are its findings: see test_doctor.py"""


class Break(NamedTuple):
    scenario: Scenario
    point: str

    @property
    def id(self) -> str:
        return f"{self.scenario.name}-{self.point}"


BREAKS = [Break(scenario, point) for scenario in SCENARIOS for point in scenario.points]
"""Every moment."""


def a_quarter(place: int) -> list[object]:
    """All of them; in the ordinary run every fourth, from that place on: it is the other run that has the rest."""
    return [
        pytest.param(
            one, id=one.id, marks=[pytest.mark.long] if number % 4 != place or one.scenario.more else []
        )
        for number, one in enumerate(BREAKS)
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


def test_every_step_of_every_verb_is_broken_off() -> None:
    broken = {(one.scenario.verb, one.point.removesuffix(".done")) for one in BREAKS if not one.scenario.more}
    for name in recorded_verbs():
        if name not in LIFE + BUILDS + SERVED + KEPT + DOCTOR:
            elsewhere = ELSEWHERE.get(name, set())
            assert {step for verb, step in broken if verb == name} == set(steps_of(name)) - elsewhere, name
    assert set(LIFE + BUILDS + SERVED + KEPT + DOCTOR) <= set(REGISTRY)


def break_off(stage: Stage, one: Break) -> dict[str, Any]:
    """Kill it there, and see that it is named: what is said of it."""
    done = stage.inn(*one.scenario.argv, stop_at=one.point)
    assert done.returncode == KILLED, done
    (left,) = stage.left()
    step = one.point.removesuffix(".done")
    expected = {
        "verb": one.scenario.verb,
        "target": target(one.scenario),
        "step": step,
        "state": "interrupted",
    }
    assert {key: left[key] for key in expected} == expected
    return left


def target(scenario: Scenario) -> str:
    if "--name" in scenario.argv:
        return scenario.argv[scenario.argv.index("--name") + 1]
    if scenario.verb == "image.import":
        return "blank"
    return scenario.target


@cache
def finished(stage_id: int, number: int) -> tuple[Fingerprint, str]:
    """What the scenario leaves when nobody breaks it off, and what it prints. Kept: it is asked for many times."""
    stage, scenario = STAGES[stage_id], SCENARIOS[number]
    stage.set(scenario)
    done = stage.inn(*scenario.argv)
    assert done.returncode == 0, done
    seen = normal(stage.world.fingerprint())
    stage.clear()
    return seen, done.stdout


STAGES: dict[int, Stage] = {}


def outcome(stage: Stage, scenario: Scenario) -> tuple[Fingerprint, str]:
    STAGES[id(stage)] = stage
    return finished(id(stage), SCENARIOS.index(scenario))


@pytest.mark.parametrize("one", a_quarter(0))
def test_cleaned(stage: Stage, one: Break) -> None:
    scenario = one.scenario
    # What is purged does not come back, and a guest that runs is not taken away.
    runs = scenario.verb == "guest.create" and one.point == "start.done"
    forward = one.point in scenario.forward or scenario.verb == "guest.purge" or runs
    after = outcome(stage, scenario)[0] if forward else None
    before = stage.set(scenario)
    break_off(stage, one)
    done = stage.inn("operation", "clean")
    assert done.returncode == 0, done
    assert done.stdout != ""
    stage.assert_tidy()
    seen = stage.world.fingerprint()
    if after is not None:
        assert diff(after, normal(seen), scenario.ignore) == ""
    else:
        assert changes(before, seen, scenario.ignore) == ""


def test_named_and_cleaned_twice(stage: Stage) -> None:
    """For people as for programs; and there is nothing to clean a second time."""
    before = stage.set(SCENARIOS[1])
    left = break_off(stage, Break(SCENARIOS[1], "volumes"))
    shown = stage.inn("operation", "list").stdout
    assert all(left[key] in shown for key in ("id", "verb", "target", "step"))
    assert left["undo"][-1] in stage.inn("operation", "show", left["id"][:5]).stdout
    for _ in range(2):
        assert stage.inn("operation", "clean").returncode == 0
        stage.assert_tidy()
        assert changes(before, stage.world.fingerprint()) == ""


@pytest.mark.parametrize("one", a_quarter(3))
def test_repeated(stage: Stage, one: Break) -> None:
    after, said = outcome(stage, one.scenario)
    stage.set(one.scenario)
    break_off(stage, one)
    again = stage.inn(*one.scenario.argv)
    assert again.returncode == 0, again
    assert again.stdout == said
    stage.assert_tidy()
    assert diff(after, normal(stage.world.fingerprint())) == ""


@pytest.mark.parametrize("point", ["start", "start.done"])
def test_start(stage: Stage, point: str) -> None:
    """A start that was broken off is named; nothing of it is undone, and the guest either runs or does not."""
    stage.plain()
    assert stage.inn("start", "web", stop_at=point).returncode == KILLED
    assert [(left["verb"], left["state"]) for left in stage.left()] == [("guest.start", "interrupted")]
    again = stage.inn("start", "web")
    assert again.returncode == (2 if point.endswith(".done") else 0), again
    stage.assert_tidy()
    assert stage.world.virsh("domstate", "web").strip() == "running"


@pytest.mark.parametrize("point", ["stop", "stop.done"])
def test_stop(stage: Stage, point: str) -> None:
    stage.plain()
    stage.running()
    assert stage.inn("stop", "web", "--force", stop_at=point).returncode == KILLED
    assert [(left["verb"], left["state"]) for left in stage.left()] == [("guest.stop", "interrupted")]
    again = stage.inn("stop", "web", "--force")
    assert again.returncode == (2 if point.endswith(".done") else 0), again
    stage.assert_tidy()
    assert stage.world.virsh("domstate", "web").strip() == "shut off"


ALIVE: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, str], int]] = {
    "reboot": (("reboot", "web"), ("start",), ("running", "running"), 0),
    "reset": (("reset", "web"), ("start",), ("running", "running"), 0),
    "suspend": (("suspend", "web"), ("start",), ("running", "paused"), 2),
    "resume": (("resume", "web"), ("start", "suspend"), ("paused", "running"), 2),
    "save": (("save", "web"), ("start",), ("running", "shut off"), 2),
    "restore": (("restore", "web"), ("start", "managedsave"), ("shut off", "running"), 2),
    "edit": (("edit", "web", "--file", "FILES/web.xml"), (), ("shut off", "shut off"), 0),
}
"""Command, what virsh does before, the guest's state before and after it, and the exit code when it is done already."""


SIDES = [pytest.param(False, id="before", marks=pytest.mark.long), pytest.param(True, id="after")]


@pytest.mark.parametrize("done", SIDES)
@pytest.mark.parametrize("what", ALIVE)
def test_life(stage: Stage, what: str, done: bool) -> None:
    """Broken off it is named, and done whole or not at all; done again it ends as it should."""
    argv, prepare, states, again = ALIVE[what]
    stage.plain()
    document = stage.world.virsh("dumpxml", "--inactive", "web")
    (stage.files / "web.xml").write_text(document.replace("32768", "65536"))
    for command in prepare:
        stage.world.virsh(command, "web")
    step = steps_of(f"guest.{what}")[0]
    assert stage.inn(*argv, stop_at=f"{step}.done" if done else step).returncode == KILLED
    assert [(left["verb"], left["state"]) for left in stage.left()] == [(f"guest.{what}", "interrupted")]
    assert stage.world.virsh("domstate", "web").strip() == states[done]
    repeated = stage.inn(*argv)
    assert repeated.returncode == (again if done else 0), repeated
    stage.assert_tidy()
    assert stage.world.virsh("domstate", "web").strip() == states[1]
    if what == "edit":
        assert "65536" in stage.world.virsh("dumpxml", "--inactive", "web")


@pytest.mark.parametrize("done", SIDES)
def test_all_guests(stage: Stage, done: bool) -> None:
    """A host that lost its power while it stopped its guests stops the rest when it is asked again."""
    stage.plain()
    stage.autostart()
    for deed, state in (("start", "running"), ("stop", "shut off")):
        argv = ("host", f"{deed}-guests", *(("--timeout", "1") if deed == "stop" else ()))
        assert stage.inn(*argv, stop_at=f"{deed}.done" if done else deed).returncode == KILLED
        assert [left["verb"] for left in stage.left()] == [f"host.{deed}_guests"]
        assert stage.inn(*argv).returncode == 0
        stage.assert_tidy()
        assert stage.world.virsh("domstate", "web").strip() == state
    stage.world.virsh("managedsave-remove", "web")


def create_dies(stage: Stage, point: str) -> str:
    """A create that is killed there; its UUID."""
    stage.image()
    argv = ("create", "web", "--image", "blank", "--memory", "64M", "--cpus", "1")
    assert stage.inn(*argv, stop_at=point).returncode == KILLED
    return stage.world.virsh("domuuid", "web").strip()


USES = {
    "runs": ("start", "web"),
    "has autostart": ("autostart", "web"),
    "has another title": ("desc", "web", "--config", "--title", "--new-desc", "mine"),
}


@pytest.mark.parametrize("use", USES)
def test_a_guest_in_use_since_is_not_taken_away(stage: Stage, use: str) -> None:
    """Its create died after it had its name: whoever found it there uses it by now."""
    uuid = create_dies(stage, "publish.done")
    stage.world.virsh(*USES[use])
    before = stage.world.fingerprint()
    done = stage.inn("operation", "clean")
    assert (done.returncode, "in use by now" in done.stdout) == (0, True), done
    assert changes(before, stage.world.fingerprint(), ("file/var/lib/innkeeper/",)) == ""
    stage.assert_tidy()
    assert stage.world.virsh("domuuid", "web").strip() == uuid


def test_a_guest_that_was_used_and_is_off_again_stays(stage: Stage) -> None:
    """Also when libvirt has forgotten it."""
    uuid = create_dies(stage, "publish.done")
    stage.world.virsh("start", "web")
    stage.world.virsh("destroy", "web")
    stage.world.restart_libvirtd()
    again = stage.inn("create", "web", "--image", "blank", "--memory", "64M", "--cpus", "1")
    assert (again.returncode, "web is made" in again.stdout) == (0, True), again
    assert stage.world.virsh("domuuid", "web").strip() == uuid
    stage.assert_tidy()


def test_killed_at_any_moment(stage: Stage, dice: random.Random) -> None:
    """Not only between its deeds: whenever it dies, cleaning leaves the world of before, or what was done whole."""
    any_moment(stage, dice, 6)


@pytest.mark.long
def test_killed_at_many_moments(stage: Stage, dice: random.Random) -> None:
    any_moment(stage, dice, 100)


def any_moment(stage: Stage, dice: random.Random, tries: int) -> None:
    able = [one for one in SCENARIOS if one.verb != "guest.purge" and not one.ignore]
    for _ in range(tries):
        scenario = dice.choice(able)
        after = outcome(stage, scenario)[0]
        before = stage.set(scenario)
        process = stage.begin(*scenario.argv)
        time.sleep(dice.uniform(0.05, 0.6))
        stage.kill(process)
        stage.inn("operation", "clean", check=True)
        stage.assert_tidy()
        deadline = (
            time.monotonic() + 20
        )  # a guest that libvirt was starting is kept, and running only in a moment
        while undone := changes(before, seen := stage.world.fingerprint()):
            if diff(after, normal(seen)) == "":
                break
            assert time.monotonic() < deadline, f"{scenario.name}: {undone}"
            time.sleep(0.5)
        stage.clear()
