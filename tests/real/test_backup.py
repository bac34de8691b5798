"""Backups of real guests: two disks at one moment, restored beside the original and in its place, broken off."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.real.backstage import BACKUPS, FORGERIES, IGNORED, REGION, Backstage, backups, first_bytes, forged
from tests.real.faults import KILLED, points, refused
from tests.real.tiny_shell import TinyShell
from tests.world import World, diff


@pytest.fixture(scope="module")
def stage(tiny_world: World) -> Backstage:
    stage = Backstage(tiny_world)
    stage.furnish()
    return stage


WRITER = "; ".join(
    [
        "i=0; while [ -e /run/go ]",
        "do i=$((i+1))",
        "for d in vda vdb; do printf %010d $i | dd of=/dev/$d bs=512 conv=notrunc,fsync 2>/dev/null; done",
        "done &",
    ]
)


def test_two_disks_of_a_running_guest_are_of_one_moment(stage: Backstage) -> None:
    """A writer puts one number after the other on both, first on vda: in a copy vdb is as far as vda or one behind."""
    world = stage.world
    with TinyShell(world, "web") as shell:
        shell.run(f"touch /run/go; {WRITER} sleep 2")
        made = world.inn_json("backup", "create", "web")
        on_disk = int(shell.run("dd if=/dev/vda bs=10 count=1 2>/dev/null"))
        shell.run("rm /run/go; wait")
    assert (made["state"], made["frozen"]) == ("running", False)
    assert [disk["target"] for disk in made["disks"]] == ["vda", "vdb", "vdc"]
    first, second = (int(first_bytes(world, f"{made['path']}/{disk}.qcow2")[:10]) for disk in ("vda", "vdb"))
    assert first - second in (0, 1)
    assert 0 < first < on_disk, "it was no moment of this run"
    mode = world.run(["stat", "-c", "%a %u", made["path"], f"{made['path']}/vdb.qcow2"]).stdout.split()
    assert mode == ["700", "0", "600", "0"]
    assert world.run(["sh", "-c", f"cd {made['path']} && sha256sum -c --quiet SHA256SUMS"]).returncode == 0
    assert made["id"] in world.inn("backup", "verify", "web", check=True).stdout
    stage.nothing_left()


def test_restored_beside_the_original(stage: Backstage) -> None:
    """Both run; what is on the disks is the same, and who they are is not."""
    world = stage.world
    with TinyShell(world, "web") as shell:
        sums = stage.sums(shell)
    world.inn("backup", "restore", "web", "--as", "www", check=True)
    web, www = (world.inn_json("show", name) for name in ("web", "www"))
    assert (web["state"], www["state"]) == ("running", "stopped")
    assert web["uuid"] != www["uuid"]
    assert web["nics"][0]["mac"] != www["nics"][0]["mac"]
    assert {disk["path"] for disk in web["disks"]}.isdisjoint(disk["path"] for disk in www["disks"])
    world.inn("start", "www", "--wait", "boot", "--timeout", "280", check=True, timeout=300)
    with TinyShell(world, "www") as shell:
        assert stage.sums(shell) == sums
    world.inn("delete", "www", "--force", check=True)
    world.inn("purge", "www", "--yes", check=True)


def test_restored_in_its_place(stage: Backstage) -> None:
    """What is there is never overwritten: it is named, and goes to the bin when that is asked for."""
    world = stage.world
    before = world.inn_json("show", "web")
    with TinyShell(world, "web") as shell:
        sums = stage.sums(shell)
        shell.run("dd if=/dev/zero of=/dev/vda bs=64k seek=16 count=64 2>/dev/null; sync")
    done = world.inn("backup", "restore", "web")
    refused(done)
    assert "vda (64M), vdb (128M), vdc" in done.stderr
    refused(world.inn("backup", "restore", "web", "--replace"))  # it runs
    world.inn("backup", "restore", "web", "--replace", "--force", check=True)
    after = world.inn_json("show", "web")
    assert (after["state"], after["nics"][0]["mac"]) == ("stopped", before["nics"][0]["mac"])
    assert after["uuid"] != before["uuid"]
    world.inn("start", "web", "--wait", "boot", "--timeout", "280", check=True, timeout=300)
    with TinyShell(world, "web") as shell:
        assert stage.sums(shell) == sums
    world.inn("undelete", "web", "--as", "old", check=True)
    assert world.inn_json("show", "old")["uuid"] == before["uuid"]


def test_a_guest_that_is_off(stage: Backstage) -> None:
    """`old`, the one that was put away: what it stands on is in the backup too, as a file of its own."""
    world = stage.world
    made = world.inn_json("backup", "create", "old")
    assert (made["state"], made["guest"], made["notes"]) == ("stopped", "old", [])
    kept = json.loads(Path(f"/proc/{world.pid}/root{made['path']}/guest.json").read_text())
    assert [len(disk["files"]) for disk in kept["disks"]] == [2, 1, 1]
    for disk, source in zip(("vda", "vdb", "vdc"), world.inn_json("show", "old")["disks"], strict=True):
        same = ("qemu-img", "compare", "-f", source["format"], "-F", "qcow2", source["path"])
        assert world.run([*same, f"{made['path']}/{disk}.qcow2"]).returncode == 0
    world.inn("delete", "old", check=True)
    world.inn("purge", "old", "--yes", check=True)
    before = world.fingerprint()
    restored = world.inn_json("backup", "restore", made["id"])
    assert restored["uuid"] == made["uuid"], "it is free again"
    world.inn("delete", "old", check=True)
    world.inn("purge", "old", "--yes", check=True)
    assert diff(before, world.fingerprint(), IGNORED) == ""


def test_a_damaged_backup_makes_nothing(stage: Backstage) -> None:
    world = stage.world
    made = world.inn_json("backup", "create", "web")
    with Path(f"/proc/{world.pid}/root{made['path']}/vdb.qcow2").open("r+b") as file:
        file.seek(-70000, os.SEEK_END)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))
    before = world.fingerprint()
    for words in (
        ("verify", made["id"]),
        ("restore", made["id"], "--as", "new"),
        ("restore", made["id"], "--replace", "--force"),
    ):
        done = world.inn("backup", *words)
        assert (done.returncode, "vdb.qcow2" in done.stderr) == (1, True), done
    world.run(["truncate", "-s", "-1", f"{made['path']}/guest.xml"], check=True)
    assert "guest.xml" in world.inn("backup", "restore", made["id"], "--as", "new").stderr
    assert diff(before, world.fingerprint(), (*IGNORED, f"file{made['path']}")) == ""
    world.inn("backup", "remove", made["id"], check=True)
    assert made["id"] not in backups(world)
    stage.nothing_left()


# --- broken off -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("point", points("backup.remove"))
def test_killed_while_it_removes(stage: Backstage, point: str) -> None:
    """What was begun does not come back."""
    (*_, last) = backups(stage.world)
    assert stage.inn("backup", "remove", last, stop_at=point).returncode == KILLED
    assert [left["verb"] for left in stage.left()] == ["backup.remove"]
    assert stage.inn("operation", "clean").returncode == 0
    assert last not in stage.world.run(["ls", BACKUPS]).stdout.split()
    stage.nothing_left()


def _some(every: list[str], short: set[str]) -> list[object]:
    """The others are for the long run."""
    return [pytest.param(one, marks=[] if one in short else [pytest.mark.long]) for one in every]


SHORT = {"begin", "begin.done", "sums", "publish.done"}


@pytest.mark.parametrize("point", _some(points("backup.create"), SHORT))
def test_killed(stage: Backstage, point: str) -> None:
    """It is named; cleaning ends the job and takes the files away; after that a backup can be made."""
    known = backups(stage.world)
    assert stage.inn("backup", "create", "web", stop_at=point).returncode == KILLED
    (left,) = stage.left()
    assert (left["verb"], left["target"], left["state"]) == ("backup.create", "web", "interrupted")
    done = stage.inn("operation", "clean")
    assert done.returncode == 0, done
    fresh = [one for one in backups(stage.world) if one not in known]
    assert len(fresh) == (point == "publish.done")
    there = stage.world.run(["ls", BACKUPS]).stdout.split()
    assert sorted(there) == sorted(known + fresh)
    stage.nothing_left()


def test_a_job_of_somebody_else(stage: Backstage) -> None:
    world, theirs = stage.world, f"{stage.files}/theirs"
    world.run(["mkdir", "-m", "777", theirs], check=True)
    text = f"<domainbackup mode='pull'><server transport='unix' socket='{theirs}/nbd'/><disks>"
    text += f"<disk name='vdb' type='file'><scratch file='{theirs}/vdb'/></disk></disks></domainbackup>"
    world.virsh("backup-begin", "web", "/dev/stdin", input=text)
    done = stage.inn("backup", "create", "web")
    refused(done)
    assert "backup" in done.stderr
    world.virsh("domjobabort", "web")
    stage.nothing_left()


def test_a_disk_that_fills_up(stage: Backstage) -> None:
    """What is seen before is refused; what comes later is undone."""
    world, filler = stage.world, f"{stage.narrow}/filler"
    world.run(["sh", "-c", f"head -c 90M /dev/zero >{filler}"], check=True)
    refused(stage.inn("backup", "create", "web", "--to", stage.narrow))
    world.run(["rm", filler], check=True)
    for point in ("begin", "copy"):
        process = stage.paused(point, "backup", "create", "web", "--to", stage.narrow)
        world.run(["sh", "-c", f"cat /dev/zero >{filler} 2>/dev/null; true"])
        done = stage.go_on(process)
        assert (done.returncode, "no space left" in done.stderr.lower()) == (1, True), done
        assert world.run(["ls", stage.narrow]).stdout.split() == ["filler"]
        world.run(["rm", filler], check=True)
    stage.nothing_left()


def test_no_room_for_what_the_guest_overwrites(stage: Backstage) -> None:
    """QEMU stops the guest then. The backup fails, and the guest goes on as if nothing had been."""
    world, filler = stage.world, f"{stage.narrow}/filler"
    with TinyShell(world, "web") as shell:
        shell.run("dd if=/dev/urandom of=/run/noise bs=64k count=64 2>/dev/null")
        process = stage.paused("copy", "backup", "create", "web", "--to", stage.narrow)
        world.run(["sh", "-c", f"cat /dev/zero >{filler} 2>/dev/null; true"])
        shell.begin(
            f"dd if=/run/noise of=/dev/vdb {REGION.replace('skip', 'seek')} conv=fsync; echo $? >/run/ended"
        )
        stage.wait_for(lambda: world.virsh("domstate", "web").strip() == "paused", process)
        done = stage.go_on(process)
        assert (done.returncode, "no space left" in done.stderr.lower()) == (1, True), done
        assert shell.run("while [ ! -s /run/ended ]; do sleep 0.1; done; cat /run/ended") == "0"
        sums = shell.run(f"sha256sum </run/noise; dd if=/dev/vdb {REGION} 2>/dev/null | sha256sum").split()
        assert sums[0] == sums[2], "it holds what was written"
    assert world.run(["ls", stage.narrow]).stdout.split() == ["filler"]
    world.run(["rm", filler], check=True)
    stage.nothing_left()


def test_where_qemu_can_make_no_socket(stage: Backstage) -> None:
    """QEMU writes the copies itself then."""
    world = stage.world
    script = "set -- /var/lib/libvirt/qemu/domain-*-web && mkdir $1/inn.sock && echo $1/inn.sock"
    taken = world.run(["sh", "-c", script], check=True).stdout.strip()
    made = world.inn_json("backup", "create", "web")
    told = world.virsh("domjobinfo", "web", "--completed")
    world.run(["rmdir", taken], check=True)
    assert re.search(r"Job type: +Completed *\nOperation: +Backup", told), told
    world.inn("backup", "verify", made["id"], check=True)
    world.inn("backup", "remove", made["id"], check=True)
    stage.nothing_left()


def test_places(stage: Backstage) -> None:
    """Directories that are named are not made, and have to let QEMU in; pools have to hold files."""
    world, closed, fixed = stage.world, f"{stage.files}/closed", f"{stage.files}/fixed"
    refused(stage.inn("backup", "create", "web", "--to", "/no/such"))
    world.run(["mkdir", "-m", "700", closed], check=True)
    done = stage.inn("backup", "create", "web", "--to", closed)
    refused(done)
    assert closed in done.stderr
    refused(stage.inn("backup", "create", "web", "--to", "no-such-pool"))
    made = world.inn_json("backup", "create", "web", "--to", "default", "--no-freeze")
    assert made["path"].startswith("/var/lib/libvirt/images/innkeeper-backups/web@")
    listed = world.inn_json("backup", "list", "web", "--from", "default")
    assert [one["id"] for one in listed] == [made["id"]]
    assert made["id"] in backups(world)
    assert world.inn_json("backup", "show", made["path"])["pool"] == "default"
    world.inn("backup", "remove", made["id"], check=True)
    world.run(["sh", "-c", f"mkdir {fixed} && mount -t tmpfs -o ro tmpfs {fixed}"], check=True)
    done = stage.inn("backup", "create", "web", "--to", fixed)
    assert done.returncode in (1, 2), done
    assert "Traceback" not in done.stderr
    stage.nothing_left()


RESTORE = {"rename.done", "files", "publish.done"}


@pytest.mark.parametrize("point", _some(points("backup.restore"), RESTORE))
def test_killed_while_it_restores(stage: Backstage, point: str) -> None:
    """The guest that was to be replaced is back, and nothing of the other is left."""
    world = stage.world
    if "spare" not in world.virsh("list", "--all", "--name").split():
        disk = "/var/lib/libvirt/images/spare.qcow2"
        world.run(["qemu-img", "create", "-q", "-f", "qcow2", disk, "16M"], check=True)
        options = ("--memory", "64M", "--network", "none", "--firmware", "uefi", "--no-start")
        world.inn("create", "spare", "--disk", disk, *options, check=True)
        world.inn("set", "spare", "--autostart", check=True)
        world.inn("backup", "create", "spare", check=True)
        world.virsh("pool-refresh", "default")
    before = world.fingerprint()
    assert stage.inn("backup", "restore", "spare", "--replace", stop_at=point).returncode == KILLED
    assert [left["verb"] for left in stage.left()] == ["backup.restore"]
    assert stage.inn("operation", "clean").returncode == 0
    assert diff(before, world.fingerprint(), ("name/var/log/", "name/run/", "file/run/")) == ""
    stage.nothing_left()


# --- made elsewhere ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", FORGERIES, ids=lambda one: one.__name__)
def test_a_forged_backup_is_refused(stage: Backstage, change: Callable[[Path, dict[str, Any]], None]) -> None:
    world = stage.world
    path = forged(world, change)
    before = world.fingerprint()
    done = stage.inn("backup", "restore", path, "--as", "new")
    world.run(["rm", "-r", path], check=True)
    assert done.returncode in (1, 2), done
    assert " bug " not in done.stderr
    assert "Traceback" not in done.stderr
    assert diff(before, world.fingerprint(), (*IGNORED, f"file{path}", f"name{path}")) == ""
    assert "new" not in world.virsh("list", "--all", "--name").split()


# --- while it copies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["asked", "killed", "killed with its deputy"])
def test_ended_while_it_copies(stage: Backstage, how: str) -> None:
    """Whoever dies is survived by a deputy, who ends QEMU's job. Without one it is there until somebody cleans up."""
    alone = how == "killed with its deputy"
    known = backups(stage.world)
    process = stage.slow("alone" if alone else "attended")
    busy = stage.inn("backup", "create", "web")
    refused(busy)
    if how == "asked":
        os.killpg(process.pid, signal.SIGINT)
        _out, err = process.communicate(timeout=90)
        assert process.returncode in (1, 130, -2), err
        assert "cancelled" in err
    else:
        stage.kill(process)
        (left,) = stage.left()
        assert left["step"] == "copy"
        deadline = time.monotonic() + 30
        while not alone and stage.copies():
            assert time.monotonic() < deadline, "it is still there"
        assert stage.copies() == alone
        assert stage.inn("operation", "clean").returncode == 0
    assert stage.world.run(["ls", BACKUPS]).stdout.split() == known
    stage.nothing_left()


def test_libvirtd_is_restarted_while_it_copies(stage: Backstage) -> None:
    """QEMU goes on, and so does the backup."""
    process = stage.slow()
    stage.world.restart_libvirtd(kill=True)
    (stage.files / "slow").unlink()
    _out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    stage.inn("backup", "verify", "web", check=True)
    stage.nothing_left()


def test_somebody_ends_its_job(stage: Backstage) -> None:
    known = backups(stage.world)
    process = stage.slow()
    stage.world.virsh("domjobabort", "web")
    (stage.files / "slow").unlink()
    _out, err = process.communicate(timeout=90)
    assert process.returncode == 1, err
    assert "could not copy" in err
    assert stage.world.run(["ls", BACKUPS]).stdout.split() == known
    stage.nothing_left()


def test_the_guest_stops_while_it_is_copied(stage: Backstage) -> None:
    known = backups(stage.world)
    process = stage.slow()
    stage.world.virsh("destroy", "web")
    (stage.files / "slow").unlink()
    _out, err = process.communicate(timeout=90)
    assert process.returncode == 1, err
    assert "stopped while" in err
    assert stage.world.run(["ls", BACKUPS]).stdout.split() == known
    stage.world.virsh("start", "web")
    stage.nothing_left()
