"""One console, many readers, without libvirt: what is said is put into a queue."""

from __future__ import annotations

import json
import os
import queue
import random
import socket
import threading
import time
from typing import Any

import pytest

from innkeeper.errors import Busy, OutcomeUnknown
from innkeeper.server import console_hub
from innkeeper.server.console_hub import DATA, END, NOTICE, READERS, RING, ConsoleHub, Line


class Spoken:
    """A stream whose other end is the test."""

    def __init__(self) -> None:
        self.says: queue.Queue[bytes | Exception] = queue.Queue()
        self.heard = b""
        self.closed = threading.Event()

    def receive(self, _size: int = 4096) -> bytes:
        said = self.says.get()
        if isinstance(said, Exception):
            raise said
        return said

    def send(self, data: bytes) -> None:
        self.heard += data

    def close(self) -> None:
        if not self.closed.is_set():
            self.closed.set()
            self.says.put(b"")


class Nowhere:
    """A host that went away."""

    def __init__(self) -> None:
        self.closed = False
        self.virt = self

    def alive(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True


class Hub(ConsoleHub):
    """Opens what the test speaks for."""

    def __init__(self) -> None:
        super().__init__("test:///default")
        self.opened: list[tuple[Spoken, Nowhere]] = []

    def _open(self, uuid: str, force: bool) -> Line:
        spoken, host = Spoken(), Nowhere()
        self.opened.append((spoken, host))
        made: Any = Line
        line: Line = made(host, spoken, uuid)
        return line


def packets(end: socket.socket) -> list[bytes]:
    """All that is there, until nothing came for a moment or it ended."""
    found: list[bytes] = []
    end.settimeout(0.3)
    try:
        while packet := end.recv(1 << 17):
            found.append(packet)
    except TimeoutError:
        pass
    return found


def data(found: list[bytes]) -> bytes:
    return b"".join(one[1:] for one in found if one[:1] == DATA)


def events(found: list[bytes]) -> list[dict[str, Any]]:
    return [json.loads(one[1:]) for one in found if one[:1] == NOTICE]


def until(holds: Any, timeout: float = 60) -> None:
    deadline = time.monotonic() + timeout
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_slow_reader_misses_bytes_and_holds_up_nobody() -> None:
    hub = Hub()
    slow, quick = (hub.attend("u", False, who, True) for who in ("slow", "quick"))
    spoken, _ = hub.opened[0]
    whole, got = b"", b""
    for number in range(64):
        piece = bytes([number]) * (RING // 16)
        whole += piece
        spoken.says.put(piece)
        quick.settimeout(60)
        while len(got) < len(whole):
            got += quick.recv(1 << 17)[1:]
    assert got == whole
    found = packets(slow)
    lost = sum(one["bytes"] for one in events(found))
    assert lost > 0
    assert lost + len(data(found)) == len(whole)
    assert whole.endswith(data(found)[-RING // 2 :])
    slow.close()
    quick.close()
    until(lambda: hub.open == 0)


def test_who_comes_later_reads_what_was_said() -> None:
    hub = Hub()
    with hub.attend("u", False, "a", True) as first:
        hub.opened[0][0].says.put(b"x" * RING)
        hub.opened[0][0].says.put(b"login: ")
        assert data(packets(first))[-7:] == b"login: "
        with hub.attend("u", False, "b", True) as second:
            said = data(packets(second))
            assert len(said) == RING
            assert said.endswith(b"login: ")
    assert len(hub.opened) == 1
    until(lambda: hub.opened[0][1].closed)
    assert hub.open == 0


def test_only_those_who_asked_to_write_write() -> None:
    hub = Hub()
    with hub.attend("u", False, "anna", True) as anna, hub.attend("u", False, "bo", False) as bo:
        bo.send(b"rm")
        assert events(packets(bo)) == [{"event": "read_only"}]
        for letter in (b"l", b"s"):
            anna.send(letter)
        assert events(packets(bo)) == [{"event": "typing", "who": "anna"}]
        assert events(packets(anna)) == []
        assert hub.opened[0][0].heard == b"ls"


def test_what_was_typed_before_leaving_is_heard() -> None:
    """Also when the reader leaves without having read all: the kernel tells that first."""
    hub = Hub()
    leaving, staying = (hub.attend("u", False, who, True) for who in ("leaving", "staying"))
    spoken, _ = hub.opened[0]
    spoken.says.put(b"unread")
    assert data(packets(staying)) == b"unread"
    with hub._lines["u"].result()._lock:
        leaving.send(b"a line\n")
        leaving.close()
    until(lambda: spoken.heard == b"a line\n")
    until(lambda: len(hub._lines["u"].result()._readers) == 1)
    staying.close()
    hub.close()


def test_its_last_words_come_before_its_end() -> None:
    hub = Hub()
    with hub.attend("u", False, "a", True) as end:
        hub.opened[0][0].says.put(b"Power down.")
        hub.opened[0][0].says.put(OutcomeUnknown("libvirt.lost", name="", detail="", code=0))
        found = packets(end)
        assert data(found) == b"Power down."
        assert found[-1] == END + b"libvirt.lost"
    with hub.attend("u", False, "a", True):
        assert len(hub.opened) == 2, "it is opened anew"
    hub.close()


def test_a_reservation_keeps_it_open_for_its_time() -> None:
    hub = Hub()
    hub.reserve("u", False, 0.2)
    assert hub.open == 1
    until(lambda: hub.open == 0)
    hub.reserve("u", False, 600)
    hub.attend("u", False, "a", True).close()
    until(lambda: hub.open == 0)
    until(lambda: all(spoken.closed.is_set() and host.closed for spoken, host in hub.opened))


def test_there_are_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub()
    ends = [hub.attend("u", False, "a", True) for _ in range(READERS)]
    with pytest.raises(Busy) as caught:
        hub.attend("u", False, "a", True)
    assert caught.value.code == "console.readers"
    monkeypatch.setattr(console_hub, "LINES", 1)
    with pytest.raises(Busy) as caught:
        hub.reserve("v", False, 1)
    assert caught.value.code == "console.too_many"
    for end in ends:
        end.close()
    hub.close()


def test_readers_that_come_and_go_leave_nothing() -> None:
    hub, chance = Hub(), random.Random(1)
    with hub.attend("u", False, "stays", True) as stays:
        before = (len(os.listdir("/proc/self/fd")), threading.active_count())
        for number in range(200):
            with hub.attend("u", False, str(number), True) as end:
                hub.opened[0][0].says.put(chance.randbytes(chance.randrange(1, 70_000)))
                end.send(chance.randbytes(chance.randrange(1, 60_000)))
            stays.settimeout(0.001)
            packets_of(stays)
        until(lambda: len(os.listdir("/proc/self/fd")) <= before[0])
        assert threading.active_count() <= before[1]
    hub.close()


def packets_of(end: socket.socket) -> None:
    try:
        while end.recv(1 << 17):
            pass
    except TimeoutError:
        return
