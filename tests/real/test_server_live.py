"""Live state through the server: events as they are streamed, what is viewed, samples, `/metrics`."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Self

import pytest

from tests.server import Server
from tests.world import World

PATIENCE = 120.0
GUEST = """<domain type='qemu'><name>{name}</name><uuid>{uuid}</uuid><memory unit='MiB'>64</memory><vcpu>1</vcpu>
<os><type arch='x86_64'>hvm</type></os></domain>"""
UUID = "1f0c7c0e-0000-4000-8000-00000000000{}"


class Listening:
    """A stream of events in a thread, and what came."""

    def __init__(self, server: Server, last_id: str = "", query: str = "") -> None:
        self._socket = server.connect()
        self._socket.settimeout(None)
        lines = [f"GET /api/v1/events?{query} HTTP/1.1", f"Host: 127.0.0.1:{server.port}"]
        lines += [
            f"Authorization: Bearer {server.token}",
            *([f"Last-Event-ID: {last_id}"] if last_id else []),
        ]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self._fresh = threading.Condition()
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.last_id = ""
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.until(lambda: bool(self.last_id or self.events))
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE)
        self._socket.close()

    def _read(self) -> None:
        """Lines of chunks (RFC 9112, 7.1) beside the events' own, which no number of a chunk looks like."""
        name = ""
        with self._socket.makefile("r", encoding="utf-8") as lines:
            for line in lines:
                field, _, value = line.strip().partition(": ")
                with self._fresh:
                    if field == "id":
                        self.last_id = value
                    elif field == "event":
                        name = value
                    elif field == "data":
                        self.events.append((name, json.loads(value)))
                    self._fresh.notify_all()

    def until(self, there: Callable[[], bool]) -> None:
        with self._fresh:
            assert self._fresh.wait_for(there, PATIENCE), self.events

    def expect(self, kind: str, id: str, what: str = "changed") -> None:
        self.until(
            lambda: any(
                (one["kind"], one["id"], one["what"]) == (kind, id, what) for _name, one in self.events
            )
        )


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[Server]:
    with Server(world) as made:
        yield made


def define(world: World, number: int) -> str:
    """A guest gN, by virsh. Its UUID."""
    uuid, file = UUID.format(number), f"/tmp/g{number}.xml"
    text = GUEST.format(name=f"g{number}", uuid=uuid)
    world.run(["sh", "-c", 'cat >"$1"', "sh", file], input=text, check=True)
    world.virsh("define", file)
    return uuid


def until_link(server: Server, state: str) -> None:
    """Devices of the host come and go as well, so that an event of it may be another's."""
    deadline = time.monotonic() + PATIENCE
    while (link := server.client.get("/api/v1/hosts/local/link").json())["state"] != state:
        assert time.monotonic() < deadline, link
        time.sleep(0.1)


def test_what_virsh_does_is_streamed_and_in_the_list(world: World, server: Server) -> None:
    with Listening(server) as everything, Listening(server, query="kind=network,pool") as places:
        uuid = define(world, 1)
        everything.expect("guest", uuid)
        assert "g1" in {row["name"] for row in server.client.get("/api/v1/guests").json()}
        world.virsh("net-destroy", "default")
        world.virsh("undefine", "g1")
        everything.expect("guest", uuid, "gone")
        places.expect("network", "default")
        world.virsh("net-start", "default")
    assert {one["kind"] for _name, one in places.events} <= {"network", "pool"}
    assert "g1" not in {row["name"] for row in server.client.get("/api/v1/guests").json()}


def test_who_comes_back_gets_what_was_missed(world: World, server: Server) -> None:
    with Listening(server) as before:
        last_id = before.last_id
    first, second = define(world, 2), define(world, 3)
    with Listening(server, last_id) as after:
        after.expect("guest", first)
        after.expect("guest", second)
        assert {name for name, _event in after.events} == {"change"}
    with Listening(server, "of-another-server-17") as lost:
        lost.until(lambda: bool(lost.events))
        assert [name for name, _event in lost.events] == ["reset"]


def test_what_a_stream_views_is_looked_at_each_second(world: World, server: Server) -> None:
    """None of these has an event; the sweep would show them within fifteen seconds, too."""
    uuid = define(world, 4)
    with Listening(server, query="view=guest:g4,pool:default") as shown:
        world.virsh("setvcpus", "g4", "1", "--config")
        world.virsh("autostart", "g4")
        shown.expect("guest", uuid)
        world.virsh("vol-create-as", "default", "live", "1M")
        shown.expect("pool", "default")


def test_an_operation_is_told_by_its_verb_too(world: World, server: Server) -> None:
    uuid = define(world, 5)
    with Listening(server, query="kind=guest") as listening:
        changed = server.client.patch("/api/v1/guests/g5", json={"title": "five"})
        assert changed.status_code < 300, changed.text
        listening.expect("guest", uuid)


def test_figures_are_for_those_who_are_known(server: Server) -> None:
    with server.browser() as stranger:
        for path in ("/metrics", "/api/v1/events", "/api/v1/hosts/local/samples", "/api/v1/hosts/local/link"):
            assert stranger.get(path).status_code == 401
    until_link(server, "connected")
    told = server.client.get("/metrics").text
    assert 'innkeeper_host_up{host="local"} 1.0' in told
    assert "innkeeper_http_request_seconds_bucket" in told
    assert len(server.client.get("/api/v1/hosts/local/samples").json()["cpu"]) == 120


def test_libvirtd_goes_and_the_list_stays(world: World, server: Server) -> None:
    define(world, 6)
    with Listening(server, query="kind=guest,host") as listening:
        world.stop_libvirtd()
        listening.expect("host", "local")
        until_link(server, "away")
        assert "g6" in {row["name"] for row in server.client.get("/api/v1/guests").json()}
        assert 'innkeeper_host_up{host="local"} 0.0' in server.client.get("/metrics").text
        world.start_libvirtd()
        listening.expect("guest", define(world, 7))
