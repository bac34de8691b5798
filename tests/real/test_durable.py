"""The server is killed at every step of every long verb: after a restart each operation is finished or undone, nothing
is left over, and its record says which. The command line and a server at once: one of them is refused."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fingerprint import Fingerprint
from tests.real.durable_stage import Served
from tests.real.faults import Stage, changes, normal, refused
from tests.real.scenarios import SCENARIOS
from tests.real.test_interrupted import ALIVE, BREAKS, Break, outcome
from tests.world import World, diff

QUICK = {"create image-publish.done"}
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
    before = stage.set(one.scenario)
    operation = served.dies(*one.scenario.argv, at=one.point)
    view = after_restart(served, operation)
    if one.scenario.verb == "guest.paste":  # its text is never written down
        assert view["state"] == "interrupted", view
        assert changes(before, stage.world.fingerprint(), one.scenario.ignore) == ""
        return
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


# --- the command line and a server at once on one guest ------------------------------------------------------


@pytest.fixture
def racing(stage: Stage, served: Served) -> Iterator[Served]:
    stage.small()
    served.start()
    yield served
    served.stop()
    stage.assert_tidy()


def disk_of(stage: Stage) -> str:
    """What is on the guest's disk."""
    (disk,) = stage.world.inn_json("show", "web")["disks"]
    assert stage.world.run(["qemu-img", "check", "-q", disk["path"]]).returncode == 0
    return hashlib.sha256(Path(f"/proc/{stage.world.pid}/root{disk['path']}").read_bytes()).hexdigest()


@pytest.mark.long
def test_the_command_line_is_at_it(stage: Stage, racing: Served) -> None:
    before = disk_of(stage)
    process = stage.paused("firmware", "delete", "web")
    view = racing.wait(racing.ask("start", "web")["id"])
    assert (view["state"], view["problem"]["code"]) == ("refused", "operation.busy")
    owner = view["problem"]["facts"]["owner"]
    assert re.fullmatch(r"guest\.delete web \(process \d+\)", owner), owner
    assert stage.go_on(process).returncode == 0
    stage.world.inn("undelete", "web", check=True)
    assert disk_of(stage) == before


def test_the_server_is_at_it(stage: Stage, racing: Served) -> None:
    """A guest without a system never powers off: the server waits for it, and holds its lock meanwhile."""
    stage.running()
    operation = racing.ask("stop", "web", "--timeout", "200")["id"]
    deadline = time.monotonic() + 60
    while racing.tell(do="get", **{"with": {"operation_id": operation}})["step"] != "stop":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    done = stage.inn("delete", "web", "--force")
    refused(done)
    assert re.search(rf"guest\.stop web \(operation {operation}, process \d+\)", done.stderr), done
    assert stage.inn("operation", "cancel", operation).returncode == 2, (
        "a server is not ended by its operation"
    )
    racing.tell(do="cancel", **{"with": {"operation_id": operation, "who": "eve"}})
    assert racing.wait(operation)["state"] == "cancelled"
    assert stage.world.virsh("domstate", "web").strip() == "running"
    stage.world.virsh("destroy", "web")
    disk_of(stage)


def test_both_at_the_same_moment(stage: Stage, racing: Served) -> None:
    """Whoever comes first does it, and the other is refused: busy, or in the bin already."""
    before = disk_of(stage)
    process = stage.begin("delete", "web")
    operation = racing.ask("delete", "web")["id"]
    out, err = process.communicate(timeout=120)
    view = racing.wait(operation)
    assert sorted([process.returncode, {"done": 0, "refused": 2}[view["state"]]]) == [0, 2], (out, err, view)
    stage.world.inn("undelete", "web", check=True)
    assert disk_of(stage) == before
