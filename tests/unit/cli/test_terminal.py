"""The console carries every key but ^], and leaves the terminal as it was."""

from __future__ import annotations

import os
import pty
import queue
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator

import pytest

from innkeeper.cli.terminal import attach
from innkeeper.errors import OutcomeUnknown


class Guest:
    """A console whose other end is this test."""

    def __init__(self) -> None:
        self.typed = b""
        self.says: queue.Queue[bytes | Exception] = queue.Queue()
        self.closed = False

    def send(self, data: bytes) -> None:
        self.typed += data

    def receive(self, size: int) -> bytes:
        said = self.says.get()
        if isinstance(said, Exception):
            raise said
        assert len(said) <= size
        return said

    def close(self) -> None:
        self.closed = True
        self.says.put(b"")


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The person's side and the program's side of a terminal."""
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def wait_until_raw(descriptor: int) -> None:
    deadline = time.monotonic() + 5
    while termios.tcgetattr(descriptor)[3] & termios.ICANON:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def read_until(descriptor: int, ending: bytes) -> bytes:
    data = b""
    while ending not in data:
        data += os.read(descriptor, 1024)
    return data


def test_on_a_terminal(terminal: tuple[int, int]) -> None:
    ours, theirs = terminal
    before = termios.tcgetattr(theirs)
    guest = Guest()
    ended: list[bool] = []
    session = threading.Thread(target=lambda: ended.append(attach_quietly(guest, theirs)))
    session.start()
    wait_until_raw(theirs)
    guest.says.put(b"login: ")
    assert read_until(ours, b"login: ") == b"login: "
    os.write(ours, b"root\r\x03\x04\x1a")
    deadline = time.monotonic() + 5
    while guest.typed != b"root\r\x03\x04\x1a":
        assert time.monotonic() < deadline, guest.typed
        time.sleep(0.005)
    os.write(ours, b"x\x1dnot sent")
    session.join(5)
    assert ended == [False]
    assert guest.typed == b"root\r\x03\x04\x1ax"
    assert guest.closed
    assert termios.tcgetattr(theirs) == before
    assert b"\x1b[?25h" in read_until(ours, b"\x1b[0m"), "the window stays usable"


def attach_quietly(guest: Guest, descriptor: int) -> bool:
    """Signals are for the main thread, which the test is not."""
    import unittest.mock

    with unittest.mock.patch("signal.signal"):
        return attach(guest, descriptor, descriptor)


def test_on_pipes() -> None:
    source, typing = os.pipe()
    reading, sink = os.pipe()
    guest = Guest()
    guest.says.put(b"hello\r\n")
    os.write(typing, b"ls\n\x1d")
    assert attach(guest, source, sink) is False
    assert guest.typed == b"ls\n"
    assert os.read(reading, 100) == b"hello\r\n"
    for descriptor in (source, typing, reading, sink):
        os.close(descriptor)


def test_end_of_input_is_not_the_end() -> None:
    source, typing = os.pipe()
    reading, sink = os.pipe()
    os.write(typing, b"poweroff\n")
    os.close(typing)
    guest = Guest()
    guest.says.put(b"bye")
    threading.Timer(0.1, guest.says.put, (b"",)).start()
    assert attach(guest, source, sink) is True
    assert os.read(reading, 100) == b"bye"
    assert guest.typed == b"poweroff\n"
    for descriptor in (source, reading, sink):
        os.close(descriptor)


def test_a_lost_connection_is_said() -> None:
    source, typing = os.pipe()
    guest = Guest()
    guest.says.put(OutcomeUnknown("libvirt.lost", detail="gone"))
    with pytest.raises(OutcomeUnknown):
        attach(guest, source, typing)
    os.close(source)
    os.close(typing)


ENDLESS = """
import time
from innkeeper.cli.terminal import attach
class Guest:
    def send(self, data): pass
    def receive(self, size): time.sleep(60); return b""
    def close(self): pass
attach(Guest(), 0, 1)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_as_it_was(terminal: tuple[int, int], number: signal.Signals) -> None:
    _, theirs = terminal
    before = termios.tcgetattr(theirs)
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS], stdin=theirs, stdout=theirs, stderr=theirs
    ) as child:
        wait_until_raw(theirs)
        child.send_signal(number)
        assert child.wait(10) == 128 + number
    assert termios.tcgetattr(theirs) == before
