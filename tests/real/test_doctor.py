"""The doctor on hosts that are broken for real: each fault is made in a world, seen, repaired, and put back."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.real.host_state import state_of
from tests.world import Inside, World, diff

KILLED = -signal.SIGKILL
SETUP_OWN = ("file/var/lib/innkeeper",)
"""Our own folders, which stay once they are there."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A world whose faults are taken back by the tests that make them."""
    with World() as made:
        made.inn("host", "setup", "--only", "qemu")
        yield made


def findings(
    world: Inside, *only: str, status: int | None = None, **options: Any
) -> dict[str, dict[str, Any]]:
    words = [word for name in only for word in ("--only", name)]
    done = world.inn("host", "check", "--json", *words, **options)
    assert done.stderr == ""
    if status is not None:
        assert done.returncode == status, done.stdout
    return {one["id"]: one for one in json.loads(done.stdout)["findings"]}


def setup(world: Inside, *words: str, **options: Any) -> dict[str, Any]:
    done = world.inn("host", "setup", "--json", *words, **options)
    assert done.stdout, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def outcomes(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["kind"], one["key"], one["outcome"]) for one in answer["repairs"]]


def heals(
    world: World, id: str, variant: str, *, status: str = "problem", env: dict[str, str] | None = None
) -> None:
    """The fault that was made is seen, repaired, not repaired twice, and there again after an undo."""
    before = state_of(world)
    seen = findings(world, id, status=1 if status == "problem" else 0, env=env)[id]
    assert (seen["status"], seen["text"], seen["repairable"]) == (status, f"{id}.{variant}", True), seen
    assert seen["remedy"]
    answer = setup(world, "--only", id, env=env)
    assert {outcome for _, _, outcome in outcomes(answer)} == {"done"}, answer
    now = findings(world, id, env=env)[id]
    assert now["status"] == "ok" or now["text"].endswith("new_member"), now
    assert outcomes(setup(world, "--only", id, env=env)) == []
    answer = setup(world, "--undo")
    assert {outcome for _, _, outcome in outcomes(answer)} == {"undone"}, answer
    assert diff(before, state_of(world), SETUP_OWN) == ""


def end(world: World, name: str) -> None:
    script = 'p=$(cat "/run/$1.pid") && kill "$p" && while kill -0 "$p" 2>/dev/null; do sleep 0.02; done'
    world.run(["sh", "-c", script, "sh", name], check=True, timeout=30)


# --- daemons ------------------------------------------------------------------------------------------------


def test_all_is_well(world: World) -> None:
    seen = findings(world, "daemon", "qemu", "firmware.bios", "firmware.uefi", "kvm.device", status=0)
    version = tuple(map(int, seen["qemu.system"]["facts"]["version"].split(".")))
    assert {id: one["text"].rpartition(".")[2] for id, one in seen.items()} == {
        "daemon.libvirt": "answers",
        "daemon.style": "monolithic",
        "daemon.virtlogd": "runs",
        "daemon.virtlockd": "not_used",
        "daemon.access": seen["daemon.access"]["text"].rpartition(".")[2],
        "qemu.system": "there" if version >= (8, 1) else "threads",
        "qemu.img": "there",
        "firmware.bios": "there",
        "firmware.uefi": "there",
        "kvm.device": "usable",
    }
    assert seen["daemon.libvirt"]["facts"]["version"] in world.virsh("version")
    everything = findings(world)
    assert not [one for one in everything.values() if one["text"].startswith("host.check_")]


def test_libvirtd_is_away(world: World) -> None:
    """And network `default`, which it brings up at its first start after boot, goes again with it."""
    world.virsh("net-destroy", "default")
    end(world, "libvirtd")
    world.run(["sh", "-c", "rm /run/libvirt/*/autostarted"], check=True)
    try:
        heals(world, "daemon.libvirt", "stopped")
        assert "virbr0" not in world.run(["ip", "-br", "link"]).stdout
    finally:
        world.start_libvirtd()
    assert "default" in world.virsh("net-list")


