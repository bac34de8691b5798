"""When a schedule is due: cron's five fields, on the clock of a time zone.

A time of the clock that comes twice in a night counts once, the first time; one that is left out comes as much later as
the clock is put forward.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from innkeeper.errors import Invalid

__all__ = ["Timetable", "own_zone"]

_FIELDS = 5
_SHORT = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
_LONGEST = 200
"""Characters of a cron expression."""


class Timetable:
    """Raises `Invalid("schedule.cron")` for an expression that is none, or names no time at all, and
    `Invalid("schedule.zone")`."""

    def __init__(self, cron: str, zone: str) -> None:
        from croniter import croniter

        self.cron = cron.strip()
        self._zone = _zone(zone)
        fields = self.cron.split()
        short = self.cron.lower() in _SHORT
        if len(cron) > _LONGEST or not (short or len(fields) == _FIELDS) or not croniter.is_valid(self.cron):
            raise Invalid("schedule.cron", cron=cron[:_LONGEST])
        if next(self.after(0.0), None) is None:
            raise Invalid("schedule.cron", cron=cron)

    def after(self, moment: float) -> Iterator[float]:
        """Its times behind that one; none where the calendar never has such a day."""
        from croniter import CroniterBadDateError, croniter

        clock = datetime.fromtimestamp(moment, self._zone).replace(tzinfo=None)
        times = croniter(self.cron, clock)
        while True:
            try:
                due: datetime = times.get_next(datetime)
            except CroniterBadDateError:
                return
            stamp = due.replace(tzinfo=self._zone).timestamp()
            if stamp > moment:
                moment = stamp
                yield stamp

    def next(self, moment: float) -> float | None:
        return next(self.after(moment), None)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("schedule.zone", zone=repr(name[:60])) from error


def own_zone() -> str:
    """The name of this computer's time zone (tzset(3), localtime(5)); UTC where it has none."""
    named = (
        os.environ.get("TZ", "").lstrip(":"),
        os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2],
    )
    for name in named:
        if name:
            try:
                return str(ZoneInfo(name))
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return "UTC"
