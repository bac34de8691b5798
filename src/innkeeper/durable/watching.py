"""What an operation of the server says while it runs: into its record and its log, a few times a second at most."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from innkeeper.errors import Failed, Unsupported
from innkeeper.operation import Operation, Progress, Watcher

if TYPE_CHECKING:
    from innkeeper.durable.records import Line, Records

__all__ = ["Watch"]

_OFTEN = 0.4
"""Seconds between two writings of how far it is, at least."""
_BURST, _RATE = 20.0, 3.0
"""Lines of its log that may be written at once, and then in each second; more than these wait for the next writing."""
_MOST = 2000
"""Lines of its log."""
_PATIENCE = 30.0
"""Seconds in which the database may come back, before an operation goes on without having told it."""


class Watch(Watcher):
    """Of one operation, and of those that it performs on its way. Its methods may be called from several threads.
    `words` makes of the facts that it tells what may be written down."""

    def __init__(self, records: Records, row: dict[str, Any], words: Callable[[Any], Any]) -> None:
        self.id: str = row["id"]
        self.recovered: str | None = None
        self.finished = False
        self.cancelled_by_user = False
        self._records, self._row, self._words = records, row, words
        self._running: list[Operation] = []
        self._cancelled = False
        self._lock = threading.Lock()
        self._written = 0.0
        self._budget, self._refilled = _BURST, time.monotonic()
        self._lines: list[Line] = []
        self._count = 0
        self._said: tuple[str, object] | None = None

    def __call__(self, progress: Progress) -> None:
        if progress.text == "operation.progress.recovered" and progress.operation == self.id:
            self.recovered = "repeated"
        facts: dict[str, Any] = self._words(progress.facts)
        with self._lock:
            lines = self._now(progress.text, facts)
        if lines is not None:
            self._tell(lines, text=progress.text, facts=facts, fraction=progress.fraction)
        self.check_cancel()

    def _now(self, text: str, facts: dict[str, Any]) -> list[Line] | None:
        """What of its log is written now, with what it says; None when nothing is."""
        now, new = time.monotonic(), (text, facts.get("name"))
        first, self._said = new != self._said, new
        self._budget = min(_BURST, self._budget + (now - self._refilled) * _RATE)
        self._refilled = now
        if first and self._count < _MOST:
            self._count += 1
            self._lines.append((time.time(), text, facts))
        if self._budget < 1 if first else now - self._written < _OFTEN:
            return None
        self._budget -= first
        self._written = now
        lines, self._lines = self._lines, []
        return lines

    def _tell(self, lines: list[Line], **values: Any) -> None:
        try:
            self._records.tell(self.id, lines, **values)
        except Unsupported:
            logging.getLogger("innkeeper.server").warning("operation %s: the database is away", self.id)

    def close(self) -> None:
        """Write what is still to be written of its log."""
        with self._lock:
            lines, self._lines = self._lines, []
        if lines:
            self._tell(lines)

    def check_cancel(self) -> None:
        """Between operations, where none can be asked: while another one's locks are waited for."""
        if self._cancelled and not self._running:
            raise Failed("operation.cancelled", verb=self._row["verb"], name=self._row["target"])

    def began(self, operation: Operation) -> None:
        self._running.append(operation)
        if operation.id != self.id:
            operation.note(part_of=self.id)
        if self._cancelled:
            operation.cancel()

    def stepped(self, operation: Operation, step: str) -> None:
        if operation.id == self.id:
            self.persist(step=step)

    def finishing(self, operation: Operation) -> None:
        """From here on a restarted server must not do it again."""
        if operation.id == self.id:
            self.finished = True
            self.persist(finished=True)
        elif operation in self._running:
            self._running.remove(operation)

    def cancel(self, by_user: bool = False) -> None:
        """Ask all of it to stop."""
        self.cancelled_by_user = self.cancelled_by_user or by_user
        self._cancelled = True
        for operation in list(self._running):
            operation.cancel()

    def persist(self, **values: Any) -> None:
        """Into the record; a database that was restarted is waited for."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                self._records.set(self.id, **values)
            except Unsupported:
                if time.monotonic() > deadline:
                    logging.getLogger("innkeeper.server").exception(
                        "operation %s is not written down", self.id
                    )
                    return
                time.sleep(0.5)
            else:
                return
