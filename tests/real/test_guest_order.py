"""Guests stop and start with their host in order; and without Innkeeper libvirt starts the same ones.

systemd does not run in a test's world: the commands of its units are run by hand, as systemd reads them.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from innkeeper.guest.running import units
from innkeeper.machine import local
from tests.real.faults import GUEST
from tests.world import World

ORDER = {"db": 1, "cache": 1, "web": 2, "other": None}
IMPATIENT = {"INNKEEPER_STOP_GUESTS_TIMEOUT": "1"}
"""These guests have no system that would hear them being asked."""
BOOT = "rm -f /run/libvirt/qemu/autostarted /run/innkeeper/guests-held"


@pytest.fixture(scope="module")
def ordered(world: World) -> Iterator[World]:
    """Guests with autostart; `idle` has an order alone."""
    for name in (*ORDER, "idle"):
        world.virsh("define", "/dev/stdin", input=GUEST.replace("NAME", name).replace("FIRMWARE", ""))
    for name, order in ORDER.items():
        words = [] if order is None else ["--start-order", str(order)]
        world.inn("set", name, "--autostart", *words, check=True)
    world.inn("set", "web", "--start-delay", "1", check=True)
    world.inn("set", "idle", "--start-order", "1", check=True)
    yield world
    for name in (*ORDER, "idle"):
        world.virsh("destroy", name, check=False)
        world.virsh("undefine", "--managed-save", name)


def running(world: World) -> list[str]:
    """Names, as they were started."""
    lines = world.virsh("list").splitlines()
    return [line.split()[1] for line in sorted(lines, key=lambda line: int(line.split()[0]))]


def command(name: str, key: str) -> list[str]:
    """The command of a unit, as systemd hands it on (systemd.service(5), COMMAND LINES)."""
    inn = units.program(local())
    assert inn is not None
    text = next(text for path, text in units.texts(inn).items() if path.endswith(f"/{name}"))
    found = re.search(rf"^{key}=(.*)$", text, re.MULTILINE)
    assert found
    return [word.replace("$$", "$").replace("%%", "%") for word in shlex.split(found[1])]


def test_started_in_order(ordered: World) -> None:
    done = json.loads(ordered.inn("host", "start-guests", "--json", check=True).stdout)
    assert [guest["outcome"] for guest in done["guests"]] == ["started"] * 4
    began = running(ordered)
    assert set(began[:2]) == {"db", "cache"}
    assert began[2:] == ["web", "other"]
    again = ordered.inn("host", "start-guests", check=True).stdout
    assert again.count("runs already") == 4


def test_stopped_the_other_way_round_and_saved(ordered: World) -> None:
    ordered.virsh("start", "idle")
    done = json.loads(ordered.inn("host", "stop-guests", "--timeout", "1", "--json", check=True).stdout)
    assert [guest["name"] for guest in done["guests"]][:2] == ["other", "web"]
    assert {guest["name"] for guest in done["guests"][2:]} == {"db", "cache", "idle"}
    assert {guest["outcome"] for guest in done["guests"]} == {"saved"}
    assert running(ordered) == []
    woken = ordered.inn("host", "start-guests", check=True).stdout
    assert woken.count("woken") == 4


def test_those_that_do_not_stop_are_left_or_cut_off_as_is_asked(ordered: World) -> None:
    done = ordered.inn("host", "stop-guests", "--timeout", "1", "--then", "leave")
    assert (done.returncode, done.stdout.count("left running")) == (1, 4)
    assert len(running(ordered)) == 4
    done = ordered.inn("host", "stop-guests", "--then", "force", env=IMPATIENT)
    assert (done.returncode, done.stdout.count("cut off")) == (0, 4)
    assert running(ordered) == []
    assert "no guests" in ordered.inn("host", "stop-guests", check=True).stderr


def test_refused(ordered: World) -> None:
    for words, env in ((("--then", "pray"), {}), ((), {"INNKEEPER_STOP_GUESTS_TIMEOUT": "soon"})):
        assert ordered.inn("host", "stop-guests", *words, env=env).returncode == 2
    assert ordered.inn("host", "stop-guests", env={"INNKEEPER_STOP_GUESTS_THEN": "pray"}).returncode == 2


def test_the_units_hold_libvirt_back_and_start_in_order(ordered: World) -> None:
    """A boot: nothing runs, and libvirt's mark of this boot is not there yet."""
    ordered.stop_libvirtd()
    ordered.run(["sh", "-c", BOOT], check=True)
    ordered.run(command(units.HOLD, "ExecStart"), check=True)
    ordered.start_libvirtd()
    assert running(ordered) == [], "libvirt was told that it has started them"
    ordered.run(command(units.SERVICE, "ExecStart"), check=True)
    assert running(ordered)[2:] == ["web", "other"]
    ordered.run(command(units.SERVICE, "ExecStart"), check=True)
    ordered.run(command(units.SERVICE, "ExecStop"), check=True, env=IMPATIENT)
    assert running(ordered) == []


def test_virsh_starts_them_when_innkeeper_cannot(ordered: World) -> None:
    ordered.run(["sh", "-c", f"{BOOT}; : > /run/innkeeper/guests-held"], check=True)
    broken = [word.replace("/inn ", "/no-such-inn ") for word in command(units.SERVICE, "ExecStart")]
    ordered.run(broken, check=True)
    assert set(running(ordered)) == set(ORDER)


def test_without_innkeeper_libvirt_starts_them(ordered: World) -> None:
    for name in running(ordered):
        ordered.virsh("destroy", name)
    ordered.stop_libvirtd()
    ordered.run(["sh", "-c", BOOT], check=True)
    ordered.start_libvirtd()
    wait = (
        "for i in $(seq 100); do test $(virsh list --name | grep -c .) = 4 && exit 0; sleep 0.1; done; exit 1"
    )
    ordered.run(["sh", "-c", wait], check=True)
    assert set(running(ordered)) == set(ORDER)
    # The unit begun by hand now, as setup does, has nothing to start.
    ordered.virsh("destroy", "web")
    ordered.run(command(units.SERVICE, "ExecStart"), check=True)
    assert "web" not in running(ordered)


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    inn = units.program(local())
    assert inn is not None
    paths = []
    for path, text in units.texts(inn).items():
        file = tmp_path / Path(path).name
        file.write_text(text)
        paths.append(str(file))
    done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "innkeeper-guests" in line]
    assert ours == []


def test_the_doctor_installs_the_units_and_takes_them_away(ordered: World, tmp_path: Path) -> None:
    root = ordered.directory / "root"
    (root / "etc/systemd/system").mkdir(parents=True)
    env = {"INNKEEPER_HOST_ROOT": str(root), "INNKEEPER_STATE_DIR": str(ordered.directory / "doctor")}

    def check() -> dict[str, str]:
        said = ordered.inn("host", "check", "--only", "guests", "--json", env=env).stdout
        (finding,) = json.loads(said)["findings"]
        return {key: finding[key] for key in ("status", "text")}

    def tree() -> dict[str, str]:
        files = [path for path in root.rglob("*") if path.is_file() or path.is_symlink()]
        return {
            str(path): path.readlink().as_posix() if path.is_symlink() else path.read_text() for path in files
        }

    before = tree()
    assert check() == {"status": "problem", "text": "guests.order.not_kept"}
    ordered.inn("host", "setup", "--only", "guests", env=env, check=True)
    assert check() == {"status": "ok", "text": "guests.order.kept"}
    assert {Path(path).name for path in tree()} == set(units.UNITS)
    ordered.inn("host", "setup", "--undo", env=env, check=True)
    assert tree() == before
    assert check()["status"] == "problem"
