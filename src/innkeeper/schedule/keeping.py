"""The verbs on schedules. They are written down here, and carried out by a server: `innkeeper.durable.scheduling`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from innkeeper.errors import Conflict, Invalid, NotFound
from innkeeper.schedule.rows import Row, Rows, view
from innkeeper.schedule.timetable import Timetable, own_zone
from innkeeper.schema.base import build
from innkeeper.schema.names import check_name
from innkeeper.schema.schedule import (
    ScheduleCreate,
    ScheduleList,
    ScheduleRemove,
    ScheduleRun,
    ScheduleShow,
    ScheduleView,
)
from innkeeper.store import open_database
from innkeeper.verbs import Plan, Verb, verb

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS"]

_VERBS = {"start": "guest.start", "stop": "guest.stop", "backup": "backup.create"}
_SO_ALREADY = ("guest.running_already", "guest.not_running")
"""Codes of refusals by which a start or stop learns that there is nothing to do."""
_FITS = {"keep": ("backup",), "place": ("backup",), "force": ("stop",), "timeout": ("stop",)}
"""field → the actions that it is of"""


@contextmanager
def _rows() -> Iterator[Rows]:
    database = open_database()
    try:
        yield Rows(database)
    finally:
        database.close()


def _check_create(host: Host, request: ScheduleCreate) -> tuple[str, str]:
    """The guest's name and UUID."""
    from innkeeper.guest.naming import find

    check_name(request.name, "schedule")
    Timetable(request.cron, request.zone or own_zone())
    for field, actions in _FITS.items():
        if getattr(request, field) and request.action not in actions:
            raise Invalid("schedule.field", field=field, action=request.action)
    domain = find(host, request.guest)
    with _rows() as rows:
        if any(row["name"] == request.name for row in rows.all()):
            raise Conflict("schedule.exists", name=request.name)
    return domain.name, domain.uuid


def _create(_host: Host, request: ScheduleCreate, operation: Operation) -> ScheduleView:
    from innkeeper.operation.behalf import who

    with _rows() as rows:
        return view(rows.add(request, operation.decided, request.zone or own_zone(), who()))


def _no_check(_host: Host, _request: ScheduleList) -> None:
    """Looking is always allowed."""


def _list(_host: Host, _request: ScheduleList, _operation: Operation) -> list[ScheduleView]:
    with _rows() as rows:
        return [view(row) for row in rows.all()]


def _check(_host: Host, request: ScheduleShow | ScheduleRemove | ScheduleRun) -> Row:
    with _rows() as rows:
        return rows.get(request.name)


def _show(_host: Host, _request: ScheduleShow, operation: Operation) -> ScheduleView:
    return view(operation.decided)


def _remove(_host: Host, request: ScheduleRemove, operation: Operation) -> ScheduleView:
    with _rows() as rows:
        rows.remove(request.name)
    return view(operation.decided)


def _run(host: Host, request: ScheduleRun, operation: Operation) -> ScheduleView:
    """What it does is an operation of its own, with an undo of its own."""
    row: Row = operation.decided
    with _rows() as rows:
        with operation.step("run"):
            if row["last_operation"] != operation.id:  # else the server was killed after it had done that
                made = _do(host, row, operation)
                if made is not None and made not in row["made"]:
                    row["made"] = [*row["made"], made]
                rows.set(request.name, made=row["made"], last_run=time.time(), last_operation=operation.id)
        with operation.step("prune"):
            _prune(host, row, rows, operation)
        return view(rows.get(request.name))


def _do(host: Host, row: Row, operation: Operation) -> str | None:
    """The id of the backup that was made, if one was."""
    options: dict[str, Any] = row["options"]
    fields: dict[str, Any] = {"name": options["uuid"]}
    fields |= {
        name: options[name]
        for name, actions in _FITS.items()
        if options.get(name) and row["action"] in actions
    }
    found = verb(_VERBS[row["action"]])
    try:
        answer = found.perform_here(host, build(found.request, fields), operation.report)
    except Conflict as refused:
        if refused.code not in _SO_ALREADY:
            raise
        operation.progress("schedule.progress.already", name=row["guest"])
        return None
    return str(answer.id) if row["action"] == "backup" else None


def _prune(host: Host, row: Row, rows: Rows, operation: Operation) -> None:
    """The oldest of its own backups go; others are not counted, and never touched."""
    made: list[str] = row["made"]
    while row["keep"] is not None and len(made) > row["keep"]:
        found = verb("backup.remove")
        operation.progress("schedule.progress.prune", name=made[0])
        try:
            request = build(found.request, {"backup": made[0]} | _where(row))
            found.perform_here(host, request, operation.report)
        except NotFound:
            operation.progress("schedule.progress.gone", name=made[0])
        made = made[1:]
        rows.set(row["name"], made=made)


def _where(row: Row) -> dict[str, str]:
    place = row["options"]["place"]
    return {"place": place} if place else {}


def _plan(_host: Host, _request: ScheduleRun, row: Row) -> Plan:
    return Plan([f"{_VERBS[row['action']]} {row['guest']}"], {}, [])


VERBS = {
    "schedule.create": Verb("schedule.create", ScheduleCreate, ScheduleView, _check_create, _create),
    "schedule.list": Verb("schedule.list", ScheduleList, list[ScheduleView], _no_check, _list),
    "schedule.show": Verb("schedule.show", ScheduleShow, ScheduleView, _check, _show),
    "schedule.remove": Verb("schedule.remove", ScheduleRemove, ScheduleView, _check, _remove),
    "schedule.run": Verb(
        "schedule.run", ScheduleRun, ScheduleView, _check, _run, steps=("run", "prune"), plan=_plan
    ),
}
