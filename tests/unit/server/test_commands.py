"""Commands in guests on the keeper's side: streams in packets, and an end for what nobody waits for any more."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from innkeeper.errors import NotFound
from innkeeper.guest.within.shells import Execution, Pieces
from innkeeper.machine.streaming import carried
from innkeeper.schema.guest_agent import GuestExec, Via
from innkeeper.server import command_doors
from innkeeper.server.command_doors import Commands


class Here:
    """A shell of this computer."""

    name, truncated = "g", False
    user: str | None = None
    way: Via = "agent"

    def run(
        self,
        words: Sequence[str],
        _env: Mapping[str, str],
        source: Iterator[bytes] | None,
        timeout: float | None,
    ) -> Pieces:
        return (yield from carried(words, source, timeout, pulse=0.05))


class Hosts:
    @contextmanager
    def borrow(self) -> Iterator[None]:
        yield None


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    def made(_host: Any, request: GuestExec, _files: bool) -> Execution:
        if request.name == "nobody":
            raise NotFound("guest.unknown", name="nobody")
        return Execution("g", Here(), request.command, {}, None)

    monkeypatch.setattr(command_doors, "_execution", made)
    hosts: Any = Hosts()
    return Commands(hosts)


def told(end: socket.socket) -> list[bytes]:
    found = []
    while packet := end.recv(1 << 20):
        found.append(packet)
    return found


def test_what_it_prints_and_how_it_ended(commands: Commands) -> None:
    with commands.open(GuestExec(name="g", command=("sh", "-c", "echo a; echo b >&2; exit 3")), False) as end:
        end.send(b"n")
        way, *said, ended = told(end)
    assert json.loads(way[1:]) == {"name": "g", "way": "agent", "user": None}
    assert sorted(said) == [b"1a\n", b"2b\n"]
    assert json.loads(ended[1:]) == {"status": 3, "truncated": False}


def test_what_is_typed(commands: Commands) -> None:
    with commands.open(GuestExec(name="g", command=("cat",)), False) as end:
        for packet in (b"done ", b"dtwo", b"f"):
            end.send(packet)
        said = b"".join(packet[1:] for packet in told(end) if packet[:1] == b"1")
    assert said == b"one two"


def test_a_refusal(commands: Commands) -> None:
    with commands.open(GuestExec(name="nobody", command=("true",)), False) as end:
        (packet,) = told(end)
    assert packet[:1] == b"p"
    assert json.loads(packet[1:])["code"] == "guest.unknown"


def test_what_nobody_waits_for_is_ended(commands: Commands) -> None:
    end = commands.open(GuestExec(name="g", command=("sh", "-c", "echo on; sleep 1000")), False)
    end.send(b"n")
    assert end.recv(1 << 20)[:1] == b"w"
    assert end.recv(1 << 20) == b"1on\n"
    end.close()
    for _ in range(1000):
        if not commands._running:
            return
        time.sleep(0.02)
    raise AssertionError("it goes on")
