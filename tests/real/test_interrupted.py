"""Killed at every step of every recorded verb: it is named, and cleaning or repeating leaves no difference."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest

from innkeeper.verbs import REGISTRY
from tests.real.faults import KILLED, Scenario, Stage, changes, normal, recorded_verbs, steps_of
from tests.real.scenarios import SCENARIOS
from tests.world import World, diff

LIFE = ("guest.start", "guest.stop", "guest.reboot")
"""Nothing of them is undone: see test_life.py"""
BUILDS = ("image.build",)
"""They need the machine's network: see below"""


class Break(NamedTuple):
    scenario: Scenario
    point: str

    @property
    def id(self) -> str:
        return f"{self.scenario.name}-{self.point}"


BREAKS = [Break(scenario, point) for scenario in SCENARIOS for point in scenario.points]
"""Every moment; those at even places are cleaned in the ordinary run and repeated in the long one, and so on."""


def halves(odd: int) -> list[object]:
    return [
        pytest.param(one, id=one.id, marks=[pytest.mark.long] if number % 2 == odd else [])
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
    broken = {(one.scenario.verb, one.point.removesuffix(".done")) for one in BREAKS}
    for name in recorded_verbs():
        if name not in LIFE + BUILDS:
            assert {step for verb, step in broken if verb == name} == set(steps_of(name)), name
    assert set(LIFE + BUILDS) <= set(REGISTRY)


def break_off(stage: Stage, one: Break) -> None:
    """Kill it there, and see that it is named."""
    done = stage.inn(*one.scenario.argv, stop_at=one.point)
    assert done.returncode == KILLED, done
    (left,) = stage.left()
    step = one.point.removesuffix(".done")
    expected = {"verb": one.scenario.verb, "target": target(one.scenario), "step": step, "state": "interrupted"}
    assert {key: left[key] for key in expected} == expected
    shown = stage.inn("operation", "list").stdout
    assert all(word in shown for word in (left["id"], left["verb"], left["target"], left["step"]))


def target(scenario: Scenario) -> str:
    if scenario.verb == "image.import":
        return scenario.argv[-1] if "--name" in scenario.argv else "blank"
    return scenario.target


@cache
def finished(stage_id: int, number: int) -> tuple[object, str]:
    """What the scenario leaves when nobody breaks it off, and what it prints. Kept: it is asked for many times."""
    stage, scenario = STAGES[stage_id], SCENARIOS[number]
    stage.set(scenario)
    done = stage.inn(*scenario.argv)
    assert done.returncode == 0, done
    seen = normal(stage.world.fingerprint())
    stage.clear()
    return seen, done.stdout


STAGES: dict[int, Stage] = {}


def outcome(stage: Stage, scenario: Scenario) -> tuple[object, str]:
    STAGES[id(stage)] = stage
    return finished(id(stage), SCENARIOS.index(scenario))


@pytest.mark.parametrize("one", halves(1))
def test_cleaned(stage: Stage, one: Break) -> None:
    scenario = one.scenario
    forward = any(point in one.point for point in scenario.forward) or scenario.verb == "guest.purge"
    after = outcome(stage, scenario)[0] if forward else None
    before = stage.set(scenario)
    break_off(stage, one)
    done = stage.inn("operation", "clean")
    assert done.returncode == 0, done
    assert done.stdout != ""
    stage.assert_tidy()
    seen = stage.world.fingerprint()
    if after is not None:
        assert diff(after, normal(seen), scenario.ignore) == ""  # type: ignore[arg-type]
    else:
        assert changes(before, seen, scenario.ignore) == ""
    assert stage.inn("operation", "clean").returncode == 0
    assert changes(seen, stage.world.fingerprint()) == ""


@pytest.mark.parametrize("one", halves(0))
def test_repeated(stage: Stage, one: Break) -> None:
    after, said = outcome(stage, one.scenario)
    stage.set(one.scenario)
    break_off(stage, one)
    again = stage.inn(*one.scenario.argv)
    assert again.returncode == 0, again
    assert again.stdout == said
    stage.assert_tidy()
    assert diff(after, normal(stage.world.fingerprint())) == ""  # type: ignore[arg-type]
