"""The Debian package where it belongs: in a Debian that systemd runs. Installed, upgraded with a guest running on and
its state kept, removed and purged."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import ROOT, World

pytestmark = pytest.mark.long

NAME = "box"
PATIENCE = 3600.0
"""Seconds: emulated, on a busy machine."""
QUIET = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "--no-install-recommends")


def built(folder: Path, version: str) -> Path:
    done = subprocess.run(
        [ROOT / "script/package", "--output", folder, "--version", version],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Path(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("packages")
    return built(folder, "0.0.1"), built(folder, "0.0.2")


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
    link = run(
        world,
        "sh",
        "-c",
        "for i in $(seq 120); do curl -s http://127.0.0.1:8006/api/v1/session >/dev/null && break; sleep 1; done;"
        " systemctl show -P MainPID innkeeper",
    )
    return int(link)


def qemu(world: World) -> str:
    """The process of the guest in the box."""
    return run(world, "pgrep", "-f", "qemu-system.*guest=inner")


def test_installed_upgraded_removed(box: World, packages: tuple[Path, Path]) -> None:
    old, new = (put(box, package) for package in packages)
    run(box, *QUIET, "install", old)
    assert run(box, "systemctl", "is-enabled", "innkeeper").strip() == "enabled"
    first = says(box)
    web = run(box, "sh", "-c", f"ps -o user= --ppid {first}").split()
    assert web == ["innkeep+"] or web == ["innkeeper"], "the web side is a user of its own"
    assert "/#link=" in run(box, "inn", "token", "link")
    run(box, "inn", "token", "create", "kept", "--role", "viewer")
    # It never gets further than its firmware, and need not.
    boots = ("--diskless", "--pxe", "--network", "none", "--memory", "64M", "--profile", "legacy")
    run(box, "inn", "create", "inner", *boots)
    before = qemu(box)

    run(box, *QUIET, "install", new)
    assert says(box) != first, "the new version runs"
    assert run(box, "dpkg-query", "-W", "-f", "${Version}", "innkeeper") == "0.0.2"
    assert qemu(box) == before, "guests run on"
    assert "kept" in [token["name"] for token in json.loads(run(box, "inn", "token", "list", "--json"))]
    assert json.loads(run(box, "inn", "show", "inner", "--json"))["state"] == "running"

    run(box, *QUIET, "remove", "innkeeper")
    assert (
        run(box, "sh", "-c", "ls /usr/bin/inn /usr/lib/innkeeper 2>/dev/null; pgrep -f 'inn serve'; true")
        == ""
    )
    run(box, "test", "-d", "/var/lib/innkeeper")
    run(box, "mkdir", "-p", "/var/lib/innkeeper/backups/one")
    run(box, *QUIET, "purge", "innkeeper")
    assert run(box, "ls", "/var/lib/innkeeper").split() == ["backups"]
    run(box, "sh", "-c", "! test -e /lib/systemd/system/innkeeper.service && ! test -e /etc/innkeeper")
    assert qemu(box) == before
    assert "inner" in run(box, "virsh", "list", "--name")
