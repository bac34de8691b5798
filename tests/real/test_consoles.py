"""Serial consoles over the network: tickets, several readers, and how they end."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus

from tests.server import Server
from tests.websocket import Terminal, open_socket, ticket
from tests.world import World


@pytest.fixture(scope="module")
def server(tiny_world: World) -> Iterator[Server]:
    tiny_world.inn("create", "web", "--image", "tiny", "--wait", "boot", check=True)
    with Server(tiny_world) as made:
        yield made


def descriptors(server: Server) -> int:
    """Of the server's process; of what it opened on its way to the host too."""
    script = "ls /proc/$(pgrep -of 'inn serve')/fd | wc -l"
    return int(server.world.run(["sh", "-c", script], check=True).stdout)


def threads(server: Server) -> int:
    script = "ls /proc/$(pgrep -of 'inn serve')/task | wc -l"
    return int(server.world.run(["sh", "-c", script], check=True).stdout)


def refused(server: Server, path: str, token: str | None = None) -> int:
    with pytest.raises(InvalidStatus) as caught:
        open_socket(server, path, token)
    return caught.value.response.status_code


def test_what_is_typed_is_answered(server: Server) -> None:
    with Terminal(server, "web") as terminal:
        terminal.type("\recho $((6*7))42\r")
        terminal.wait_for(b"4242")


def test_several_read_and_who_types_is_told(server: Server) -> None:
    with Terminal(server, "web") as first, Terminal(server, "web", read_only=True) as second:
        first.type("\recho $((5*5))25\r")
        for terminal in (first, second):
            terminal.wait_for(b"2525")
        assert second.wait_for_notice("typing")["who"]
        second.type("\recho $((3*3))3333\r")
        assert second.wait_for_notice("read_only")
        first.type("\recho $((4*4))16\r")
        first.wait_for(b"1616")
        assert b"93333" not in first.said
        with Terminal(server, "web") as third:  # it gets what was said before it came
            third.wait_for(b"1616")
        assert [one for one in first.notices if one["event"] == "typing"] == []


def test_a_ticket_is_good_once(server: Server) -> None:
    path = ticket(server, "web")["path"]
    open_socket(server, path).close()
    assert refused(server, path) == 403
    assert refused(server, "/api/v1/consoles/nonsense") == 403
    assert refused(server, ticket(server, "web", kind="vnc")["path"], token="another") in (401, 403)


def test_what_cannot_be_opened_is_a_problem(server: Server) -> None:
    asked = server.client.post("/api/v1/guests/nobody/console")
    assert (asked.status_code, asked.json()["code"]) == (404, "guest.unknown")
    asked = server.client.post("/api/v1/guests/web/console", json={"kind": "spice"})
    assert (asked.status_code, asked.json()["code"]) == (400, "request.invalid")
    headers = {"Content-Type": "application/json"}
    asked = server.client.post("/api/v1/guests/web/console", content=b'{"kind":', headers=headers)
    assert (asked.status_code, asked.json()["code"]) == (400, "request.json")
    plan = server.client.post("/api/v1/guests/web/console?dry_run=true").json()
    assert plan["commands"] == ["virsh console web --safe"]


def test_somebody_elses_console(server: Server) -> None:
    world = server.world
    with world.popen(
        ["inn", "console", "web"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as other:
        assert other.stderr is not None
        assert "web" in other.stderr.readline()
        asked = server.client.post("/api/v1/guests/web/console")
        assert (asked.status_code, asked.json()["code"]) == (423, "guest.console_taken")
        with Terminal(server, "web", force=True) as terminal:
            assert other.wait(60) == 0
            terminal.type("\recho $((7*7))49\r")
            terminal.wait_for(b"4949")
            with world.popen(["inn", "console", "--force", "web"], stdin=subprocess.PIPE) as thief:
                try:
                    assert terminal.wait_for_end(typing="\r") == (4002, "guest.console_taken")
                finally:
                    thief.communicate("\x1d")


def test_nothing_is_left_of_consoles_that_ended(server: Server) -> None:
    def once() -> None:
        with Terminal(server, "web") as terminal:
            terminal.type("\r")

    once()
    time.sleep(0.5)
    before = descriptors(server)
    for _ in range(20):
        once()
    deadline = time.monotonic() + 60
    while descriptors(server) > before and time.monotonic() < deadline:
        time.sleep(0.1)
    assert descriptors(server) <= before
