"""Building images from packages: needs the machine's own network. What is built also runs in the tests of guests."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.world import World, diff

STEPS = ("bootstrap", "assemble", "convert", "publish", "manifest")


@pytest.fixture(scope="module")
def connected() -> Iterator[World]:
    """A world that reaches the mirror."""
    with World(network="host") as made:
        # Innkeeper's own folders are made by its first operation and stay.
        made.inn("image", "build", "tiny", env={"INNKEEPER_STOP_AT": "bootstrap"})
        made.inn("operation", "clean", check=True)
        yield made


@pytest.mark.parametrize("stop", [*STEPS, "manifest.done"])
def test_tiny_killed_at_a_step(connected: World, stop: str) -> None:
    before = connected.fingerprint()
    killed = connected.inn("image", "build", "tiny", env={"INNKEEPER_STOP_AT": stop}, timeout=300)
    assert killed.returncode == -9
    left = connected.inn_json("operation", "list")
    assert [(one["verb"], one["target"]) for one in left] == [("image.build", "tiny")]
    connected.inn("operation", "clean", check=True)
    assert diff(before, connected.fingerprint()) == ""


def test_debian_killed_while_packages_are_installed(connected: World) -> None:
    """Nothing of it goes on, and no mount, process or file is left."""
    before = connected.fingerprint()
    with connected.popen(["inn", "image", "build", "debian-12"]) as building:
        _wait_for(connected, "ls /var/lib/innkeeper/work/*/site/root/usr/bin/dpkg")
        (running,) = connected.inn_json("operation", "list")
        connected.run(["kill", "-KILL", str(running["pid"])], check=True)
        assert building.wait() != 0
    _wait_for(connected, "! pgrep 'mmdebstrap|dpkg|apt-get'", seconds=5)
    connected.inn("operation", "clean", check=True)
    assert diff(before, connected.fingerprint()) == ""


def test_a_recipe_that_cannot_reach_its_mirror_leaves_nothing(connected: World) -> None:
    before = connected.fingerprint()
    for recipe in ("tiny", "debian-12"):
        failed = connected.inn("image", "build", recipe, "--mirror", "http://127.0.0.1:9/debian", timeout=300)
        assert failed.returncode == 1
        assert "127.0.0.1:9" in failed.stderr
        assert diff(before, connected.fingerprint()) == ""


def _wait_for(world: World, command: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while world.run(["sh", "-c", command]).returncode != 0:
        assert time.monotonic() < deadline, command
        time.sleep(0.2)
