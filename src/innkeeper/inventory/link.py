"""Whether libvirt answers: told by those who call it, and judged by how long they have waited."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from innkeeper.schema.live import Link, LinkStatus

__all__ = ["HUNG", "Watched"]

HUNG = 5.0
"""Seconds that a call waits until its host counts as hung. A guest that starts holds libvirt for a second or two."""


class Watched:
    """The link of one host. `on_change` is called, by whoever notices it, when it becomes another."""

    def __init__(self, on_change: Callable[[], None], hung: float = HUNG) -> None:
        self._on_change = on_change
        self._hung = hung
        self._lock = Lock()
        self._waits: float | None = None
        self._told = Link(state="away", since=time.time(), detail="")

    @contextmanager
    def call(self) -> Iterator[None]:
        """While libvirt is asked. One thread calls at a time."""
        self.heard()
        try:
            yield
        finally:
            self._waits = None

    def heard(self) -> None:
        """It answered just now, and is asked something else."""
        self._waits = time.monotonic()

    def up(self) -> None:
        self._become("connected", "")

    def down(self, detail: str) -> None:
        """Nobody is there. One that hung goes on to hang until it is seen that it does not."""
        self._become("away", detail)

    def lost(self, detail: str) -> None:
        """The connection broke; whether anybody is there is seen next. Of one that hung that was to be expected."""
        if self._told.state != "hung":
            self._become("away", detail)

    def hangs(self) -> None:
        """It was asked whether it lives, and did not say."""
        self._become("hung", "")

    def view(self) -> Link:
        self.judge()
        return self._told

    def judge(self) -> None:
        """See whether a call has waited too long, or came back after all."""
        waits = self._waits
        if waits is not None and time.monotonic() - waits > self._hung:
            self._become("hung", "")

    def _become(self, state: LinkStatus, detail: str) -> None:
        with self._lock:
            if self._told.state == state:
                self._told = Link(state=state, since=self._told.since, detail=detail or self._told.detail)
                return
            self._told = Link(state=state, since=time.time(), detail=detail)
        self._on_change()
