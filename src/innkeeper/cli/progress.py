"""What an operation is doing: one live line on a terminal, else a plain line whenever it begins something new."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli.output import clean, tell, width

if TYPE_CHECKING:
    from innkeeper.operation import Progress

__all__ = ["Live", "Plain", "watch"]

_REDRAW = 0.1
"""Seconds between two drawings of the live line, at least."""
_TICK = 1.0
"""Seconds after which the line is drawn again though nothing was said, to show the time that passes."""


@contextmanager
def watch(quiet: bool = False) -> Iterator[Callable[[Progress], None] | None]:
    """A reporter for the body, fit for what stderr is."""
    if quiet:
        yield None
    elif sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        live = Live()
        try:
            yield live
        finally:
            live.close()
    else:
        yield Plain()


def told(event: Progress) -> str:
    """The words of an event: `web1: starting`, of the guest that its facts name, else of the operation's target."""
    text = messages.text(event.text, **event.facts)
    if event.fraction is not None:
        text += f" {event.fraction:.0%}"
    name = of(event)
    return clean(f"{name}: {text}" if name else text)


def of(event: Progress) -> str:
    """What it is about: one of several guests that are made at once, or the operation's target."""
    return str(event.facts.get("name") or event.target)


class Plain:
    """A line for each new thing that each target begins; how far it is, is not said."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        self._lock = threading.Lock()

    def __call__(self, event: Progress) -> None:
        with self._lock:
            if self._said.get(of(event)) != event.text:
                self._said[of(event)] = event.text
                tell(told(event._replace(fraction=None)))


class Live:
    """One line, drawn over and over: the last thing said, for how long the whole lasts, and of how many guests."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._drawn = 0.0
        self._names: set[str] = set()
        self._last: Progress | None = None
        self._closed = threading.Event()
        threading.Thread(target=self._tick, daemon=True).start()

    def __call__(self, event: Progress) -> None:
        with self._lock:
            new = self._last is None or (of(self._last), self._last.text) != (of(event), event.text)
            self._last = event
            self._names.add(of(event))
            if new or time.monotonic() - self._drawn >= _REDRAW:
                self._draw()

    def close(self) -> None:
        """Leave an empty line behind for what comes after."""
        self._closed.set()
        with self._lock:
            if self._drawn:
                self._write("")

    def _tick(self) -> None:
        while not self._closed.wait(_TICK):
            with self._lock:
                if not self._closed.is_set():
                    self._draw()

    def _draw(self) -> None:
        if self._last is None:
            return
        self._drawn = time.monotonic()
        others = f" (+{len(self._names) - 1})" if len(self._names) > 1 else ""
        seconds = f"{self._drawn - self._began:.0f}s"
        room = _columns() - len(seconds) - len(others) - 2
        self._write(f"{seconds} {cut(told(self._last), room)}{others}")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def cut(text: str, room: int) -> str:
    """As much of the text as fits that many columns: a live line must not wrap."""
    if width(text) <= room:
        return text
    while text and width(text) > room - 1:
        text = text[:-1]
    return text + "…"


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except OSError:
        return 80
