"""`inn start`, `stop`, `reboot`, `rename`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from innkeeper import messages
from innkeeper.cli import options
from innkeeper.cli.framework import Argument, command
from innkeeper.cli.output import clean, say

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.guest import GuestView

__all__ = ["reboot", "rename", "start", "started", "stop"]


@command("start", options.NAME, options.OVERCOMMIT, options.WAIT, options.TIMEOUT)
def start(session: Session, **fields: Any) -> None:
    _do(session, "start", fields)


@command("stop", options.NAME, options.FORCE, options.TIMEOUT)
def stop(session: Session, **fields: Any) -> None:
    _do(session, "stop", fields)


@command("reboot", options.NAME, options.WAIT, options.TIMEOUT)
def reboot(session: Session, **fields: Any) -> None:
    _do(session, "reboot", fields)


@command("rename", options.NAME, Argument(["new_name"], metavar="NEW-NAME"))
def rename(session: Session, **fields: Any) -> None:
    _do(session, "rename", fields)


def _do(session: Session, verb: str, fields: dict[str, Any]) -> None:
    """One line says that it is done."""
    view = session.change(f"guest.{verb}", **fields)
    done = messages.text(started(view) if verb == "start" else f"cli.{verb}.done", **fields)
    session.answer(view, lambda _view: say(clean(done)))


def started(view: GuestView | None) -> str:
    """How what was started or woken is told: one that was saved while suspended is suspended again."""
    if view is not None and view.state == "suspended":
        return "cli.start.suspended"
    return "cli.start.woken" if view is not None and view.state_reason == "restored" else "cli.start.done"
