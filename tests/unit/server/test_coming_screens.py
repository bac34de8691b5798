"""Screens that are opened ahead: taken once, closed when nobody comes, opened anew when they ended."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from innkeeper.errors import Conflict
from innkeeper.server.coming_screens import MOST, ComingScreens

_PATIENCE = 10.0


class Screens:
    """Ends of sockets whose other sides the test holds."""

    def __init__(self) -> None:
        self.ours: list[socket.socket] = []
        self.theirs: list[socket.socket] = []
        self.opened = threading.Semaphore(0)

    def open(self, _uuid: str) -> socket.socket:
        ours, theirs = socket.socketpair()
        theirs.settimeout(_PATIENCE)
        self.ours.append(ours)
        self.theirs.append(theirs)
        self.opened.release()
        return ours


@pytest.fixture
def screens() -> Iterator[Screens]:
    made = Screens()
    yield made
    for end in (*made.ours, *made.theirs):
        end.close()


def wait_for(opened: threading.Semaphore, count: int = 1) -> None:
    for _ in range(count):
        assert opened.acquire(timeout=_PATIENCE)


def test_one_is_open_when_somebody_comes_and_is_theirs_alone(screens: Screens) -> None:
    coming = ComingScreens(screens.open)
    coming.begin("one")
    wait_for(screens.opened)
    screens.theirs[0].send(b"RFB 003.008\n")
    end = coming.take("one")
    assert end is not None
    assert end.recv(12) == b"RFB 003.008\n"
    assert coming.take("one") is None
    assert coming.take("other") is None


def test_whom_nobody_takes_is_closed(screens: Screens) -> None:
    coming = ComingScreens(screens.open, kept=0.05)
    coming.begin("one")
    wait_for(screens.opened)
    assert screens.theirs[0].recv(1) == b""  # its other side ended
    assert coming.take("one") is None


def test_one_that_ended_meanwhile_is_not_given(screens: Screens) -> None:
    coming = ComingScreens(screens.open)
    coming.begin("one")
    wait_for(screens.opened)
    screens.theirs[0].close()
    assert coming.take("one") is None


def test_one_that_cannot_be_opened_is_none() -> None:
    def refuse(_uuid: str) -> socket.socket:
        raise Conflict("guest.not_running", name="one")

    coming = ComingScreens(refuse)
    coming.begin("one")
    assert coming.take("one") is None


def test_no_more_than_some_are_held(screens: Screens) -> None:
    coming = ComingScreens(screens.open)
    for number in range(MOST + 5):
        coming.begin(f"guest-{number}")
    wait_for(screens.opened, MOST)
    assert coming.take(f"guest-{MOST}") is None
    taken = [coming.take(f"guest-{number}") for number in range(MOST)]
    assert all(taken)
    coming.begin("late")
    wait_for(screens.opened)
    assert coming.take("late") is not None
