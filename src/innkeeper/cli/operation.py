"""`inn operation`: what runs, what was left unfinished, and cleaning that up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli.framework import Argument, command
from innkeeper.cli.names import OPERATION
from innkeeper.cli.output import clean, moment, pairs, say, state, table, tell

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.operation import OperationView

__all__ = ["clean_", "list_", "show"]


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
            ("pid", str(view.pid)),
            *(("undo", deed) for deed in view.undo),
        ]
    )


def _draw_cleaned(views: list[OperationView]) -> None:
    if not views:
        say(messages.text("cli.operation.nothing_left"))
    for view in views:
        facts = {"id": view.id, "verb": view.verb, "target": view.target}
        text_id = "cli.operation.kept" if view.kept else "cli.operation.cleaned"
        say(clean(messages.text(text_id, **facts)))
