"""The schedules in the database."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from innkeeper.errors import Conflict, NotFound
from innkeeper.schedule.timetable import Timetable
from innkeeper.schema.schedule import ScheduleCreate, ScheduleView
from innkeeper.store import Database
from innkeeper.store.tables import schedules

__all__ = ["Rows", "view"]

Row = dict[str, Any]


class Rows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, request: ScheduleCreate, guest: tuple[str, str], zone: str, who: str) -> Row:
        """`guest`: name and UUID. `who` made it. Raises `Conflict("schedule.exists")`."""
        name, uuid = guest
        now = time.time()
        options = {"uuid": uuid, "place": request.place, "force": request.force, "timeout": request.timeout}
        row: Row = {
            "name": request.name,
            "action": request.action,
            "guest": name,
            "host": "local",
            "cron": request.cron.strip(),
            "zone": zone,
            "options": options,
            "keep": request.keep,
            "catch_up": request.catch_up,
            "who": who,
            "created": now,
            "looked": now,
            "missed": 0,
            "made": [],
        }
        try:
            with self._database.begin() as connection:
                connection.execute(sa.insert(schedules), row)
        except IntegrityError as error:
            raise Conflict("schedule.exists", name=request.name) from error
        return self.get(request.name)

    def get(self, name: str) -> Row:
        """Raises `NotFound("schedule.unknown")`."""
        with self._database.look() as connection:
            query = sa.select(schedules).where(schedules.c.name == name)
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound("schedule.unknown", name=name)
        return dict(row)

    def all(self) -> list[Row]:
        with self._database.look() as connection:
            query = sa.select(schedules).order_by(schedules.c.name)
            return [dict(row) for row in connection.execute(query).mappings()]

    def remove(self, name: str) -> None:
        with self._database.begin() as connection:
            connection.execute(sa.delete(schedules).where(schedules.c.name == name))

    def set(self, name: str, **values: Any) -> None:
        with self._database.begin() as connection:
            connection.execute(sa.update(schedules).where(schedules.c.name == name).values(**values))

    def looked(self, row: Row, now: float, **values: Any) -> bool:
        """Its times up to now are dealt with; whether nobody else did that before."""
        wanted = (schedules.c.name == row["name"], schedules.c.looked == row["looked"])
        with self._database.begin() as connection:
            query = sa.update(schedules).where(*wanted).values(looked=now, **values)
            return connection.execute(query).rowcount == 1


def view(row: Row) -> ScheduleView:
    options = row["options"]
    names = ("name", "action", "guest", "cron", "zone", "keep", "catch_up", "created", "last_run")
    return ScheduleView(
        **{name: row[name] for name in (*names, "last_operation", "missed", "missed_since")},
        **{name: options[name] for name in ("uuid", "place", "force", "timeout")},
        next=Timetable(row["cron"], row["zone"]).next(time.time()),
        backups=tuple(row["made"]),
        who=row["who"] or None,
    )