def test_networks_that_were_up_stay_up(world: World) -> None:
    end(world, "libvirtd")
    try:
        heals(world, "daemon.libvirt", "stopped")
        assert "virbr0" in world.run(["ip", "-br", "link"]).stdout
    finally:
        world.start_libvirtd()


def test_virtlogd_is_away(world: World) -> None:
    end(world, "virtlogd")
    try:
        heals(world, "daemon.virtlogd", "stopped")
    finally:
        world.run(["virtlogd", "-d"], check=True)


def test_virtlockd_is_asked_for_and_away(world: World) -> None:
    world.run(["sh", "-c", "echo 'lock_manager = \"lockd\"' >>/etc/libvirt/qemu.conf"], check=True)
    try:
        heals(world, "daemon.virtlockd", "stopped")
    finally:
        world.run(["sed", "-i", "$d", "/etc/libvirt/qemu.conf"], check=True)
    assert findings(world, "daemon.virtlockd")["daemon.virtlockd"]["text"].endswith("not_used")


def test_libvirtd_hangs(world: World) -> None:
    """It takes the connection and never answers: said after a bounded time, and not repaired by force."""
    pid = int(world.run(["cat", "/run/libvirtd.pid"]).stdout)
    world.run(["kill", "-STOP", str(pid)], check=True)
    try:
        began = time.monotonic()
        seen = findings(world, "daemon.libvirt", status=1)["daemon.libvirt"]
        assert time.monotonic() - began < 60
        assert (seen["status"], seen["text"]) == ("problem", "daemon.libvirt.silent")
        assert "kill" in seen["remedy"]
        assert not seen["repairable"]
    finally:
        world.run(["kill", "-CONT", str(pid)], check=True)
    assert findings(world, "daemon.libvirt", status=0)


def test_a_guest_that_was_started_since_keeps_its_daemon(world: World) -> None:
    end(world, "libvirtd")
    assert outcomes(setup(world, "--only", "daemon.libvirt")) == [("service", "libvirtd", "done")]
    world.run(["mkdir", "-p", "/run/libvirt/qemu"], check=True)
    world.run(["touch", "/run/libvirt/qemu/web.xml"], check=True)
    done = world.inn("host", "setup", "--undo")
    assert done.returncode == 1
    assert "web" in done.stdout
    assert findings(world, "daemon.libvirt", status=0)
    world.run(["rm", "/run/libvirt/qemu/web.xml"], check=True)
    try:
        assert outcomes(setup(world, "--undo")) == [("service", "libvirtd", "undone")]
    finally:
        world.start_libvirtd()


def test_the_driver_is_missing(world: World) -> None:
    """libvirtd without its QEMU driver: the file is hidden, and the daemon started anew."""
    driver = "/usr/lib/$(uname -m)-linux-gnu/libvirt/connection-driver/libvirt_driver_qemu.so"
    hide = f"mkdir -p /run/none && mount --bind /run/none $(dirname {driver})"
    world.run(["sh", "-c", hide], check=True)
    world.stop_libvirtd()
    try:
        world.run(["libvirtd", "-d"], check=True)
        seen = findings(world, "daemon.libvirt", status=1)["daemon.libvirt"]
        assert (seen["text"], seen["repairable"]) == ("daemon.libvirt.no_driver", True)
        assert "libvirt-daemon-driver-qemu" in seen["remedy"] or "libvirt" in seen["remedy"]
    finally:
        world.stop_libvirtd()
        world.run(["sh", "-c", f"umount $(dirname {driver})"], check=True)
        world.start_libvirtd()


