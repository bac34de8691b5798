"""Schedules: when they are due, what was missed, and that each time is one operation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from innkeeper.durable.scheduling import LATE, Scheduler
from innkeeper.errors import Conflict, Invalid, NotFound
from innkeeper.host import Host
from innkeeper.schedule import keeping
from innkeeper.schedule.rows import Rows, view
from innkeeper.schedule.timetable import Timetable, own_zone
from innkeeper.schema.schedule import ScheduleCreate, ScheduleRun
from innkeeper.store import Database, open_database
from innkeeper.verbs import Verb, verb
from tests.unit.durable.conftest import Server

BERLIN = "Europe/Berlin"


def stamp(text: str, zone: str = BERLIN) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


@pytest.mark.parametrize(
    ("cron", "after", "due"),
    [
        ("30 2 * * *", "2026-03-28T12:00", "2026-03-29T03:30"),  # 02:30 is left out in that night
        ("30 2 * * *", "2026-03-29T12:00", "2026-03-30T02:30"),
        ("30 2 * * *", "2026-10-24T12:00", "2026-10-25T02:30"),
        ("@monthly", "2026-10-24T12:00", "2026-11-01T00:00"),
        ("0 0 29 2 *", "2026-10-24T12:00", "2028-02-29T00:00"),
    ],
)
def test_times(cron: str, after: str, due: str) -> None:
    assert Timetable(cron, BERLIN).next(stamp(after)) == stamp(due)


def test_a_time_that_comes_twice_counts_once() -> None:
    times = Timetable("30 2 * * *", BERLIN).after(stamp("2026-10-25T02:30"))
    assert next(times) == stamp("2026-10-26T02:30")


@pytest.mark.parametrize(
    "cron", ["x", "* * * *", "0 25 * * *", "0 0 31 2 *", "0 3 * * * *", "@reboot", "* " * 200]
)
def test_no_times(cron: str) -> None:
    with pytest.raises(Invalid) as caught:
        Timetable(cron, "UTC")
    assert caught.value.code == "schedule.cron"


@pytest.mark.parametrize("zone", ["Nowhere/City", "../etc/passwd", "", "\0"])
def test_no_zone(zone: str) -> None:
    with pytest.raises(Invalid) as caught:
        Timetable("@daily", zone)
    assert caught.value.code == "schedule.zone"


def test_this_computers_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert own_zone() == "Asia/Shanghai"
    monkeypatch.setenv("TZ", "nonsense")
    ZoneInfo(own_zone())


class Begun:
    """A scheduler whose operations are only noted."""

    def __init__(self, database: Database) -> None:
        self.rows = Rows(database)
        self.keys: set[str] = set()
        self.makers: set[str] = set()
        self.scheduler = Scheduler(database, self._submit, lambda: None, lambda: None)

    def _submit(self, request: ScheduleRun, key: str, maker: str) -> None:
        self.makers.add(maker)
        assert key.startswith(f"schedule {request.name} ")
        self.keys.add(key)

    def add(self, **fields: Any) -> dict[str, Any]:
        given = {"name": "nightly", "action": "start", "guest": "web", "cron": "0 * * * *", **fields}
        return self.rows.add(ScheduleCreate(**given), ("web", "u-u-i-d"), "UTC", "anna")

    def turn(self, now: float) -> int:
        """How many operations were begun by now."""
        self.scheduler.turn(now)
        return len(self.keys)


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Begun]:
    database = open_database(f"sqlite:///{tmp_path}/server.db")
    yield Begun(database)
    database.close()


def hour(row: dict[str, Any], number: int) -> float:
    """That many full hours behind the first after it was made."""
    return float(row["created"] // 3600 + 1 + number) * 3600


def test_each_time_is_begun_once(begun: Begun) -> None:
    row = begun.add()
    assert begun.turn(hour(row, 0) - 1) == 0
    assert begun.turn(hour(row, 0) + 1) == 1
    assert begun.turn(hour(row, 0) + 20) == 1
    assert begun.turn(hour(row, 1) + LATE - 1) == 2
    assert begun.rows.get("nightly")["missed"] == 0
    assert begun.makers == {"anna"}


def test_a_run_tells_who_made_its_schedule(lasting: Server) -> None:
    lasting.durable._scheduled(ScheduleRun(name="unknown"), "schedule unknown 1", "anna")
    lasting.durable._scheduled(ScheduleRun(name="unknown"), "schedule unknown 2", "")
    told = [one.who for one in lasting.durable.list(limit=9) if one.verb == "schedule.run"]
    assert sorted(map(str, told)) == ["schedule", "schedule:anna"]


def test_begun_once_though_the_server_died_over_it(begun: Begun, monkeypatch: pytest.MonkeyPatch) -> None:
    row = begun.add()
    monkeypatch.setattr(Rows, "looked", lambda *_, **__: False)  # it died before it wrote this
    begun.turn(hour(row, 0) + 1)
    monkeypatch.undo()
    assert begun.turn(hour(row, 0) + 30) == 1


def test_missed_times_are_said(begun: Begun) -> None:
    row = begun.add()
    assert begun.turn(hour(row, 2) + LATE + 1) == 0
    told = view(begun.rows.get("nightly"))
    assert (told.missed, told.missed_since) == (3, hour(row, 0))
    assert begun.turn(hour(row, 3) + 1) == 1
    assert view(begun.rows.get("nightly")).missed == 0


def test_missed_times_are_made_up_for_once(begun: Begun) -> None:
    row = begun.add(catch_up=True)
    assert begun.turn(hour(row, 5) + LATE + 1) == 1
    assert begun.rows.get("nightly")["missed"] == 6
    assert begun.turn(hour(row, 5) + LATE + 20) == 1


# --- the verbs, on libvirt's test driver -------------------------------------------------------------------


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Host]:
    monkeypatch.setenv("INNKEEPER_DATABASE", f"sqlite:///{tmp_path}/verbs.db")
    with Host("test:///default") as made:
        yield made


def test_verbs(host: Host) -> None:
    made = verb("schedule.create")(
        host, name="off", action="stop", guest="test", cron="@daily", zone=BERLIN, force=True
    )
    assert (made.guest, made.zone, made.missed, made.last_run) == ("test", BERLIN, 0, None)
    assert verb("schedule.list")(host) == [made]
    assert verb("schedule.show")(host, name="off") == made
    done = verb("schedule.run")(host, name="off")
    assert done.last_run
    assert done.last_operation
    assert verb("guest.show")(host, name="test").state == "stopped"
    assert verb("schedule.run")(host, name="off").last_run, "it is off already: nothing to do"
    assert verb("schedule.remove")(host, name="off").name == "off"
    with pytest.raises(NotFound):
        verb("schedule.show")(host, name="off")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"guest": "nobody"}, "guest.unknown"),
        ({"cron": "soon"}, "schedule.cron"),
        ({"zone": "Mars"}, "schedule.zone"),
        ({"keep": 3}, "schedule.field"),
        ({"name": "a/b"}, "request.name"),
    ],
)
def test_refused(host: Host, fields: dict[str, Any], code: str) -> None:
    given = {"name": "on", "action": "start", "guest": "test", "cron": "@daily", "zone": "UTC", **fields}
    with pytest.raises((Invalid, NotFound)) as caught:
        verb("schedule.create")(host, **given)
    assert caught.value.code == code
    assert verb("schedule.list")(host) == []


def test_one_of_a_name(host: Host) -> None:
    given = {"name": "on", "action": "start", "guest": "test", "cron": "@daily"}
    verb("schedule.create")(host, **given)
    with pytest.raises(Conflict):
        verb("schedule.create")(host, **given)


def test_its_own_backups_are_kept_to_a_number(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of those that it made the oldest go; one that somebody removed before is no error."""
    made, removed = iter(range(100)), []

    class Made:
        def __init__(self) -> None:
            self.id = f"test@{next(made)}"

    def remove(_host: Host, request: Any, _operation: Any) -> None:
        removed.append(request.backup)
        if request.backup == "test@1":
            raise NotFound("backup.unknown", backup=request.backup)

    def stand_in(name: str) -> Any:
        found = verb(name)
        run: Any = {"backup.create": lambda *_: Made(), "backup.remove": remove}.get(name)
        if run is None:
            return found
        return Verb(name, found.request, found.view, lambda *_: None, run)

    monkeypatch.setattr(keeping, "verb", stand_in)
    verb("schedule.create")(host, name="keep", action="backup", guest="test", cron="@daily", keep=2)
    views = [verb("schedule.run")(host, name="keep") for _ in range(4)]
    assert views[-1].backups == ("test@2", "test@3")
    assert removed == ["test@0", "test@1"]
