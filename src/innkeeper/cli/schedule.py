"""`inn schedule`: create, list, show, remove, run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from innkeeper import messages
from innkeeper.cli.framework import Argument, Option, command
from innkeeper.cli.names import GUEST, POOL
from innkeeper.cli.output import clean, moment, pairs, say, table, tell
from innkeeper.cli.types import Choice, Integer, Seconds

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.schedule import ScheduleView

__all__ = ["create", "list_", "remove", "run", "show"]

NAME = Argument(["name"], metavar="NAME")


@command(
    "schedule.create",
    NAME,
    Argument(["action"], type=Choice("start", "stop", "backup")),
    Argument(["guest"], type=GUEST),
    Option(["--at", "cron"], metavar="CRON", required=True),
    Option(["--zone"], metavar="ZONE"),
    Option(["--keep"], type=Integer(1, 10000), metavar="NUMBER"),
    Option(["--to", "place"], type=POOL, metavar="DIR|POOL"),
    Option(["--force"], is_flag=True),
    Option(["--timeout"], type=Seconds(), metavar="SECONDS"),
    Option(["--catch-up"], is_flag=True),
)
def create(session: Session, place: str | None, **fields: Any) -> None:
    """A directory of this computer is meant from where we are; a pool has no slash in its name."""
    where = os.path.abspath(place) if place and "/" in place else place
    session.answer(session.change("schedule.create", place=where, **fields), _draw_made)


@command("schedule.list")
def list_(session: Session) -> None:
    session.answer(session.look("schedule.list"), _draw_list)


@command("schedule.show", NAME)
def show(session: Session, name: str) -> None:
    session.answer(session.look("schedule.show", name=name), _draw)


@command("schedule.remove", NAME)
def remove(session: Session, name: str) -> None:
    session.answer(session.change("schedule.remove", name=name), _draw_removed)


@command("schedule.run", NAME)
def run(session: Session, name: str) -> None:
    session.answer(session.change("schedule.run", name=name), _draw_run)


def _draw_made(view: ScheduleView) -> None:
    say(clean(messages.text("cli.schedule.create.done", name=view.name, next=moment(view.next) or "-")))


def _draw_removed(view: ScheduleView) -> None:
    say(clean(messages.text("cli.schedule.remove.done", name=view.name)))


def _draw_run(view: ScheduleView) -> None:
    say(clean(messages.text("cli.schedule.run.done", name=view.name, next=moment(view.next) or "-")))


def _draw_list(views: list[ScheduleView]) -> None:
    if not views:
        tell(messages.text("cli.schedule.none"))
        return
    table(
        ["name", "action", "guest", "cron", "next", "last_run", "missed", "maker"],
        [
            [
                view.name,
                view.action,
                view.guest,
                view.cron,
                moment(view.next) or "-",
                moment(view.last_run) or "-",
                str(view.missed),
                view.who or "-",
            ]
            for view in views
        ],
    )


def _draw(view: ScheduleView) -> None:
    pairs(
        [
            ("name", view.name),
            ("action", view.action),
            ("guest", view.guest),
            ("cron", view.cron),
            ("zone", view.zone),
            ("next", moment(view.next)),
            ("last_run", moment(view.last_run)),
            ("operation", view.last_operation),
            ("missed", _missed(view)),
            ("catch_up", messages.text("cli.schedule.catches_up") if view.catch_up else None),
            ("place", view.place),
            ("maker", view.who),
            ("keep", None if view.keep is None else str(view.keep)),
            *(("backup", backup) for backup in view.backups),
        ]
    )


def _missed(view: ScheduleView) -> str | None:
    if not view.missed:
        return None
    return messages.text("cli.schedule.missed", count=view.missed, since=moment(view.missed_since) or "-")
