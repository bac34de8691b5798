"""Requests and views of schedules: what a server does with a guest again and again. Times are Unix seconds."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from innkeeper.schema.base import Request, View

__all__ = [
    "Action",
    "ScheduleCreate",
    "ScheduleList",
    "ScheduleRemove",
    "ScheduleRun",
    "ScheduleShow",
    "ScheduleView",
]

Action = Literal["start", "stop", "backup"]


class ScheduleCreate(Request, frozen=True, kw_only=True):
    """Have a guest started, stopped or backed up at times; a server carries it out."""

    name: str
    action: Action
    guest: str
    """its name or UUID; the schedule stays the guest's when that is renamed"""
    cron: str
    """five fields as cron has them: minute, hour, day of the month, month, day of the week; or `@daily` and the like"""
    zone: str | None = None
    """of its times, such as `Europe/Berlin`; the host's own when none"""
    keep: Annotated[int, Meta(ge=1, le=10000)] | None = None
    """how many of the backups that this schedule made stay; all of them when none"""
    place: str | None = None
    """where backups go: a directory of the guest's host, or a pool; the setting `backup_dir` when none"""
    force: bool = False
    """stop: at once, as by pulling the plug"""
    timeout: Annotated[float, Meta(gt=0)] | None = None
    """stop: seconds for a graceful one; 120 when none"""
    catch_up: bool = False
    """when times were missed because no server ran, do it once as soon as one does"""


class ScheduleList(Request, frozen=True, kw_only=True):
    pass


class ScheduleShow(Request, frozen=True, kw_only=True):
    name: str


class ScheduleRemove(Request, frozen=True, kw_only=True):
    """What it did stays: its backups too."""

    name: str


class ScheduleRun(Request, frozen=True, kw_only=True):
    """Do now what it does at its times."""

    name: str


class ScheduleView(View, frozen=True, kw_only=True):
    """A schedule."""

    name: str
    action: Action
    guest: str
    uuid: str
    cron: str
    zone: str
    keep: int | None
    place: str | None
    force: bool
    timeout: float | None
    catch_up: bool
    created: float
    next: float | None
    """when it is due"""
    last_run: float | None
    last_operation: str | None
    """id of the operation that it was"""
    missed: int
    """times that passed since it ran last without a server"""
    missed_since: float | None
    backups: tuple[str, ...]
    """ids of the backups that it made and keeps"""
    who: str | None
    """who made it; none of one that an earlier Innkeeper wrote"""
