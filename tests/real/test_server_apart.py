"""The web side is a process without rights, and neither side lives without the other."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import Server
from tests.world import World


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    with Server(world) as made:
        yield made


def sides(world: World) -> tuple[int, int]:
    """Numbers of the keeper and of the web side, as this test sees them."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*"):
        try:
            words = (stat / "cmdline").read_bytes().split(b"\0")
            same = os.readlink(stat / "ns/pid") == os.readlink(f"/proc/{world.pid}/ns/pid")
            parent = int((stat / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if same and b"serve" in words and words[1].endswith(b"/inn"):
            found[int(stat.name)] = parent
    web = next(pid for pid, parent in found.items() if parent in found)
    return found[web], web


def status(pid: int, field: str) -> list[str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(line.split()[1:] for line in lines if line.startswith(f"{field}:"))


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 60
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_the_web_side_has_no_rights(server: Server, world: World) -> None:
    keeper, web = sides(world)
    assert status(keeper, "Uid")[0] == "0"
    assert "0" not in status(web, "Uid") + status(web, "Gid")
    assert status(web, "Groups") == []
    assert {int(status(web, name)[0], 16) for name in ("CapEff", "CapPrm", "CapAmb")} == {0}
    assert status(web, "NoNewPrivs") == ["1"]
    names = [os.readlink(file) for file in Path(f"/proc/{web}/fd").iterdir()]
    assert not [name for name in names if "server.db" in name or "libvirt" in name]
    assert server.client.get("/api/v1/guests").json() == []


def test_the_web_side_dies_with_the_keeper(server: Server, world: World) -> None:
    keeper, web = sides(world)
    os.kill(keeper, signal.SIGKILL)
    assert gone(web)
    server.process.wait(60)
    server.restart()
    assert server.client.get("/api/v1/guests").json() == []


def test_without_a_web_side_the_server_ends_and_says_so(server: Server, world: World) -> None:
    _keeper, web = sides(world)
    os.kill(web, signal.SIGKILL)
    assert server.process.wait(60) == 1
    assert not Path(f"/proc/{web}").exists()
