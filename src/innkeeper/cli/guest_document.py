"""`inn document`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.cli import options
from innkeeper.cli.framework import command
from innkeeper.cli.output import say

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.guest_change import StoredDocument

__all__ = ["document"]


@command("document", options.NAME)
def document(session: Session, name: str) -> None:
    """For a file that is edited and handed to `inn edit --file`."""
    session.answer(session.look("guest.document", name=name), _draw)


def _draw(view: StoredDocument) -> None:
    say(view.document.rstrip("\n"))
