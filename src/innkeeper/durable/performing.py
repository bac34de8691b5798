"""An operation of the server from its beginning to its end, and once more after the server was killed in the middle."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from innkeeper.durable.ending import Outcome, finished, fulfilled, of_error, undone_instead
from innkeeper.durable.secrecy import scrubbed
from innkeeper.durable.watching import Watch
from innkeeper.errors import Failed, InnkeeperError, Unsupported
from innkeeper.operation import recovery
from innkeeper.schema.base import build
from innkeeper.verbs import verb

if TYPE_CHECKING:
    from innkeeper.durable.records import Records
    from innkeeper.host import Host

__all__ = ["ATTEMPTS", "Lender", "Memory", "Performing"]

ATTEMPTS = 3
"""Times that an operation is begun, before it is taken for what kills the server."""
_TURN = 0.5
"""Seconds between two tries to reach a database that is away."""


class Lender(Protocol):
    """Whoever has connections to the host."""

    @property
    def uri(self) -> str: ...

    def borrow(self) -> AbstractContextManager[Host]: ...


class Memory(NamedTuple):
    """What is known of an operation only here: a request with its secrets, those, and what has to be so still when it
    begins."""

    request: Any
    secrets: tuple[str, ...]
    precondition: Callable[[Host], None] | None


class Performing:
    """`work` is called by a thread of the engine's for each operation. `stopping` says that the server is.

    `on_end(verb, target, result)` is called before an operation is said to be over; `words` with all that is told.

    No more than `at_once` run: whatever the engine hands over beyond that waits its turn here.
    """

    def __init__(self, records: Records, hosts: Lender, at_once: int) -> None:
        self.stopping = threading.Event()
        self._places = threading.Semaphore(at_once)
        self._at_once = at_once
        self._taken: set[str] = set()
        self._lock = threading.Lock()
        self.running: dict[str, Watch] = {}
        self.memory: dict[str, Memory] = {}
        self.on_end: Callable[[str, str, Any], None] = lambda *_ended: None
        self.words: Callable[[Any], Any] = lambda told: told
        self._records, self._hosts = records, hosts

    def take_place(self, operation_id: str) -> bool:
        """Whether it may begin at once; then it has a place."""
        with self._lock:
            free = len(self._taken) < self._at_once
            if free:
                self._taken.add(operation_id)
            return free

    def give_place(self, operation_id: str) -> None:
        with self._lock:
            self._taken.discard(operation_id)

    def has_place(self, operation_id: str) -> bool:
        return operation_id in self._taken

    def work(self, operation_id: str) -> None:
        """Everything that goes wrong is in the record; nothing is raised."""
        with self._lock:
            self._taken.add(operation_id)
        try:
            with self._places:
                if not self.stopping.is_set():
                    self._work(operation_id)
        finally:
            with self._lock:
                self._taken.discard(operation_id)

    def _work(self, operation_id: str) -> None:
        row = self._reached(lambda: self._records.begin(operation_id))
        if row is None:
            return
        kept = self.memory.get(operation_id)
        secrets = kept.secrets if kept else ()
        watch = Watch(self._records, row, lambda told: self.words(scrubbed(told, secrets)))
        self.running[operation_id] = watch
        try:
            outcome = self._outcome(row, watch, kept)
            watch.close()
            if outcome.state == "cancelled" and self._is_put_off(watch, kept):
                values: dict[str, Any] = {
                    "state": "queued",
                    "attempts": 0,
                    "recovered": "undone",
                    "step": None,
                }
                self._reached(lambda: self._records.set(operation_id, **values))
                return
            self.on_end(row["verb"], row["target"], outcome.result)
            plain = self.words(scrubbed(outcome.values(), secrets))
            self._reached(lambda: self._records.end(operation_id, outcome.state, **plain))
            self.memory.pop(operation_id, None)
        finally:
            self.running.pop(operation_id, None)

    def _is_put_off(self, watch: Watch, kept: Memory | None) -> bool:
        """A server that is stopped undoes what it was at, and does it when it is started again."""
        return self.stopping.is_set() and not watch.cancelled_by_user and kept is None

    def _reached(self, call: Callable[[], Any]) -> Any:
        """The database may be away for a while: it is waited for. A server that stops waits no more: the next one finds
        this operation unfinished."""
        while True:
            try:
                return call()
            except Unsupported:
                if self.stopping.is_set():
                    logging.getLogger("innkeeper.server").exception("an operation's end is not written down")
                    return None
                time.sleep(_TURN)

    def _outcome(self, row: dict[str, Any], watch: Watch, kept: Memory | None) -> Outcome:
        try:
            with self._hosts.borrow() as host:
                try:
                    return self._attempt(host, row, watch, kept)
                finally:
                    if row["attempts"] > 1:  # what it performed on its way, when it took another way now
                        recovery.clean_parts(host, watch.id)
        except Exception as error:  # whatever it is belongs into the record
            if not isinstance(error, InnkeeperError):
                logging.getLogger("innkeeper.server").exception("operation %s", watch.id)
            if watch.recovered and fulfilled(row["verb"], error):
                return finished(self._hosts, row)
            outcome = of_error(error, self._hosts, row)
            if outcome.state == "cancelled" and watch.finished:  # only what was waited for is not
                return finished(self._hosts, row)._replace(recovered=watch.recovered)
            stopped = self.stopping.is_set() and not watch.cancelled_by_user and kept is not None
            if outcome.state == "cancelled" and stopped:
                return of_error(_lost(row), self._hosts, row)._replace(
                    undone=outcome.undone, left=outcome.left
                )
            return outcome._replace(recovered=watch.recovered)

    def _attempt(self, host: Host, row: dict[str, Any], watch: Watch, kept: Memory | None) -> Outcome:
        if row["attempts"] > 1:
            if row["finished"]:
                recovery.settle(host, watch.id)
                return finished(self._hosts, row)
            reason = _why_not_again(row, kept)
            if reason:
                recovery.clean_parts(host, watch.id)
                return undone_instead(host, watch.id, reason)
        found, request = verb(row["verb"]), kept.request if kept else None
        if request is None:
            request = build(found.request, row["request"])
        if kept and kept.precondition:
            found = replace(found, check=_checked(found.check, kept.precondition))
        watch.check_cancel()
        view = found.perform_here(host, request, watch, operation_id=watch.id)
        return Outcome("done", result=view, recovered=watch.recovered)


def _checked(check: Callable[[Any, Any], Any], precondition: Callable[[Host], None]) -> Callable[..., Any]:
    """Both under the lock of what is changed."""

    def both(host: Host, request: Any) -> Any:
        precondition(host)
        return check(host, request)

    return both


def _why_not_again(row: dict[str, Any], kept: Memory | None) -> InnkeeperError | None:
    """The server was killed while it ran: why it is not done once more, if it is not."""
    facts = {"verb": row["verb"], "name": row["target"]}
    if row["cancelled_by"] is not None:
        return Failed("operation.cancelled", **facts)
    if row["withheld"] and kept is None:
        return _lost(row)
    if row["attempts"] > ATTEMPTS:
        return Failed("operation.crashes", attempts=row["attempts"] - 1, **facts)
    return None


def _lost(row: dict[str, Any]) -> Failed:
    fields = ", ".join(row["withheld"])
    return Failed("operation.interrupted", verb=row["verb"], name=row["target"], fields=fields)
