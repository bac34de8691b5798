"""What `inn top` says of guests that do a known thing: one that works, one that idles, one that writes and sends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.real import sectors
from tests.real.sectors import BUSY, IDLE
from tests.world import World

INN = f"{sys.executable.rpartition('/')[0]}/inn"
MIB = 1 << 20
WRITTEN, SENT = 24 * MIB, 8 * MIB
SINK = """
import socket
door = socket.create_server(("0.0.0.0", 9999))
print("ready", flush=True)
visitor, _ = door.accept()
while visitor.recv(65536): pass
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def guests(tiny_world: World) -> World:
    """`idle`, of one boot sector, and `tiny`, a Linux with a disk and a card."""
    sectors.make(tiny_world, "idle", IDLE)
    done = tiny_world.inn("create", "tiny", "--image", "tiny", "--cpus", "1", "--wait", "boot", timeout=300)
    assert done.returncode == 0, done.stderr
    return tiny_world


def top(world: World, *argv: str) -> dict[str, dict[str, Any]]:
    view = world.inn_json("top", "--once", *argv)
    return {one["name"]: one for one in view["guests"]}


def test_cpu_and_memory(guests: World) -> None:
    sectors.make(guests, "busy", BUSY)
    found = top(guests, "--interval", "2")
    table = guests.inn("top", "--once", "--interval", "0.5", check=True).stdout.splitlines()
    guests.virsh("destroy", "busy")
    assert set(found) == {"busy", "idle", "tiny"}
    busy, idle = found["busy"]["cpu"], found["idle"]["cpu"]
    assert busy > 5, "as far as a machine at work lets it"
    assert busy > 3 * idle
    assert found["busy"]["cpu_guest"] == pytest.approx(busy)
    assert found["idle"]["memory"] == 16 * MIB
    assert found["idle"]["memory_host"] > MIB
    assert {line.split()[0] for line in table} == {"NAME", "busy", "idle", "tiny"}


@contextmanager
def running(world: World, *argv: str) -> Iterator[subprocess.Popen[str]]:
    """A program for as long as the body."""
    pipes: dict[str, Any] = {
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "stdin": subprocess.DEVNULL,
    }
    with world.popen(argv, **pipes) as process:
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def stream(world: World, *argv: str) -> Iterator[subprocess.Popen[str]]:
    """`inn top --json`, a line for each look."""
    with running(world, INN, "top", "--json", "--interval", "0.5", *argv) as process:
        yield process


def look(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    told: dict[str, Any] = json.loads(process.stdout.readline())
    return told


def typed(world: World, name: str, line: str) -> None:
    """Given to the shell on its serial port, whose other end stays open until QEMU has seen it."""
    script = '(printf "\\n%s\\n" "$2"; sleep 3) >"$(virsh --quiet ttyconsole "$1")"'
    world.run(["sh", "-c", script, "sh", name, line], check=True, timeout=60)


def test_disk_and_network(guests: World) -> None:
    """The sum of what it says in each interval is what was written and sent."""
    with running(guests, sys.executable, "-c", SINK) as sink, stream(guests, "tiny") as watching:
        assert sink.stdout is not None
        assert sink.stdout.readline() == "ready\n"
        look(watching)
        send = f"until dd if=/dev/zero bs=64k count={SENT >> 16} | nc 192.168.122.1 9999; do sleep 1; done"
        write = f"dd if=/dev/zero of=/dev/vda bs=64k count={WRITTEN >> 16} conv=fsync"
        work = f"({send}; {write}; echo all $((1 + 1)) done)"
        typed(guests, "tiny", work)
        sums = {"disk_write": 0.0, "net_tx": 0.0}
        deadline, ended, at = time.monotonic() + 60, 0.0, 0.0
        while not ended or at < ended + 1:  # what was told may wait in the pipe for a while
            assert time.monotonic() < deadline, (sums, log(guests)[-2000:])
            told = look(watching)
            at, (one,) = told["at"], told["guests"]
            for what in sums:
                sums[what] += (one[what] or 0.0) * told["interval"]
            if not ended and "all 2 done" in log(guests):
                ended = time.time()
    assert sums["disk_write"] == pytest.approx(WRITTEN, rel=0.2)
    assert sums["net_tx"] == pytest.approx(SENT, rel=0.2)


def log(world: World) -> str:
    path = world.inn_json("show", "tiny")["serial_log"]
    return world.run(["cat", path], check=True).stdout.replace("\r", "")


def test_a_qemu_that_hangs(guests: World) -> None:
    """The others are told, it is marked, and it is back when it goes on."""
    pid = guests.run(["cat", "/run/libvirt/qemu/idle.pid"], check=True).stdout.strip()
    guests.run(["kill", "-STOP", pid], check=True)
    try:
        done = guests.inn("top", "--count", "2", "--interval", "0.2", timeout=60)
        found = top(guests, "--interval", "0.2")
    finally:
        guests.run(["kill", "-CONT", pid], check=True)
    assert {name: one["answers"] for name, one in found.items()} == {
        "idle": False,
        "tiny": True,
    }
    assert (found["idle"]["memory_host"], found["idle"]["cpu"]) == (None, 0)
    assert found["tiny"]["disk_read"] is not None
    assert "the QEMU of idle does not answer" in done.stderr
    assert "?" in next(line for line in done.stdout.splitlines() if line.startswith("idle"))
    assert all(one["answers"] for one in top(guests, "--interval", "0.2").values())


def test_libvirtd_is_restarted_meanwhile(guests: World) -> None:
    with stream(guests, "idle") as watching:
        look(watching)
        guests.restart_libvirtd(kill=True)
        for _ in range(10):
            told = look(watching)
        assert [one["name"] for one in told["guests"]] == ["idle"]
        assert watching.stderr is not None
        said = watching.stderr.readline()
    assert "libvirt does not answer; trying again" in said


def test_what_explain_says_runs(guests: World) -> None:
    done = guests.inn("top", "--dry-run", "--explain", "--json", check=True)
    script = "\n".join(json.loads(done.stdout)["commands"])
    told = guests.run(["sh", "-e"], input=script, check=True).stdout
    assert told.count("Domain: 'idle'") == 2
    assert "block.count=" in told
