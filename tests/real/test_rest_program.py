"""A program written only from the description of the API makes a guest, follows the operation, logs in over the
console's WebSocket, and deletes the guest."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.server import Server
from tests.world import World

PROGRAM = Path(__file__).with_name("rest_program.py")


def run(world: World, *arguments: str) -> dict[str, object]:
    with Server(world) as server:
        command = [sys.executable, str(PROGRAM), server.url, server.token, *arguments]
        done = world.run(command, timeout=3600, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_a_tiny_guest(new_tiny_world: World) -> None:
    before = new_tiny_world.virsh("vol-list", "--pool", "default")
    found = run(new_tiny_world, "web", "tiny")
    assert found == {"name": "web", "state": "running", "said": "inside-42-Linux", "left": []}
    assert new_tiny_world.virsh("vol-list", "--pool", "default") == before
    assert new_tiny_world.virsh("list", "--all", "--name").split() == []


@pytest.mark.long
def test_a_debian_guest(new_world: World) -> None:
    new_world.seed_image("debian-12")
    found = run(new_world, "deb", "debian-12", "inn", "a-password-of-its-own")
    assert found == {"name": "deb", "state": "running", "said": "inside-42-Linux", "left": []}
