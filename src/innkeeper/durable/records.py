"""The records of operations: rows of the database, and views of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from innkeeper.errors import Conflict, NotFound
from innkeeper.schema.operation import ENDED, LogLine, OperationProblem, OperationView
from innkeeper.store import Database
from innkeeper.store.tables import operation_log, operations

__all__ = ["Asked", "Line", "Records"]

Line = tuple[float, str, dict[str, Any]]
"""When, a text's id, its facts."""
_LINES = 1000
"""Lines of a log that are answered at once, at most."""
_OF_VIEW = [column for column in operations.c if column.name in {*OperationView.__struct_fields__}]


class Asked(NamedTuple):
    """What is written down of a new operation."""

    id: str
    verb: str
    target: str
    uri: str
    request: dict[str, Any]
    withheld: tuple[str, ...]
    who: str
    key: str | None = None
    retry_of: str | None = None


class Records:
    """`changed` is called with an operation's id whenever its record is another than before."""

    def __init__(self, database: Database, changed: Callable[[str], None]) -> None:
        self.database = database
        self._changed = changed

    def add(self, asked: Asked) -> str:
        """Write a new operation down, and its id: that of the former one, when its key is known already.

        Raises `Conflict("request.key_reused")` when the key was another request's.
        """
        row = asked._asdict() | {"host": "local", "state": "queued", "requested": time.time()}
        row |= {"undone": [], "left": [], "attempts": 0, "finished": False, "withheld": list(asked.withheld)}
        try:
            with self.database.begin() as connection:
                connection.execute(sa.insert(operations), row)
        except IntegrityError:
            return self._known(asked)
        self._changed(asked.id)
        return asked.id

    def _known(self, asked: Asked) -> str:
        wanted = (operations.c.who == asked.who, operations.c.key == asked.key)
        with self.database.look() as connection:
            row = connection.execute(sa.select(operations).where(*wanted)).mappings().one()
        if (row["verb"], row["request"]) != (asked.verb, asked.request):
            raise Conflict("request.key_reused", key=asked.key)
        return str(row["id"])

    def row(self, operation_id: str) -> dict[str, Any]:
        """By its id or an unambiguous beginning of it. Raises `NotFound("operation.unknown")`."""
        like = operations.c.id.startswith(operation_id, autoescape=True)
        with self.database.look() as connection:
            rows = connection.execute(sa.select(operations).where(like).limit(2)).mappings().all()
        if len(rows) != 1 or not operation_id:
            raise NotFound("operation.unknown", id=operation_id)
        return dict(rows[0])

    def get(self, operation_id: str) -> OperationView:
        """Raises `NotFound("operation.unknown")`."""
        return _view(self.row(operation_id))

    def found(
        self, states: Collection[str], verb: str | None, target: str | None, before: str | None, limit: int
    ) -> list[OperationView]:
        """The newest first: of these states (all when none), that verb and target, asked for before that one."""
        query = sa.select(*_OF_VIEW).order_by(operations.c.requested.desc(), operations.c.id.desc())
        if states:
            query = query.where(operations.c.state.in_(states))
        for column, value in ((operations.c.verb, verb), (operations.c.target, target)):
            query = query.where(column == value) if value is not None else query
        if before is not None:
            last = self.row(before)
            place = sa.tuple_(operations.c.requested, operations.c.id)
            query = query.where(place < sa.tuple_(sa.literal(last["requested"]), sa.literal(last["id"])))
        with self.database.look() as connection:
            return [_view(dict(row)) for row in connection.execute(query.limit(limit)).mappings()]

    def counts(self) -> dict[tuple[str, str], int]:
        """How many there are on record: (verb, state) → number."""
        both = (operations.c.verb, operations.c.state)
        query = sa.select(*both, sa.func.count()).group_by(*both)
        with self.database.look() as connection:
            return {(verb, state): number for verb, state, number in connection.execute(query)}

    def unfinished(self) -> list[str]:
        """Ids of those that are not over, oldest first."""
        query = sa.select(operations.c.id).where(operations.c.state.not_in(ENDED))
        with self.database.look() as connection:
            return list(connection.execute(query.order_by(operations.c.requested)).scalars())

    def begin(self, operation_id: str) -> dict[str, Any] | None:
        """It runs now, once more: its row, or None when it is over."""
        values = {"state": "running", "attempts": operations.c.attempts + 1}
        began = sa.func.coalesce(operations.c.began, time.time())
        wanted = (operations.c.id == operation_id, operations.c.state.not_in(ENDED))
        query = sa.update(operations).where(*wanted).values(began=began, **values).returning(*operations.c)
        with self.database.begin() as connection:
            row = connection.execute(query).mappings().one_or_none()
        if row is not None:
            self._changed(operation_id)
        return None if row is None else dict(row)

    def set(self, operation_id: str, **values: Any) -> bool:
        """Change the record of one that is not over; whether it was."""
        wanted = (operations.c.id == operation_id, operations.c.state.not_in(ENDED))
        with self.database.begin() as connection:
            done = connection.execute(sa.update(operations).where(*wanted).values(**values)).rowcount == 1
        if done:
            self._changed(operation_id)
        return done

    def end(self, operation_id: str, state: str, **values: Any) -> bool:
        return self.set(operation_id, state=state, ended=time.time(), **values)

    def cancel_queued(self, operation_id: str, who: str) -> bool:
        """End one that has not begun; whether that was so."""
        wanted = (operations.c.id == operation_id, operations.c.state == "queued", operations.c.attempts == 0)
        values = {"state": "cancelled", "cancelled_by": who, "ended": time.time()}
        with self.database.begin() as connection:
            done = connection.execute(sa.update(operations).where(*wanted).values(**values)).rowcount == 1
        if done:
            self._changed(operation_id)
        return done

    def tell(self, operation_id: str, lines: Sequence[Line], **values: Any) -> None:
        """Lines of its log, and what it says now."""
        rows = [
            {"operation": operation_id, "at": at, "text": text, "facts": facts} for at, text, facts in lines
        ]
        with self.database.begin() as connection:
            if rows:
                connection.execute(sa.insert(operation_log), rows)
            if values:
                connection.execute(
                    sa.update(operations).where(operations.c.id == operation_id).values(**values)
                )
        self._changed(operation_id)

    def log(self, operation_id: str, after: int) -> list[LogLine]:
        """Lines behind that number, oldest first."""
        wanted = (operation_log.c.operation == operation_id, operation_log.c.number > after)
        query = sa.select(operation_log).where(*wanted).order_by(operation_log.c.number).limit(_LINES)
        fields = LogLine.__struct_fields__
        with self.database.look() as connection:
            rows = connection.execute(query).mappings()
            return [LogLine(**{name: row[name] for name in fields}) for row in rows]

    def prune(self, before: float) -> int:
        """Forget those that ended before that time; how many."""
        wanted = (operations.c.state.in_(ENDED), operations.c.ended < before)
        with self.database.begin() as connection:
            return connection.execute(sa.delete(operations).where(*wanted)).rowcount


def _view(row: dict[str, Any]) -> OperationView:
    fields = {name: row[name] for name in OperationView.__struct_fields__ if name in row}
    problem = row["problem"] and msgspec.convert(row["problem"], OperationProblem)
    lists = {"undone": tuple(row["undone"]), "left": tuple(row["left"]), "facts": row["facts"] or {}}
    return OperationView(**fields | lists | {"problem": problem or None})
