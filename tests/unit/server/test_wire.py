"""Calls between two processes: arguments typed, errors whole, descriptors handed over."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from innkeeper.errors import Conflict, OutcomeUnknown
from innkeeper.schema.guest import GuestStart
from innkeeper.server.wire import Called, Caller, Handed


class Target:
    """What is called."""

    def __init__(self) -> None:
        self.hold = threading.Event()

    def start(self, name: str, request: Any, times: int = 1) -> list[Any]:
        return [name, request, times]

    def refuse(self) -> None:
        error = Conflict("guest.exists", name="web")
        error.undone.append("volume web")
        raise error

    def break_down(self) -> None:
        raise ZeroDivisionError

    def pipe(self) -> Handed:
        reading, writing = os.pipe()
        os.write(writing, b"through")
        os.close(writing)
        return Handed({"kind": "pipe"}, reading)

    def wait(self) -> str:
        self.hold.wait(10)
        return "waited"

    def hidden(self) -> str:
        return "never"


@pytest.fixture
def target() -> Target:
    return Target()


@pytest.fixture
def pushed() -> list[Any]:
    return []


@pytest.fixture
def caller(target: Target, pushed: list[Any]) -> Iterator[Caller]:
    here, there = socket.socketpair()
    called = Called(target, ("start", "refuse", "break_down", "pipe", "wait"), there)
    serving = threading.Thread(target=called.serve)
    serving.start()
    made = Caller(here, pushed.append)
    called.push({"seq": 1})
    yield made
    target.hold.set()
    made.close()
    serving.join(10)


def test_a_request_is_the_verbs(caller: Caller) -> None:
    request = GuestStart(name="web", timeout=3)
    assert caller.call("start", "guest.start", request, 2) == ["guest.start", request, 2]


@pytest.mark.parametrize(
    "arguments",
    [
        ("guest.start", {"name": 5}),
        ("guest.start", {"name": "web", "rm": "-rf"}),
        ("guest.start", {"name": "web"}, "two"),
        (["guest.start"], {"name": "web"}),
        ("no.such", {"name": "web"}),
    ],
)
def test_what_is_not_of_the_type_is_refused(caller: Caller, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(RuntimeError):
        caller.call("start", *arguments)


def test_only_what_is_listed_is_called(caller: Caller) -> None:
    for name in ("hidden", "__init__", "hold"):
        with pytest.raises(RuntimeError):
            caller.call(name)


def test_errors_come_whole(caller: Caller) -> None:
    with pytest.raises(Conflict) as caught:
        caller.call("refuse")
    assert (caught.value.code, caught.value.facts, caught.value.undone) == (
        "guest.exists",
        {"name": "web"},
        ["volume web"],
    )
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        caller.call("break_down")


def test_a_descriptor_is_handed_over(caller: Caller) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        view, descriptor = caller.call("pipe")
        assert view == {"kind": "pipe"}
        assert os.read(descriptor, 100) == b"through"
        os.close(descriptor)
    assert len(os.listdir("/proc/self/fd")) < before + 10  # others of this process come and go


def test_calls_do_not_wait_for_each_other(caller: Caller, target: Target) -> None:
    answers: list[Any] = []
    slow = threading.Thread(target=lambda: answers.append(caller.call("wait")))
    slow.start()
    assert caller.call("start", "guest.start", {"name": "web"})[2] == 1
    assert answers == []
    target.hold.set()
    slow.join(10)
    assert answers == ["waited"]


def test_what_is_told_unasked_arrives(caller: Caller, pushed: list[Any]) -> None:
    caller.call("start", "guest.start", {"name": "web"})
    assert pushed == [{"seq": 1}]


def test_whoever_waits_hears_that_the_other_is_gone(target: Target) -> None:
    here, there = socket.socketpair()
    made = Caller(here, print)
    heard: list[BaseException] = []

    def ask() -> None:
        try:
            made.call("wait")
        except OutcomeUnknown as error:
            heard.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    there.recv(100)
    there.close()
    asking.join(10)
    assert [type(error) for error in heard] == [OutcomeUnknown]
    with pytest.raises(OutcomeUnknown):
        made.call("wait")


def test_a_large_message(caller: Caller) -> None:
    assert len(caller.call("start", "guest.start", {"name": "w" * 3_000_000})[1].name) == 3_000_000


def test_nonsense_ends_the_conversation(target: Target) -> None:
    here, there = socket.socketpair()
    serving = threading.Thread(target=Called(target, ("wait",), there).serve)
    serving.start()
    here.sendall(b"\0\0\0\3\0" + b"\xc1\xc1\xc1")
    serving.join(10)
    assert not serving.is_alive()
    assert here.recv(1) == b""
    here.close()
