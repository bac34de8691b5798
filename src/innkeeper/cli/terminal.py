"""A guest's serial console on this terminal, or on pipes."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
from collections.abc import Iterator
from typing import Protocol

from innkeeper.errors import InnkeeperError

__all__ = ["ESCAPE", "Stream", "attach"]

ESCAPE = b"\x1d"
"""^], as in virsh and telnet"""

_PIECE = 4096
_MEND = b"".join(
    (
        b"\x1b[?1049l",  # the ordinary screen
        b"\x1b[?1000l\x1b[?1002l\x1b[?1006l\x1b[?2004l",  # no reports of mouse and paste
        b"\x1b[?1l\x1b>",  # ordinary keys
        b"\x1b7\x1b[r\x1b8",  # the whole window scrolls
        b"\x1b[?7h\x1b[?25h\x1b[0m\r\n",  # lines wrap, the cursor is seen, no colours
    )
)
"""Puts right whatever the guest left (ECMA-48 and xterm's control sequences)."""


class Stream(Protocol):
    """A console: bytes both ways."""

    def send(self, data: bytes) -> object: ...

    def receive(self, size: int) -> bytes:
        """At least one byte; none when the console ended or was closed."""
        ...

    def close(self) -> None: ...


def attach(stream: Stream, source: int, sink: int) -> bool:
    """Carry bytes between the console and two file descriptors until ^] is typed or the console ends.

    Returns whether the console ended by itself. What `source` was before, it is again afterwards, also when a signal
    ends the process. The end of a pipe at `source` is not the end: what the guest says goes on to `sink`.
    """
    wake, woken = os.pipe()
    failures: list[InnkeeperError] = []

    def show() -> None:
        try:
            while data := stream.receive(_PIECE):
                _write_all(sink, data)
        except InnkeeperError as error:
            failures.append(error)
        finally:
            os.close(woken)

    reader = threading.Thread(target=show, daemon=True)
    reader.start()
    try:
        with _raw(source, sink):
            left = _type(stream, source, wake)
    finally:
        stream.close()
        reader.join(timeout=1)
        if not reader.is_alive():
            os.close(wake)
    if failures:
        raise failures[0]
    return not left


def _type(stream: Stream, source: int, wake: int) -> bool:
    """Send what is typed. Returns whether the user left, else the console ended."""
    watched = [source, wake]
    while True:
        ready, _, _ = select.select(watched, [], [])
        if wake in ready:
            return False
        data = os.read(source, _PIECE)
        if not data:
            watched.remove(source)
            continue
        before, escape, _ = data.partition(ESCAPE)
        if before:
            stream.send(before)
        if escape:
            return True


@contextlib.contextmanager
def _raw(source: int, sink: int) -> Iterator[None]:
    """Every key goes to the guest. On no terminal nothing is to be done."""
    if not os.isatty(source):
        yield
        return
    import termios
    import tty

    def end(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    before = termios.tcgetattr(source)
    handlers = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        tty.setraw(source)
        yield
    finally:
        termios.tcsetattr(source, termios.TCSADRAIN, before)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if os.isatty(sink):
            _write_all(sink, _MEND)


def _write_all(sink: int, data: bytes) -> None:
    while data:
        data = data[os.write(sink, data) :]
