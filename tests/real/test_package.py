"""The Debian package where it belongs: in a Debian that systemd runs. Installed, upgraded with a guest running on and
its state migrated, installed anew, removed and purged."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.world import ROOT, World

pytestmark = pytest.mark.long

NAME = "box"
PATIENCE = 3600.0
"""Seconds: emulated, on a busy machine."""
QUIET = (
    "env", "DEBIAN_FRONTEND=noninteractive",
    "apt-get", "-q", "-y", "--no-install-recommends",
    "-o", "Acquire::Languages=none", "-o", "DPkg::Options::=--force-unsafe-io",
)  # fmt: skip


def built(folder: Path, version: str) -> Path:
    done = subprocess.run(
        [ROOT / "script/package", "--output", folder, "--version", version],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Path(done.stdout.splitlines()[-1])


def again(package: Path, version: str) -> Path:
    """The same as another version. It is hardly packed: that takes minutes."""
    tree, made = package.parent / "tree", package.with_name(f"innkeeper_{version}_amd64.deb")
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    control = tree / "DEBIAN" / "control"
    text, count = re.subn(r"(?m)^Version: .*$", f"Version: {version}", control.read_text())
    assert count == 1
    control.write_text(text)
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", tree, made], check=True)
    return made


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("packages")
    old = built(folder, "0.0.1")
    return old, again(old, "0.0.2")


@pytest.fixture(scope="module")
def box() -> Iterator[World]:
    with World(network="host") as world:
        world.seed_image("debian-12")
        size = ("--memory", "2G", "--disk-size", "12G", "--network", "user")
        wait = ("--wait", "agent", "--timeout", "900")
        world.inn("create", NAME, "--image", "debian-12", *size, *wait, check=True, timeout=1000)
        run(world, "cloud-init", "status", "--wait")
        run(world, *QUIET, "update")
        yield world


def run(world: World, *words: str) -> str:
    """As root in the box; fails the test when it fails."""
    return world.inn("exec", NAME, "--via", "agent", "--", *words, check=True, timeout=PATIENCE).stdout


def put(world: World, package: Path) -> str:
    world.inn("cp", str(package), f"{NAME}:/root/", check=True, timeout=PATIENCE)
    return f"/root/{package.name}"


def says(world: World) -> int:
    """Until the server answers; the number of its main process."""
    asks = "curl -s http://127.0.0.1:8006/api/v1/session >/dev/null"
    script = (
        f"for i in $(seq 300); do {asks} && break; sleep 1; done; {asks} || journalctl -u innkeeper -n 20 >&2"
    )
    number = int(run(world, "sh", "-c", f"{script}; systemctl show -P MainPID innkeeper"))
    assert number, "it does not run"
    return number


def qemu(world: World) -> str:
    """The process of the guest in the box."""
    return run(world, "pgrep", "-f", "[q]emu-system.*guest=inner")


OLDER = """
import sqlite3
with sqlite3.connect("/var/lib/innkeeper/server.db") as database:
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if table not in ("operations", "operation_log", "schedules", "alembic_version", "sqlite_sequence"):
            database.execute(f"DROP TABLE {table}")
    assert database.execute("UPDATE alembic_version SET version_num = '0001'").rowcount == 1
"""
"""Makes the server's state what its first version left."""


def test_installed_upgraded_removed(box: World, packages: tuple[Path, Path]) -> None:
    old, new = (put(box, package) for package in packages)
    run(box, *QUIET, "install", old)
    installed(box)
    # It never gets further than its firmware, and need not.
    run(box, "qemu-img", "create", "-q", "/var/lib/libvirt/images/inner.raw", "1M")
    disk = ("--disk", "/var/lib/libvirt/images/inner.raw", "--disk-format", "raw")
    run(box, "inn", "create", "inner", *disk, "--network", "none", "--memory", "64M", "--profile", "legacy")
    run(box, "inn", "schedule", "create", "nightly", "stop", "inner", "--at", "@daily")
    before = qemu(box)

    run(box, "systemctl", "stop", "innkeeper")
    run(box, "python3", "-c", OLDER)
    run(box, *QUIET, "install", new)
    first = says(box)
    assert run(box, "dpkg-query", "-W", "-f", "${Version}", "innkeeper") == "0.0.2"
    assert [one["name"] for one in told(box, "schedule", "list")] == ["nightly"], "its state is migrated"
    run(box, "inn", "token", "create", "kept", "--role", "viewer")
    assert qemu(box) == before, "guests run on"

    run(box, *QUIET, "install", "--reinstall", new)
    assert says(box) != first, "what was installed runs"
    assert "kept" in [token["name"] for token in told(box, "token", "list")]
    assert told(box, "show", "inner")["state"] == "running"
    assert qemu(box) == before
    removed(box)
    assert qemu(box) == before
    assert "inner" in run(box, "virsh", "list", "--name")


def told(world: World, *words: str) -> Any:
    return json.loads(run(world, "inn", *words, "--json"))


def installed(box: World) -> None:
    """It runs, as two users, and lets people in."""
    assert run(box, "systemctl", "is-enabled", "innkeeper").strip() == "enabled"
    web = run(box, "ps", "-o", "user:20=", "--ppid", str(says(box))).split()
    assert web == ["innkeeper"], "the web side is a user of its own"
    assert "/#link=" in run(box, "inn", "token", "link")


def removed(box: World) -> None:
    """First without its state, then with it; backups stay."""
    run(box, *QUIET, "remove", "innkeeper")
    left = "ls /usr/bin/inn /usr/lib/innkeeper 2>/dev/null; pgrep -a -f '[i]nn serve'; true"
    assert run(box, "sh", "-c", left) == ""
    run(box, "test", "-e", "/var/lib/innkeeper/server.db")
    run(box, "mkdir", "-p", "/var/lib/innkeeper/backups/one")
    run(box, *QUIET, "purge", "innkeeper")
    assert run(box, "ls", "/var/lib/innkeeper").split() == ["backups"]
    run(box, "sh", "-c", "! test -e /lib/systemd/system/innkeeper.service && ! test -e /etc/innkeeper")
