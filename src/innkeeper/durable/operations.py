"""The server's operations: what the web side may ask about them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from innkeeper import config
from innkeeper.durable.engine import Engine
from innkeeper.durable.performing import Lender, Memory, Performing
from innkeeper.durable.records import Asked, Records
from innkeeper.durable.scheduling import Scheduler
from innkeeper.durable.secrecy import split
from innkeeper.errors import Conflict, Invalid, Unsupported
from innkeeper.operation import journal
from innkeeper.schema.operation import ENDED, LogLine, OperationView
from innkeeper.schema.schedule import ScheduleRun
from innkeeper.store import Database
from innkeeper.verbs import verb

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["Durable"]

_GRACE = 3.0
"""Seconds in which operations may end by themselves when the server is stopped."""
_UNDOING = 15.0
"""… and then to undo what they did."""
_KEPT = 30 * 86400.0
"""Seconds for which the record of an operation that is over is kept."""
_LOOK = 2.0
"""Seconds between two looks at the record while an operation is waited for: another server may be at it."""
MOST_AT_ONCE = 64
SCHEDULER = "schedule"
"""Who asks for what is due, before the name of who made the schedule."""


class Durable:
    """All may be called from any thread. `publish` is told of every change: `publish("operation", id, "changed")`.
    `words` makes of plain data what may be said of it: whatever an operation tells goes through it."""

    def __init__(
        self,
        database: Database,
        hosts: Lender,
        publish: Callable[[str, str, str], object],
        words: Callable[[Any], Any] = lambda told: told,
    ) -> None:
        self._hosts, self._publish = hosts, publish
        self._records = Records(database, self._changed)
        self._performing = Performing(self._records, hosts, at_once())
        self._performing.words = words
        self._engine = Engine(database, self._performing.work, at_once())
        self._scheduler = Scheduler(database, self._scheduled, self._renew, self._maintain)
        self._news = threading.Condition()

    def on_end(self, call: Callable[[str, str, Any], None]) -> None:
        """Call that with verb, target and result of each operation, before it is said to be over."""
        self._performing.on_end = call

    def launch(self) -> None:
        """Go on with what was under way when the last server ended, and begin with what waits."""
        self._engine.launch()
        self._maintain()
        self._renew()
        self._scheduler.start()

    def _renew(self) -> None:
        """Whatever is not over is in the engine's hands."""
        waiting = (one for one in self._records.unfinished() if not self._performing.has_place(one))
        try:
            self._engine.renew(list(waiting))
        except SQLAlchemyError as error:
            raise Unsupported("database.unreachable", database="", detail=str(error)) from error

    def _maintain(self) -> None:
        self._records.prune(time.time() - _KEPT)
        self._engine.prune()

    def _scheduled(self, request: ScheduleRun, key: str, maker: str) -> None:
        who = f"{SCHEDULER}:{maker}" if maker else SCHEDULER
        self.submit("schedule.run", request, who, key=key)

    def close(self, grace: float = _GRACE) -> None:
        """Take nothing new. What runs may end within `grace` seconds, and is undone then: the next server does it."""
        self._scheduler.stop()
        self._performing.stopping.set()
        self._wait_for_running(grace)
        for watch in list(self._performing.running.values()):
            watch.cancel()
        self._wait_for_running(_UNDOING)
        self._engine.close()

    def _wait_for_running(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self._performing.running and time.monotonic() < deadline:
            time.sleep(0.05)

    def submit(
        self,
        name: str,
        request: Any,
        who: str,
        *,
        key: str | None = None,
        precondition: Callable[[Host], None] | None = None,
    ) -> OperationView:
        """Write the operation down, and have it performed. `precondition` raises what refuses it, when it begins.

        The same `key` of the same `who` is the same operation. Raises `Conflict("request.key_reused")`,
        `Unsupported("operation.stopping")`.
        """
        return self._submit(name, request, Asked("", "", "", "", {}, (), who, key), precondition)

    def _submit(
        self, name: str, request: Any, asked: Asked, precondition: Callable[[Host], None] | None = None
    ) -> OperationView:
        if self._performing.stopping.is_set():
            raise Unsupported("operation.stopping")
        parts, found, new_id = split(request), verb(name), journal.new_id()
        withheld = (*parts.withheld, *(["precondition"] if precondition else []))
        if withheld:
            self._performing.memory[new_id] = Memory(request, parts.secrets, precondition)
        target, uri = found.target(request), self._hosts.uri
        asked = asked._replace(id=new_id, verb=name, target=target, uri=uri, request=parts.shown)
        known = ""
        try:
            known = self._records.add(asked._replace(withheld=withheld))
        finally:
            if known != new_id:
                self._performing.memory.pop(new_id, None)
        if known == new_id:
            self._begin(new_id)
        return self._records.get(known)

    def _begin(self, operation_id: str) -> None:
        """At once when there is a place. What the engine cannot take now it is given again: `_renew`."""
        place = self._performing.take_place(operation_id)
        try:
            (self._engine.begin if place else self._engine.enqueue)(operation_id)
        except SQLAlchemyError:
            self._performing.give_place(operation_id)
            logging.getLogger("innkeeper.server").exception(
                "operation %s waits for the database", operation_id
            )

    def get(self, operation_id: str) -> OperationView:
        """By its id or an unambiguous beginning of it. Raises `NotFound("operation.unknown")`."""
        return self._records.get(operation_id)

    def counts(self) -> dict[tuple[str, str], int]:
        """How many there are on record: (verb, state) → number."""
        return self._records.counts()

    def log(self, operation_id: str, after: int = 0) -> list[LogLine]:
        """What it said behind the line of that number, at most a thousand lines. Raises
        `NotFound("operation.unknown")`."""
        return self._records.log(self._records.get(operation_id).id, after)

    def wait(self, operation_id: str, seconds: float) -> OperationView:
        """Its view when it is over, or after that time."""
        deadline = time.monotonic() + seconds
        while True:
            with self._news:
                view = self._records.get(operation_id)
                left = deadline - time.monotonic()
                if view.state in ENDED or left <= 0:
                    return view
                self._news.wait(min(left, _LOOK))

    def cancel(self, operation_id: str, who: str) -> OperationView:
        """Ask it to stop: what it did is undone.

        Raises `Conflict("operation.ended")`, `NotFound("operation.unknown")`.
        """
        view = self._records.get(operation_id)
        if self._records.cancel_queued(view.id, who):
            self._performing.memory.pop(view.id, None)
            if not self._performing.has_place(view.id):
                self._engine.forget(view.id)
        elif not self._records.set(view.id, cancelled_by=who):
            raise Conflict("operation.ended", id=view.id, state=self._records.get(view.id).state)
        else:
            watch = self._performing.running.get(view.id)
            if watch:
                watch.cancel(by_user=True)
        return self._records.get(view.id)

    def retry(self, operation_id: str, who: str) -> OperationView:
        """Do again what it was asked, as another operation.

        Raises `Conflict("operation.not_ended")`, `Conflict("operation.done")`, `Invalid("operation.secret")` when its
        request had what is not written down, `NotFound("operation.unknown")`.
        """
        row = self._records.row(operation_id)
        if row["state"] not in ENDED:
            raise Conflict("operation.not_ended", id=row["id"], state=row["state"])
        if row["state"] in ("done", "timeout"):
            raise Conflict("operation.done", id=row["id"])
        if row["withheld"]:
            raise Invalid("operation.secret", id=row["id"], fields=", ".join(row["withheld"]))
        from innkeeper.schema.base import build

        request = build(verb(row["verb"]).request, row["request"])
        return self._submit(row["verb"], request, Asked("", "", "", "", {}, (), who, None, row["id"]))

    def _changed(self, operation_id: str) -> None:
        self._publish("operation", operation_id, "changed")
        with self._news:
            self._news.notify_all()

    def list(
        self,
        *,
        states: Collection[str] = (),
        verb: str | None = None,
        target: str | None = None,
        before: str | None = None,
        limit: int = 100,
    ) -> list[OperationView]:
        """The newest first; those of these states (all when none), of that verb and target, older than the one of id
        `before`."""
        return self._records.found(states, verb, target, before, limit)


def at_once() -> int:
    """How many operations run at once on a host. Raises `Invalid("operation.at_once")`."""
    text = config.get("operations_at_once")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_AT_ONCE):
        raise Invalid("operation.at_once", value=text, most=MOST_AT_ONCE)
    return int(text)
