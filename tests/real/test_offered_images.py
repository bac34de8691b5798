"""Guests of images that are not there: the catalogue offers them, and they are pulled first."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fingerprint import diff
from tests.real.sectors import IDLE, READY
from tests.world import World

LOCKS = ("file/run/innkeeper",)
"""Their directory stays."""
CATALOGUE = """
version = 1
distributor = "mini"
base = "{url}/disks"
[[image]]
name = "mini"
title = "A boot sector"
index = "index.html"
pattern = 'mini-([0-9.]+)\\.qcow2'
file = "{{found}}"
sums = "SHA256SUMS"
user = "root"
login = "serial"
cloud_init = false
firmware = ["bios"]
disk_buses = ["virtio"]
boot_pattern = "{ready}"
arches = {{ x86_64 = {{}} }}
needs = {{ memory = "64M", disk = "1M", cpus = 1 }}
"""
PUBLISH = """
cd {site}/disks
python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex("{sector}").ljust(1 << 20, b"\\0"))' >raw
qemu-img convert -f raw -O qcow2 raw mini-{version}.qcow2
sha256sum *.qcow2 >SHA256SUMS
for file in *.qcow2; do echo "<a href=\\"$file\\">$file</a>"; done >index.html
"""


@contextlib.contextmanager
def site(world: World) -> Iterator[str]:
    """A server of a catalogue and its images inside the world; the URL of the catalogue."""
    script = str(Path(__file__).parents[1] / "web_server.py")
    folder = f"{world.home}/site"
    world.run(["mkdir", "-p", f"{folder}/disks"], check=True)
    with world.popen([sys.executable, script, folder], stdin=-1, stdout=-1) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            url = process.stdout.readline().strip()
            text = CATALOGUE.format(url=url, ready=READY)
            world.run(["tee", f"{folder}/images.toml"], input=text, check=True)
            yield f"{url}/images.toml"
        finally:
            process.stdin.close()
            process.wait(timeout=30)


def publish(world: World, version: str) -> None:
    sector = (IDLE + version.encode()).ljust(510, b"\0") + b"\x55\xaa"
    script = PUBLISH.format(site=f"{world.home}/site", sector=sector.hex(), version=version)
    world.run(["sh", "-ec", script], check=True)


@pytest.fixture(scope="module")
def offering(world: World) -> Iterator[dict[str, str]]:
    """The environment in which the catalogue of the site counts."""
    with site(world) as url:
        publish(world, "1.9")
        yield {"INNKEEPER_CATALOGUES": url}


def images(world: World) -> list[str]:
    return [image["name"] for image in world.inn_json("image", "list")]


def test_a_dry_run_fetches_nothing(world: World, offering: dict[str, str]) -> None:
    world.inn("image", "list", "--available", env=offering, check=True)
    before = world.fingerprint()
    done = world.inn("create", "web1", "--image", "mini", "--dry-run", "--explain", env=offering, check=True)
    assert "mini-1.9.qcow2" in done.stdout
    assert "then create web1" in done.stdout
    assert diff(before, world.fingerprint()) == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["web1", "--image", "mini", "--diskless"], "do not go together"),
        (["a b", "--image", "mini"], "not a name"),
        (["web1", "--image", "mini", "--arch", "aarch64"], "there is no image mini"),
        (["web1", "--image", "other"], "there is no image other"),
        (["web1", "--image", "../mini"], "not a name"),
    ],
)
def test_what_is_refused_fetches_nothing(
    arguments: list[str], said: str, world: World, offering: dict[str, str]
) -> None:
    before = world.fingerprint()
    done = world.inn("create", *arguments, env=offering)
    assert done.returncode == 2, done
    assert said in done.stderr
    assert diff(before, world.fingerprint(), LOCKS) == ""


def test_a_guest_of_an_image_that_is_not_there(world: World, offering: dict[str, str]) -> None:
    assert "mini" not in images(world)
    made = world.inn_json("create", "web1", "--image", "mini", "--wait", "boot", env=offering)
    assert (made["name"], made["image"], made["state"]) == ("web1", "mini", "running")
    assert "mini" in images(world)
    taken = world.inn("create", "web1", "--image", "mini", env=offering)
    assert (taken.returncode, "web1" in taken.stderr) == (2, True)
    dead = {"INNKEEPER_CATALOGUES": "http://127.0.0.1:9/images.toml"}
    world.inn("create", "web2", "--image", "mini", "--no-start", env=dead, check=True)


def offer(world: World, environment: dict[str, str], *more: str) -> dict[str, object]:
    listed = world.inn_json("image", "list", "--available", *more, env=environment)
    assert listed["faults"] == []
    return next(one for one in listed["offers"] if one["name"] == "mini")


def test_what_is_there_and_what_is_newer(world: World, offering: dict[str, str]) -> None:
    """Last in this file: it publishes a newer release, and takes the guests away."""
    url = offering["INNKEEPER_CATALOGUES"].removesuffix("/images.toml")
    only = offering | {"INNKEEPER_MIRRORS": ", ".join(f"{name}={url}/404" for name in NAMES)}
    assert offer(world, only)["there"] == "1.9"
    assert offer(world, only)["newer"] in (None, False)
    publish(world, "1.10")
    told = offer(world, only, "--refresh")
    assert (told["there"], told["newest"], told["newer"]) == ("1.9", "1.10", True)
    shown = world.inn("image", "list", "--available", env=only, check=True)
    assert "inn image pull mini --refresh" in shown.stdout
    world.inn("image", "pull", "mini", "--refresh", env=only, check=True)
    told = offer(world, only)
    assert (told["there"], told["newest"], told["newer"]) == ("1.10", "1.10", False)
    for name in ("web1", "web2"):
        world.inn("delete", name, "--force", check=True)
        world.inn("purge", name, "--yes", check=True)
    world.inn("image", "remove", "mini", check=True)


NAMES = (
    "almalinux",
    "alpine",
    "arch",
    "centos",
    "cirros",
    "debian",
    "fedora",
    "freebsd",
    "opensuse",
    "rocky",
    "ubuntu",
)
"""Ours, whose servers are not to be looked for."""
