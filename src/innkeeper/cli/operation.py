"""`inn operation`: what runs, what was left unfinished, and cleaning that up."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli.framework import Argument, command
from innkeeper.cli.names import OPERATION
from innkeeper.cli.output import clean, moment, pairs, say, state, table, tell
from innkeeper.errors import NotFound

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.operation import OperationView

__all__ = ["cancel", "clean_", "follow", "list_", "retry", "show"]

_TURN = 0.5
"""Seconds between two looks at an operation that is followed."""


@command("operation.list")
def list_(session: Session) -> None:
    session.answer(session.look("operation.list"), _draw_list)


@command("operation.show", Argument(["id"], type=OPERATION))
def show(session: Session, id: str) -> None:
    session.answer(session.look("operation.show", id=id), _draw)


@command("operation.clean", Argument(["id"], type=OPERATION, required=False))
def clean_(session: Session, id: str | None) -> None:
    """All of them when none is named."""
    session.answer(session.change("operation.clean", id=id), _draw_cleaned)


@command("operation.cancel", Argument(["id"], type=OPERATION))
def cancel(session: Session, id: str) -> None:
    session.answer(session.change("operation.cancel", id=id), _draw_cancelled)


@command("operation.retry", Argument(["id"], type=OPERATION))
def retry(session: Session, id: str) -> None:
    session.answer(session.change("operation.retry", id=id), _draw_begun)


@command("operation.follow", Argument(["id"], type=OPERATION), planned=False)
def follow(session: Session, id: str) -> None:
    """One of the journal is over when it is no longer there."""
    view: OperationView = session.look("operation.show", id=id)
    last = None
    while _runs(view):
        line = _doing(view)
        if line != last and not session.quiet:
            tell(line)
        last = line
        time.sleep(_TURN)
        try:
            view = session.look("operation.show", id=view.id)
        except NotFound:
            say(messages.text("cli.operation.follow.gone", id=view.id))
            return
    session.answer(view, _draw_over)


def _runs(view: OperationView) -> bool:
    from innkeeper.schema.operation import ENDED

    return view.state not in ENDED


def _doing(view: OperationView) -> str:
    said = messages.text(view.text, **view.facts) if view.text else view.step or state(view.state)
    return clean(f"{view.target}: {said}" + (f" {view.fraction:.0%}" if view.fraction is not None else ""))


def _draw_list(views: list[OperationView]) -> None:
    if not views:
        tell(messages.text("cli.operation.none"))
        return
    table(
        ["id", "verb", "target", "state", "step", "began"],
        [
            [view.id, view.verb, view.target, state(view.state), view.step or "-", moment(view.began) or "-"]
            for view in views
        ],
    )


def _draw(view: OperationView) -> None:
    pairs(
        [
            ("id", view.id),
            ("verb", view.verb),
            ("target", view.target),
            ("uri", view.uri),
            ("state", state(view.state)),
            ("step", view.step),
            ("began", moment(view.began)),
            ("ended", moment(view.ended)),
            ("who", view.who),
            ("pid", None if view.pid is None else str(view.pid)),
            ("problem", _problem(view)),
            *(("undo", deed) for deed in view.undo),
            *(("undone", deed) for deed in view.undone),
            *(("left", deed) for deed in view.left),
        ]
    )


def _problem(view: OperationView) -> str | None:
    return None if view.problem is None else clean(messages.text(view.problem.code, **view.problem.facts))


def _draw_over(view: OperationView) -> None:
    say(messages.text("cli.operation.follow.over", id=view.id, state=state(view.state)))


def _draw_cancelled(view: OperationView) -> None:
    say(messages.text("cli.operation.cancel.done", id=view.id, state=state(view.state)))


def _draw_begun(view: OperationView) -> None:
    say(clean(messages.text("cli.operation.retry.done", id=view.id, verb=view.verb, target=view.target)))


def _draw_cleaned(views: list[OperationView]) -> None:
    if not views:
        say(messages.text("cli.operation.nothing_left"))
    for view in views:
        facts = {"id": view.id, "verb": view.verb, "target": view.target}
        text_id = "cli.operation.kept" if view.kept else "cli.operation.cleaned"
        say(clean(messages.text(text_id, **facts)))
