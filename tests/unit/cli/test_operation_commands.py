"""`inn operation` and `inn schedule`: what they ask, and how they say what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from innkeeper.cli import operation as commands
from innkeeper.cli.session import Session
from innkeeper.errors import NotFound
from innkeeper.schema.operation import OperationProblem, OperationView
from innkeeper.schema.schedule import ScheduleView
from tests.unit.cli.conftest import Inn


def operation(**fields: Any) -> OperationView:
    given = {"id": "0123456789ab", "verb": "guest.create", "target": "web", "uri": "test:///default"}
    return OperationView(**{**given, "state": "running", "step": "volumes", "began": 1.0, **fields})


SCHEDULE = ScheduleView(
    name="nightly",
    action="backup",
    guest="web",
    uuid="u",
    cron="30 2 * * *",
    zone="UTC",
    keep=7,
    place=None,
    force=False,
    timeout=None,
    catch_up=True,
    created=1.0,
    next=2.0,
    last_run=None,
    last_operation=None,
    missed=3,
    missed_since=1.0,
    backups=("web@1",),
    who="anna",
)

Answer = Callable[..., list[tuple[str, dict[str, Any]]]]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Verbs are answered with these, one after the other; what was asked is noted."""

    def prepare(*views: Any) -> list[tuple[str, dict[str, Any]]]:
        asked: list[tuple[str, dict[str, Any]]] = []
        rest: Iterator[Any] = iter(views)

        def perform(_session: Session, name: str, /, **fields: Any) -> Any:
            asked.append((name, {key: value for key, value in fields.items() if value is not None}))
            view = next(rest)
            if isinstance(view, Exception):
                raise view
            return view

        for way in ("look", "change"):
            monkeypatch.setattr(Session, way, perform)
        monkeypatch.setattr(commands, "_TURN", 0)
        return asked

    return prepare


def test_cancel_and_retry(inn: Inn, answer: Answer) -> None:
    asked = answer(operation(state="cancelled"), operation(state="queued", id="ba9876543210"))
    assert inn("operation", "cancel", "0123").out == "operation 0123456789ab was asked to stop: cancelled\n"
    assert inn("operation", "retry", "0123").out == "operation ba9876543210: guest.create of web\n"
    assert asked == [("operation.cancel", {"id": "0123"}), ("operation.retry", {"id": "0123"})]


def test_show_says_why(inn: Inn, answer: Answer) -> None:
    problem = OperationProblem(code="guest.unknown", facts={"name": "web"}, outcome="refused", status=404)
    answer(operation(state="refused", who="ada", ended=2.0, problem=problem, left=("volume.delete x",)))
    said = inn("operation", "show", "0123").out
    for part in ("refused", "ada", "there is no guest web", "volume.delete x"):
        assert part in said


def test_follow(inn: Inn, answer: Answer) -> None:
    """A line for each new thing, until a server's operation has ended, or one of the journal is no longer there."""
    disk = operation(text="guest.progress.disk", facts={"name": "web"}, fraction=0.5)
    answer(operation(state="queued", step=None), disk, disk, operation(state="done"))
    done = inn("operation", "follow", "0123")
    assert done.out == "operation 0123456789ab is over: done\n"
    assert [line.startswith("web: ") for line in done.err.splitlines()] == [True, True]
    assert "50%" in done.err
    answer(operation(), NotFound("operation.unknown", id="0123456789ab"))
    assert inn("operation", "follow", "0123").out == "operation 0123456789ab is over\n"


def test_schedules(inn: Inn, answer: Answer) -> None:
    asked = answer(SCHEDULE, [SCHEDULE], SCHEDULE, SCHEDULE, SCHEDULE, [])
    words = ("nightly", "backup", "web", "--at", "30 2 * * *", "--keep", "7", "--to", "safe", "--catch-up")
    assert "nightly is due next at" in inn("schedule", "create", *words).out
    assert asked[0][1] == {
        "name": "nightly",
        "action": "backup",
        "guest": "web",
        "cron": "30 2 * * *",
        "keep": 7,
        "place": "safe",
        "catch_up": True,
        "force": False,
    }
    listed = inn("schedule", "list").out
    assert "30 2 * * *" in listed
    assert "anna" in listed
    shown = inn("schedule", "show", "nightly").out
    for part in ("web@1", "3 times since", "made up for once", "UTC", "anna"):
        assert part in shown
    assert "nightly is done" in inn("schedule", "run", "nightly").out
    assert "is removed" in inn("schedule", "remove", "nightly").out
    assert "there are no schedules" in inn("schedule", "list").err
