"""The server is killed at every step of every long verb: after a restart each operation is finished or undone, nothing
is left over, and its record says which."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fingerprint import Fingerprint
from tests.real.durable_stage import Served
from tests.real.faults import Stage, changes, normal
from tests.real.scenarios import SCENARIOS
from tests.real.test_interrupted import ALIVE, BREAKS, Break, outcome
from tests.world import World, diff

QUICK = {"create image-publish.done", "delete autostart-rename"}
"""Those of the ordinary run; the others are long."""


@pytest.fixture(scope="module")
def whole() -> Iterator[Stage]:
    with World() as world:
        yield Stage(world)


@pytest.fixture
def stage(whole: Stage) -> Iterator[Stage]:
    yield whole
    whole.clear()
    assert changes(whole.base, whole.world.fingerprint()) == ""


@pytest.fixture
def served(stage: Stage) -> Iterator[Served]:
    made = Served(stage)
    yield made
    made.kill()


def moments() -> list[object]:
    return [
        pytest.param(one, id=one.id, marks=[] if one.id in QUICK else [pytest.mark.long]) for one in BREAKS
    ]


def after_restart(served: Served, operation: str) -> dict[str, object]:
    served.start()
    view = served.wait(operation)
    served.stop()
    served.stage.assert_tidy()
    return view


@pytest.mark.parametrize("one", moments())
def test_killed_at(stage: Stage, served: Served, one: Break) -> None:
    """It is done again, or was done: the same world as if nothing had happened."""
    after = outcome(stage, one.scenario)[0]
    stage.set(one.scenario)
    operation = served.dies(*one.scenario.argv, at=one.point)
    view = after_restart(served, operation)
    assert (view["state"], view["problem"]) == ("done", None), view
    assert view["recovered"] in ("repeated", "finished")
    assert view["attempts"] == 2
    assert seen(stage, after) == ""


def seen(stage: Stage, after: Fingerprint) -> str:
    return diff(after, normal(stage.world.fingerprint()))


FINISHING = [one for one in SCENARIOS if not one.more]


@pytest.mark.long
@pytest.mark.parametrize("scenario", FINISHING, ids=lambda one: one.name)
def test_killed_when_it_was_done(stage: Stage, served: Served, scenario: object) -> None:
    """Between its end and the record of it."""
    after_done(stage, served, FINISHING.index(scenario))  # type: ignore[arg-type]  # one of them


def test_killed_when_a_guest_was_made(stage: Stage, served: Served) -> None:
    after_done(stage, served, 1)


def after_done(stage: Stage, served: Served, number: int) -> None:
    scenario = FINISHING[number]
    after = outcome(stage, scenario)[0]
    stage.set(scenario)
    operation = served.dies(*scenario.argv, at="finishing")
    view = after_restart(served, operation)
    assert (view["state"], view["recovered"]) == ("done", "finished"), view
    assert seen(stage, after) == ""


@pytest.mark.long
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("what", ["start", "stop", *ALIVE])
def test_life(stage: Stage, served: Served, what: str, done: bool) -> None:
    """What is one deed of libvirt's is done, and said to be done: also when it was done already."""
    stage.plain()
    document = stage.world.virsh("dumpxml", "--inactive", "web")
    (stage.files / "web.xml").write_text(document.replace("32768", "65536"))
    others = {
        "start": (("start", "web"), (), ("", "running"), 0),
        "stop": (("stop", "web", "--force"), ("start",), ("", "shut off"), 0),
    }
    argv, prepare, states, _ = {**ALIVE, **others}[what]
    for command in prepare:
        stage.world.virsh(command, "web")
    step = "define" if what == "edit" else what
    operation = served.dies(*argv, at=f"{step}.done" if done else step)
    view = after_restart(served, operation)
    if what == "edit":  # its document is never written down
        assert view["state"] == "interrupted", view
    else:
        assert (view["state"], view["problem"]) == ("done", None), view
    assert stage.world.virsh("domstate", "web").strip() == states[1]


def test_with_a_secret_it_is_undone(stage: Stage, served: Served) -> None:
    """What is not written down is not known to the next server."""
    stage.image()
    before = stage.world.fingerprint()
    (stage.files / "password").write_text("xyzzy-9f1c-planted\n")
    argv = ("create", "web", "--image", "cloud", "--no-start", "--password-file", "FILES/password")
    operation = served.dies(*argv, at="publish")
    view = after_restart(served, operation)
    assert (view["state"], view["recovered"]) == ("interrupted", "undone")
    assert view["undone"]
    assert changes(before, stage.world.fingerprint()) == ""
    for path in stage.files.glob("server*"):
        assert b"xyzzy-9f1c-planted" not in path.read_bytes()


@pytest.mark.long
def test_a_server_that_dies_of_it_again_and_again_gives_up(stage: Stage, served: Served) -> None:
    stage.image()
    before = stage.world.fingerprint()
    operation = served.dies("create", "web", "--image", "blank", "--no-start", at="volumes")
    for _ in range(2):
        served.dies_again(operation, at="volumes")
    view = after_restart(served, operation)
    problem = view["problem"]
    assert isinstance(problem, dict)
    assert (view["state"], problem["code"], view["recovered"]) == ("failed", "operation.crashes", "undone")
    assert changes(before, stage.world.fingerprint()) == ""
