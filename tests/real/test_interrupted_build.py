"""`image build`, killed at its steps and in the middle of them: no process, mount, file or record is left."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest

from tests.fingerprint import Fingerprint
from tests.real.faults import KILLED, Stage, changes, normal, points
from tests.world import World, diff

QUICK = ("bootstrap.done", "convert.done", "manifest.done")
POINTS = points("image.build", frozenset({"prune"}))
BUILD = ("image", "build", "tiny")
SECONDS = 900.0


@pytest.fixture(scope="module")
def whole() -> Iterator[Stage]:
    """It needs the mirror: the machine's own network."""
    with World(network="host") as world:
        yield Stage(world)


@pytest.fixture
def stage(whole: Stage) -> Iterator[Stage]:
    yield whole
    whole.clear()
    assert seen_changes(whole.base, whole) == ""


@pytest.fixture(scope="module")
def built(whole: Stage) -> Fingerprint:
    """What a build leaves that nobody breaks off."""
    whole.inn(*BUILD, check=True, timeout=SECONDS)
    seen = normal(whole.world.fingerprint())
    whole.clear()
    return seen


def seen_changes(before: Fingerprint, stage: Stage) -> str:
    """The machine's network is shared: what others do to it is not of this world."""
    return changes(before, stage.world.fingerprint(), ("interfaces", "firewall/"))


@pytest.mark.parametrize(
    "point", [pytest.param(one, marks=[] if one in QUICK else pytest.mark.long) for one in POINTS]
)
def test_cleaned(stage: Stage, point: str) -> None:
    assert set(QUICK) <= set(POINTS)
    break_off(stage, "tiny", point)


@pytest.mark.long
@pytest.mark.parametrize("point", POINTS)
def test_repeated(stage: Stage, built: Fingerprint, point: str) -> None:
    assert stage.inn(*BUILD, stop_at=point, timeout=SECONDS).returncode == KILLED
    stage.inn(*BUILD, check=True, timeout=SECONDS)
    stage.assert_tidy()
    again = normal(stage.world.fingerprint())
    content = ("file/var/lib/libvirt/innkeeper-images/", "interfaces", "firewall/")
    assert diff(built, again, content) == ""
    assert {key for key in again if key.startswith(content[0])} == {
        key for key in built if key.startswith(content[0])
    }


@pytest.mark.long
@pytest.mark.parametrize(
    "point", ["bootstrap", "bootstrap.done", "assemble.done", "publish", "manifest.done"]
)
def test_debian_cleaned(stage: Stage, point: str) -> None:
    break_off(stage, "debian-12", point)


def break_off(stage: Stage, recipe: str, point: str) -> None:
    before = stage.world.fingerprint()
    done = stage.inn("image", "build", recipe, stop_at=point, timeout=SECONDS)
    assert done.returncode == KILLED, done
    (left,) = stage.left()
    assert (left["verb"], left["target"], left["state"]) == ("image.build", recipe, "interrupted")
    assert left["step"] == point.removesuffix(".done")
    stage.inn("operation", "clean", check=True)
    stage.assert_tidy()
    assert seen_changes(before, stage) == ""


@pytest.mark.parametrize(
    ("recipe", "tries"),
    [
        ("tiny", 2),
        pytest.param("tiny", 20, marks=pytest.mark.long),
        pytest.param("debian-12", 4, marks=pytest.mark.long),
    ],
)
def test_killed_at_any_moment(stage: Stage, dice: random.Random, recipe: str, tries: int) -> None:
    """The programs that it started die with it, wherever they are."""
    before = stage.world.fingerprint()
    for _ in range(tries):
        process = stage.begin("image", "build", recipe)
        stage.wait_for_step("bootstrap", process)
        time.sleep(dice.uniform(0.1, 4 if recipe == "tiny" else 60))
        stage.kill(process)
        stage.inn("operation", "clean", check=True)
        stage.assert_tidy()
        stage.clear()
        assert seen_changes(before, stage) == ""