def test_a_replaced_program_is_told(world: World) -> None:
    """What an update of the package leaves: the daemon runs from a file that has no name any more."""
    end(world, "virtlogd")
    copy = "cp /usr/sbin/virtlogd /run/virtlogd && /run/virtlogd -d && rm /run/virtlogd"
    world.run(["sh", "-c", copy], check=True)
    try:
        seen = findings(world, "daemon.outdated", status=0)["daemon.outdated"]
        assert (seen["status"], seen["facts"]) == ("advice", {"name": "virtlogd"})
        # The remedy does what it says.
        world.run(["sh", "-c", seen["remedy"].replace(";", "; sleep 1;")], check=True)
        assert findings(world, "daemon.outdated", status=0) == {}
    finally:
        world.run(["sh", "-c", "kill -0 $(cat /run/virtlogd.pid) || virtlogd -d"], check=True)


# --- people and devices -------------------------------------------------------------------------------------


def test_a_person_who_is_not_in_the_group(world: World) -> None:
    """Debian's way: the socket is of a group. Whom sudo(8) ran it for is the person."""
    world.run(["sh", "-c", "stat -c %a:%G /run/libvirt/libvirt-sock >/run/was"], check=True)
    world.run(["sh", "-c", "chgrp libvirt /run/libvirt/libvirt-sock; chmod 770 /run/libvirt/libvirt-sock"])
    try:
        heals(world, "daemon.access", "stranger", status="advice", env={"SUDO_USER": "visitor"})
        seen = findings(world.as_user(), "daemon.access", env={"LIBVIRT_DEFAULT_URI": "qemu:///system"})
        assert seen["daemon.access"]["facts"]["user"] == "visitor"
        assert findings(world, "daemon.access")["daemon.access"]["text"].endswith("root")
    finally:
        back = 'IFS=: read -r m g </run/was; chmod "$m" "$1"; chgrp "$g" "$1"'
        world.run(["sh", "-c", back, "sh", "/run/libvirt/libvirt-sock"], check=True)


def test_an_ordinary_user_may_check_and_not_repair(world: World) -> None:
    person = world.as_user()
    done = person.inn("host", "setup", "-c", "qemu:///system")
    assert done.returncode == 2
    assert "sudo" in done.stderr


@pytest.mark.parametrize(("kind", "variant"), [("system", "no_bus"), ("session", "answers")])
def test_an_ordinary_user_sees_what_there_is_to_be_seen(world: World, kind: str, variant: str) -> None:
    """A world has no D-Bus, so that libvirtd cannot ask polkit."""
    seen = findings(world.as_user(), env={"LIBVIRT_DEFAULT_URI": f"qemu:///{kind}"})
    assert not [one for one in seen.values() if one["text"] == "host.check_bug"]
    assert seen["daemon.libvirt"]["text"] == f"daemon.libvirt.{variant}"
    assert seen["kvm.proof"]["facts"]["verdict"] in ("absent", "denied", "proven", "wrong", "slow")


@pytest.mark.skipif(not os.path.exists("/dev/kvm"), reason="there is no /dev/kvm here")
@pytest.mark.parametrize(("owner", "mode"), [("root:root", "600")])
def test_kvm_is_not_for_qemu(world: World, owner: str, mode: str) -> None:
    """The node is the world's own."""
    world.run(["sh", "-c", f"chown {owner} /dev/kvm && chmod {mode} /dev/kvm"], check=True)
    try:
        heals(world, "kvm.device", "denied")
    finally:
        world.run(["sh", "-c", "chown root:kvm /dev/kvm && chmod 660 /dev/kvm"], check=True)


@pytest.mark.parametrize(("device", "verdict"), [("/none", "kvm.absent"), ("/dev/null", "kvm.not_kvm")])
def test_no_kvm(world: World, device: str, verdict: str) -> None:
    seen = findings(world, "kvm.proof", status=1, env={"INNKEEPER_KVM_DEVICE": device})["kvm.proof"]
    assert (seen["status"], seen["text"], seen["facts"]["device"]) == ("problem", verdict, device)


@pytest.mark.skipif(not os.path.exists("/dev/kvm"), reason="there is no /dev/kvm here")
def test_kvm_is_not_for_this_person(world: World) -> None:
    seen = findings(world.as_user(), "kvm.proof", status=1)["kvm.proof"]
    assert (seen["status"], seen["text"]) == ("problem", "kvm.denied")


