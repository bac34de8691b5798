"""Carrying out schedules: each due time is one operation, whoever looks at it and however often."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from itertools import islice, takewhile

from innkeeper.errors import InnkeeperError
from innkeeper.schedule.rows import Row, Rows
from innkeeper.schedule.timetable import Timetable
from innkeeper.schema.schedule import ScheduleRun
from innkeeper.store import Database

__all__ = ["LATE", "Scheduler"]

LATE = 300.0
"""Seconds by which a time may have passed and still be kept; later it was missed."""
_TURN = 10.0
"""Seconds between two looks."""
_MOST = 10_000
"""Missed times that are counted at once: a year of every minute has fifty times as many."""
_MAINTAIN = 3600.0
"""Seconds between two clearances of old records."""

_RENEW = 60.0

Submit = Callable[[ScheduleRun, str, str], object]


class _Chore:
    def __init__(self, work: Callable[[], object], every: float) -> None:
        self._work, self._every, self._done = work, every, time.monotonic()

    def turn(self) -> None:
        if time.monotonic() - self._done > self._every:
            self._done = time.monotonic()
            self._work()


class Scheduler:
    """`submit(request, key, maker)` begins an operation, once for each key. `renew` is called each minute, `maintain`
    each hour."""

    def __init__(
        self, database: Database, submit: Submit, renew: Callable[[], object], maintain: Callable[[], object]
    ) -> None:
        self._rows, self._submit = Rows(database), submit
        self._chores = [_Chore(renew, _RENEW), _Chore(maintain, _MAINTAIN)]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="scheduler", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _loop(self) -> None:
        while True:
            try:
                self.turn(time.time())
                for chore in self._chores:
                    chore.turn()
            except InnkeeperError as error:  # the database is away: it is looked at again
                logging.getLogger("innkeeper.server").warning("schedules: %s", error)
            if self._stop.wait(_TURN):
                return

    def turn(self, now: float) -> None:
        """Begin what is due now, and count what was missed."""
        for row in self._rows.all():
            try:
                self._look(row, now)
            except InnkeeperError as error:
                logging.getLogger("innkeeper.server").warning("schedule %s: %s", row["name"], error)

    def _look(self, row: Row, now: float) -> None:
        """The operation is begun first: who dies before the row is written begins the same one again, by its key."""
        times = Timetable(row["cron"], row["zone"]).after(row["looked"])
        passed = list(islice(takewhile(lambda due: due <= now, times), _MOST))
        if not passed:
            return
        missed = [due for due in passed if due < now - LATE]
        if len(missed) < len(passed) or row["catch_up"]:
            self._submit(
                ScheduleRun(name=row["name"]), f"schedule {row['name']} {passed[-1]:.0f}", row["who"]
            )
        if not missed:
            self._rows.looked(row, now, missed=0, missed_since=None)
            return
        logging.getLogger("innkeeper.server").warning("schedule %s: %d missed", row["name"], len(missed))
        since = row["missed_since"] or missed[0]
        self._rows.looked(row, now, missed=row["missed"] + len(missed), missed_since=since)
