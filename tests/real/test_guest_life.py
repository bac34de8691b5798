"""A guest's whole life with real guests: made, seen by virsh, entered, stopped, moved to the bin and away."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.world import World, diff

PATTERN = "innkeeper-tiny: user space"
IGNORED = (
    "name/var/log",
    "file/var/lib/innkeeper/kvm-proof.json",
    "file/run/innkeeper",
    "file/var/lib/innkeeper/operations",
)
"""libvirt keeps a log of guests that are gone; the rest is made once and stays."""


@pytest.fixture(scope="module")
def life(tiny_world: World) -> World:
    """A world with a running guest `life` of the image tiny."""
    done = tiny_world.inn("create", "life", "--image", "tiny", "--cpus", "1", "--wait", "boot", timeout=300)
    assert done.returncode == 0, done.stderr
    assert "KVM" in done.stdout or "kvm" in done.stdout
    return tiny_world


def shown(world: World, name: str) -> dict[str, object]:
    found: dict[str, object] = world.inn_json("show", name)
    return found


def test_virsh_sees_it_and_inn_shows_it(life: World) -> None:
    assert "life" in life.virsh("list", "--name").split()
    view = shown(life, "life")
    assert (view["state"], view["image"], view["cpus"], view["login"]) == ("running", "tiny", 1, "serial")
    assert view["accel_reason"]
    document = life.virsh("dumpxml", "life")
    for part in (
        "virtio-blk",
        "qcow2",
        "org.qemu.guest_agent.0",
        "<rng",
        "<memballoon",
        "serial.log",
        "discard='unmap'",
    ):
        assert part.replace("virtio-blk", "bus='virtio'") in document
    assert re.search(r"machine='pc-q35", document)


def test_it_gets_an_address_by_dhcp(life: World) -> None:
    for _try in range(240):
        nics = shown(life, "life")["nics"]
        assert isinstance(nics, list)
        if nics[0]["addresses"]:
            break
        time.sleep(0.25)
    assert isinstance(nics, list)
    assert nics[0]["addresses"][0].startswith("192.168.122.")


@contextlib.contextmanager
def console(world: World, name: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """`inn console` on a terminal of its own, and the end of that terminal where the person sits."""
    person, terminal = pty.openpty()
    process = world.popen(["inn", "console", name], stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    try:
        yield person, process
    finally:
        with contextlib.suppress(OSError):
            os.write(person, b"\x1d")
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(person)


def read_until(person: int, wanted: bytes, seconds: float = 120) -> bytes:
    seen, deadline = b"", time.monotonic() + seconds
    os.set_blocking(person, False)
    while wanted not in seen:
        assert time.monotonic() < deadline, seen
        try:
            seen += os.read(person, 4096)
        except BlockingIOError:
            pass
        except OSError as error:
            raise AssertionError(f"the console ended: {seen!r}") from error
        time.sleep(0.02)
    return seen


def test_console_speaks_and_lets_go(life: World) -> None:
    with console(life, "life") as (person, process):
        read_until(person, b"]")
        os.write(person, b"\recho in$((40+2))side\r")
        read_until(person, b"in42side")
        os.write(person, b"\x1d")
        assert process.wait(timeout=30) == 0


def test_a_reboot_is_waited_for_while_the_console_is_in_use(life: World) -> None:
    """The serial log tells, so that nobody has to give the console away."""
    with console(life, "life") as (person, _process):
        read_until(person, b"]")
        done = life.inn("reboot", "life", "--wait", "boot", "--timeout", "200", timeout=240)
        assert done.returncode == 0, done.stderr
        read_until(person, PATTERN.encode())


def test_a_taken_console_is_refused_and_can_be_taken_over(life: World) -> None:
    with console(life, "life") as (person, process):
        read_until(person, b"]")
        refused = life.inn("console", "life")
        assert refused.returncode == 2
        assert "--force" in refused.stderr
        taken = life.popen(
            ["inn", "console", "--force", "life"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.wait(timeout=60) == 0
        taken.communicate("\x1d", timeout=60)
        assert taken.returncode == 0


def test_screenshot_is_a_picture(life: World) -> None:
    life.run(["rm", "-f", "/tmp/screen.png"])
    assert life.inn("screenshot", "life", "/tmp/screen.png").returncode == 0
    told = life.python("print(open('/tmp/screen.png','rb').read(8))").stdout
    assert told.strip() == r"b'\x89PNG\r\n\x1a\n'"
    again = life.inn("screenshot", "life", "/tmp/screen.png")
    assert again.returncode == 2


def test_wait_refused_or_run_out(life: World) -> None:
    life.virsh("vol-create-as", "default", "blank.qcow2", "8M", "--format", "qcow2")
    refused = life.inn("create", "blank", "--disk", "default/blank.qcow2", "--wait", "boot")
    assert refused.returncode == 2
    assert "user space" in refused.stderr
    short = life.inn(
        "create",
        "blank",
        "--disk",
        "default/blank.qcow2",
        "--memory",
        "64M",
        "--wait",
        "agent",
        "--timeout",
        "2",
    )
    assert short.returncode == 4
    assert shown(life, "blank")["state"] == "running"
    for words in (("delete", "--force", "blank"), ("purge", "--yes", "blank")):
        assert life.inn(*words).returncode == 0
    life.virsh("vol-delete", "--pool", "default", "blank.qcow2")


def test_stopped_by_inn_started_by_virsh_and_back(life: World) -> None:
    stopped = life.inn("stop", "life", timeout=200)
    assert stopped.returncode == 0, stopped.stderr
    assert life.virsh("domstate", "life").strip() == "shut off"
    life.virsh("start", "life")
    assert shown(life, "life")["state"] == "running"
    assert life.inn("stop", "--force", "life").returncode == 0


def test_a_guest_of_virsh_is_as_good(life: World) -> None:
    document = life.virsh("dumpxml", "--inactive", "life")
    document = re.sub(r"(?s)<metadata>.*?</metadata>|<uuid>[^<]*</uuid>|<(mac|log) [^>]*/>", "", document)
    life.run(
        ["sh", "-c", "cat >/tmp/foreign.xml"],
        input=document.replace("<name>life<", "<name>foreign<"),
        check=True,
    )
    life.virsh("define", "/tmp/foreign.xml")
    assert {"life", "foreign"} <= {row["name"] for row in life.inn_json("list")}
    assert life.inn("start", "foreign").returncode == 0
    assert life.virsh("domstate", "foreign").strip() == "running"
    assert life.inn("delete", "foreign").returncode == 2
    assert life.inn("delete", "--force", "foreign").returncode == 0
    assert life.inn("undelete", "foreign", "--as", "native").returncode == 0
    assert life.inn("rename", "native", "foreign").returncode == 0
    life.virsh("undefine", "foreign")


def test_the_bin_keeps_everything_and_a_purge_nothing(tiny_world: World) -> None:
    before = tiny_world.fingerprint()
    for name in ("web", "web"):
        assert (
            tiny_world.inn("create", name, "--image", "tiny", "--no-start", "--disk-size", "1G").returncode
            == 0
        )
        assert tiny_world.inn("delete", name).returncode == 0
    assert [row["name"] for row in tiny_world.inn_json("list", "--deleted")] == ["web", "web"]
    assert "web" not in {row["name"] for row in tiny_world.inn_json("list")}
    assert tiny_world.inn("undelete", "web").returncode == 0
    disk = shown(tiny_world, "web")["disks"]
    assert isinstance(disk, list)
    assert disk[0]["capacity"] == 1024**3
    assert tiny_world.inn("undelete", "web").returncode == 2
    assert tiny_world.inn("delete", "web").returncode == 0
    assert tiny_world.inn("purge", "web", "--yes").returncode == 0
    assert tiny_world.inn("purge", "web", "--yes").returncode == 0
    assert tiny_world.inn("purge", "web", "--yes").returncode == 2
    assert diff(before, tiny_world.fingerprint(), ignore=IGNORED) == ""


def test_count_makes_several_and_full_copies(tiny_world: World) -> None:
    done = tiny_world.inn_json("create", "pair", "--image", "tiny", "--full", "--count", "2", "--no-start")
    assert [guest["name"] for guest in done] == ["pair-1", "pair-2"]
    document = tiny_world.virsh("vol-dumpxml", "--pool", "default", done[0]["disks"][0]["volume"])
    assert "backingStore" not in document
    for guest in done:
        assert tiny_world.inn("delete", guest["name"]).returncode == 0
        assert tiny_world.inn("purge", guest["name"], "--yes").returncode == 0


def test_an_address_is_reserved_and_given_back(tiny_world: World) -> None:
    made = tiny_world.inn("create", "fixed", "--image", "tiny", "--ip", "192.168.122.77", "--no-start")
    assert made.returncode == 0, made.stderr
    assert "192.168.122.77" in tiny_world.virsh("net-dumpxml", "default")
    taken = tiny_world.inn("create", "other", "--image", "tiny", "--ip", "192.168.122.77")
    assert taken.returncode == 2
    assert tiny_world.inn("delete", "fixed").returncode == 0
    assert tiny_world.inn("purge", "fixed", "--yes").returncode == 0
    assert "192.168.122.77" not in tiny_world.virsh("net-dumpxml", "default")


def test_what_explain_prints_makes_the_same_guest(tiny_world: World, new_tiny_world: World) -> None:
    """The commands, run as printed in a fresh world, leave what the verb left."""
    plan = tiny_world.inn_json("create", "told", "--image", "tiny", "--no-start", "--explain")["plan"]
    ours = tiny_world.virsh("dumpxml", "--inactive", "told")
    for name, text in plan["documents"].items():
        new_tiny_world.run(["sh", "-c", 'cat >"$1"', "sh", f"/tmp/{name}"], input=text, check=True)
    for command in plan["commands"]:
        new_tiny_world.run(["sh", "-c", f"cd /tmp && {command}"], check=True)
    theirs = new_tiny_world.virsh("dumpxml", "--inactive", "told")
    operation = (
        r"<innkeeper:operation>.*?</innkeeper:operation>\s*|<innkeeper:created>.*?</innkeeper:created>\s*"
    )
    assert re.sub(operation, "", ours) == re.sub(operation, "", theirs)
    volumes = [world.virsh("vol-list", "default").split() for world in (tiny_world, new_tiny_world)]
    assert [name for name in volumes[0] if "told" in name] == [name for name in volumes[1] if "told" in name]
