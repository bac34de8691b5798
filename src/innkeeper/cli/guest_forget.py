"""`inn forget`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli import options
from innkeeper.cli.framework import command
from innkeeper.cli.output import clean, say

if TYPE_CHECKING:
    from innkeeper.cli.session import Session

__all__ = ["forget"]


@command("forget", options.NAME)
def forget(session: Session, name: str) -> None:
    view = session.change("guest.forget", name=name)
    session.answer(view, lambda _view: say(clean(messages.text("cli.forget.done", name=name))))
