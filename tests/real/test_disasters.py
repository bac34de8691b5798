"""What goes wrong outside while a command is in the middle: it ends done, or undone, or named and cleanable."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.fingerprint import Fingerprint
from tests.real.faults import IMAGES, KILLED, POOL_PATH, Stage, changes, wrong_refusal
from tests.world import Completed, World

CLOUD = ("create", "web", "--image", "cloud", "--no-start", "--ip", "192.168.122.50", "--firmware", "uefi")
FULL = ("create", "web", "--image", "blank", "--full", "--no-start")
IMPORT = ("image", "import", "FILES/blank.qcow2", "--name", "new")
STATE = "/var/lib/innkeeper"


@pytest.fixture(scope="module")
def whole() -> Iterator[Stage]:
    with World() as world:
        yield Stage(world)


@pytest.fixture
def stage(whole: Stage) -> Iterator[Stage]:
    yield whole
    whole.clear()
    assert changes(whole.base, whole.world.fingerprint()) == ""


def assert_done_undone_or_named(stage: Stage, done: Completed, before: Fingerprint) -> None:
    """By its exit code; and in the end nothing is left of what was not done."""
    assert "Traceback" not in done.stderr, done
    assert " bug " not in done.stderr, done
    left = stage.left()
    if done.returncode == 0:
        stage.assert_tidy()
        return
    if left:
        assert [entry["state"] for entry in left] == ["interrupted"]
        assert done.returncode != 2, done
        assert done.returncode < 0 or left[0]["id"] in done.stderr or "operation clean" in done.stderr, done
        assert stage.inn("operation", "clean").returncode == 0
    stage.assert_tidy()
    if done.returncode == 3 and not left and stage.world.virsh("list", "--all", "--name").split() == ["web"]:
        stage.inn("show", "web", check=True)  # it was done; only the answer was lost
        return
    assert changes(before, stage.world.fingerprint()) == ""


def fill(stage: Stage, path: str) -> None:
    stage.world.run(["sh", "-c", f"cat /dev/zero > {path}/filler 2>/dev/null; true"])


def empty(stage: Stage, path: str) -> None:
    stage.world.run(["rm", "-f", f"{path}/filler"], check=True)
    for pool in ("default", "innkeeper-images"):
        stage.world.virsh("pool-refresh", pool)


@pytest.mark.parametrize(
    ("path", "argv", "point"),
    [
        (IMAGES, FULL, "volumes"),
        (IMAGES, CLOUD, "volumes"),
        (IMAGES, CLOUD, "seed"),
        (POOL_PATH, IMPORT, "publish"),
        (POOL_PATH, IMPORT, "manifest"),
        (STATE, IMPORT, "convert"),
        (STATE, IMPORT, "publish"),
        (STATE, CLOUD, "define"),
        (STATE, CLOUD, "seed"),
        (STATE, CLOUD, "publish"),
        (STATE, ("delete", "old"), "autostart"),
    ],
)
def test_full_disk(stage: Stage, path: str, argv: tuple[str, ...], point: str) -> None:
    stage.image()
    if "old" in argv:
        stage.inn("create", "old", "--image", "blank", "--no-start", check=True)
    with stage.world.limit_disk(32 << 20, path):
        before = stage.world.fingerprint()
        process = stage.paused(point, *argv)
        fill(stage, path)
        done = stage.go_on(process)
        empty(stage, path)
        assert done.returncode in (0, 1, 2), done
        assert_done_undone_or_named(stage, done, before)


def test_no_room_for_the_record(stage: Stage) -> None:
    """What cannot be recorded is not begun."""
    stage.image()
    with stage.world.limit_disk(1 << 20, STATE):
        fill(stage, STATE)
        before = stage.world.fingerprint()
        for argv in (CLOUD, IMPORT):
            done = stage.inn(*argv)
            assert done.returncode in (1, 2), done
            assert " bug " not in done.stderr, done
            assert changes(before, stage.world.fingerprint()) == ""
        empty(stage, STATE)


def test_too_little_room_is_seen_before(stage: Stage) -> None:
    stage.image()
    with stage.world.limit_disk(100 << 10):
        before = stage.world.fingerprint()
        assert not wrong_refusal(stage.inn(*FULL))
        assert changes(before, stage.world.fingerprint()) == ""


POINTS = ("define", "volumes", "seed", "address", "publish", "publish.done")


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("kill", [False, True], ids=["TERM", "KILL"])
def test_libvirtd_is_restarted(stage: Stage, point: str, kill: bool) -> None:
    stage.image()
    before = stage.world.fingerprint()
    process = stage.paused(point, *CLOUD)
    stage.world.restart_libvirtd(kill=kill)
    done = stage.go_on(process)
    assert done.returncode in (0, 1, 3), done
    assert_done_undone_or_named(stage, done, before)


def import_of_much(stage: Stage) -> tuple[Fingerprint, subprocess.Popen[str]]:
    """An import that takes its time, begun; and what was there before."""
    big = stage.files / "big.raw"
    with big.open("wb") as file:
        for _ in range(200):
            file.write(os.urandom(1 << 20))
    return stage.world.fingerprint(), stage.begin("image", "import", str(big))


@pytest.mark.parametrize("point", ["publish", "manifest"])
def test_libvirtd_is_restarted_in_an_import(stage: Stage, point: str) -> None:
    before = stage.world.fingerprint()
    process = stage.paused(point, *IMPORT)
    stage.world.restart_libvirtd(kill=True)
    done = stage.go_on(process)
    assert done.returncode in (0, 1, 3), done
    assert_done_undone_or_named(stage, done, before)


def test_libvirtd_is_restarted_while_it_copies(stage: Stage) -> None:
    """Nothing is paused here: bytes are under way."""
    before, process = import_of_much(stage)
    stage.wait_for_step("publish", process)
    stage.world.restart_libvirtd(kill=True)
    out, err = process.communicate(timeout=90)
    assert process.returncode in (0, 1, 3), err
    assert_done_undone_or_named(stage, Completed([], process.returncode, out, err), before)


def test_libvirtd_stays_away(stage: Stage) -> None:
    """What cannot be undone now is named, refuses to be cleaned while nobody is there, and is cleaned afterwards."""
    stage.image()
    before = stage.world.fingerprint()
    assert stage.inn(*CLOUD, stop_at="seed").returncode == KILLED
    (left,) = stage.left()
    stage.world.stop_libvirtd()
    try:
        done = stage.inn("operation", "clean")
        assert not wrong_refusal(done), done
        assert stage.world.run(["ls", f"{STATE}/operations"]).stdout.split() == [f"{left['id']}.jsonl"]
    finally:
        stage.world.start_libvirtd()
    assert stage.left() == [left]
    assert stage.inn("operation", "clean").returncode == 0
    stage.assert_tidy()
    assert changes(before, stage.world.fingerprint()) == ""


@pytest.mark.long
def test_libvirtd_stays_away_from_a_running_command(stage: Stage) -> None:
    stage.image()
    before = stage.world.fingerprint()
    process = stage.paused("seed", *CLOUD)
    stage.world.stop_libvirtd(kill=True)
    try:
        done = stage.go_on(process)
    finally:
        stage.world.start_libvirtd()
    assert done.returncode in (1, 3), done
    assert len(stage.left()) == 1
    assert_done_undone_or_named(stage, done, before)


Deed = Callable[[Stage], object]
DEEDS: dict[str, tuple[Deed, Deed]] = {
    "image's disk": (
        lambda stage: stage.world.virsh("vol-delete", "--pool", "innkeeper-images", "cloud.qcow2"),
        lambda stage: stage.world.run(["cp", "-a", f"{stage.files}/pool/cloud.qcow2", POOL_PATH], check=True),
    ),
    "images' pool": (
        lambda stage: stage.world.virsh("pool-destroy", "innkeeper-images"),
        lambda stage: stage.world.virsh("pool-start", "innkeeper-images"),
    ),
    "pool": (
        lambda stage: stage.world.virsh("pool-destroy", "default"),
        lambda stage: stage.world.virsh("pool-start", "default"),
    ),
    "network": (
        lambda stage: stage.world.virsh("net-destroy", "default"),
        lambda stage: stage.world.virsh("net-start", "default"),
    ),
    "guest": (lambda stage: stage.world.virsh("undefine", "web~creating", "--nvram"), lambda stage: None),
}


@pytest.mark.parametrize("point", ["volumes", "seed", "publish"])
@pytest.mark.parametrize("what", list(DEEDS))
def test_gone_under_it(stage: Stage, what: str, point: str) -> None:
    stage.image()
    before = stage.world.fingerprint()
    take, bring = DEEDS[what]
    process = stage.paused(point, *CLOUD)
    take(stage)
    done = stage.go_on(process)
    bring(stage)
    stage.world.virsh("pool-refresh", "innkeeper-images")
    assert done.returncode in (0, 1, 2), done
    assert_done_undone_or_named(stage, done, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda one: one.name)
@pytest.mark.parametrize(
    ("argv", "point"), [(CLOUD, "seed"), (IMPORT, "publish"), (("delete", "old"), "rename")]
)
def test_asked_to_stop(stage: Stage, argv: tuple[str, ...], point: str, number: signal.Signals) -> None:
    """^C undoes and says so, and so do a shutdown and a terminal that hangs up."""
    stage.image()
    if "old" in argv:
        stage.inn("create", "old", "--image", "blank", "--no-start", check=True)
    before = stage.world.fingerprint()
    done = stage.go_on(stage.paused(point, *argv), number)
    assert done.returncode in (1, 130), done
    assert "cancelled" in done.stderr
    assert stage.left() == []
    assert_done_undone_or_named(stage, done, before)


def test_interrupted_while_it_converts(stage: Stage) -> None:
    """^C as a terminal sends it: to every process in front; no qemu-img goes on."""
    before, process = import_of_much(stage)
    stage.wait_for_step("convert", process)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode in (1, 130, -2), err
    assert_done_undone_or_named(stage, Completed([], process.returncode, out, err), before)
