"""Whole files of tests once more, their `inn` going through a server of the same world."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import Server
from tests.world import World

ROOT = Path(__file__).parents[2]
FILES = (
    "test_changes.py",
    "test_guest_life.py",
    "test_guest_screen.py",
    "test_refusals.py",
    "test_export.py",
)


@pytest.mark.long
@pytest.mark.parametrize("file", FILES)
def test_through_a_server(file: str) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--server",
        f"tests/real/{file}",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-20_000:]


@pytest.mark.long
def test_a_server_that_dies_meanwhile_is_waited_for(new_tiny_world: World) -> None:
    world, port = new_tiny_world, ("--port", "18006")
    world.inn("create", "web1", "--image", "tiny", "--no-start", check=True)
    server = Server(world, *port)
    env = {"INNKEEPER_SERVER": server.url, "INNKEEPER_TOKEN": server.token}
    command = ["inn", "start", "web1", "--wait", "boot"]
    with world.popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert started.stderr is not None
        assert "starting" in started.stderr.readline()
        server.kill()
        assert "the line to" in started.stderr.readline()
        with Server(world, *port):
            out, err = started.communicate(timeout=300)
    assert (started.returncode, out) == (0, "web1 is started\n"), err
    assert world.inn_json("show", "web1")["state"] == "running"