@pytest.mark.skipif(not os.path.exists("/dev/kvm"), reason="there is no /dev/kvm here")
def test_a_person_whose_own_guests_have_no_kvm(world: World) -> None:
    heals(world, "kvm.access", "stranger", status="advice", env={"SUDO_USER": "visitor"})
    assert findings(world, "kvm.access", status=0) == {}


# --- sudden deaths ------------------------------------------------------------------------------------------


def break_host(world: World) -> None:
    """Several things at once."""
    world.run(["sh", "-c", "echo 'lock_manager = \"lockd\"' >>/etc/libvirt/qemu.conf"], check=True)
    if os.path.exists("/dev/kvm"):
        world.run(["chmod", "600", "/dev/kvm"], check=True)
    world.virsh("net-destroy", "default")
    end(world, "libvirtd")
    end(world, "virtlogd")


AREAS = ("--only", "daemon", "--only", "kvm.device")
POINTS = ("daemon.libvirt", "daemon.libvirt.done", "repair.done")


@pytest.fixture(scope="module")
def broken() -> Iterator[World]:
    with World() as made:
        break_host(made)
        made.inn("host", "setup", "--undo")
        yield made


@pytest.mark.parametrize("point", POINTS)
def test_killed_in_a_setup(broken: World, point: str) -> None:
    """`operation clean` puts all of it back; so does the next setup, before it does its own."""
    before = state_of(broken)
    done = broken.inn("host", "setup", *AREAS, env={"INNKEEPER_STOP_AT": point})
    assert done.returncode in (KILLED, 128 + signal.SIGKILL), done.stderr
    broken.inn("operation", "clean", check=True)
    assert diff(before, state_of(broken), SETUP_OWN) == ""
    assert outcomes(setup(broken, "--undo")) == []


def test_a_setup_after_a_killed_one(broken: World) -> None:
    before = state_of(broken)
    broken.inn("host", "setup", *AREAS, env={"INNKEEPER_STOP_AT": "daemon.virtlogd"})
    answer = setup(broken, *AREAS)
    assert {"libvirtd", "virtlogd", "virtlockd"} <= {
        key for _, key, outcome in outcomes(answer) if outcome == "done"
    }
    assert {one["status"] for one in answer["findings"]} <= {"ok", "advice"}
    setup(broken, "--undo")
    assert diff(before, state_of(broken), SETUP_OWN) == ""


@pytest.mark.parametrize("point", ["daemon.libvirt.undo", "daemon.virtlogd.undo.done"])
def test_killed_in_an_undo(broken: World, point: str) -> None:
    before = state_of(broken)
    setup(broken, *AREAS)
    done = broken.inn("host", "setup", "--undo", env={"INNKEEPER_STOP_AT": point})
    assert done.returncode in (KILLED, 128 + signal.SIGKILL), done.stderr
    setup(broken, "--undo")
    assert diff(before, state_of(broken), SETUP_OWN) == ""
    assert outcomes(setup(broken, "--undo")) == []


# --- what is printed ----------------------------------------------------------------------------------------


def test_the_report_is_read(broken: World) -> None:
    done = broken.inn("host", "check", "--only", "daemon")
    assert done.returncode == 1
    assert "✗ daemon.libvirt" in done.stdout
    assert "→ libvirtd -d" in done.stdout
    assert "inn host setup" in done.stdout
    assert "\x1b" not in done.stdout
    chinese = broken.inn("host", "check", "--only", "daemon", env={"LANG": "zh_CN.UTF-8"}).stdout
    assert "libvirt 没有运行" in chinese


def test_dry_run(broken: World) -> None:
    before = state_of(broken)
    done = broken.inn("host", "setup", "--dry-run", "--explain", *AREAS)
    assert "daemon.libvirt: daemon libvirtd" in done.stdout
    assert "once libvirt answers" in done.stdout
    assert "libvirtd -d" in done.stdout
    assert diff(before, state_of(broken)) == ""
