"""`inn delete`, `undelete`, `purge`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from innkeeper import messages
from innkeeper.cli import options
from innkeeper.cli.framework import Option, command
from innkeeper.cli.output import clean, say, tell
from innkeeper.errors import Invalid

if TYPE_CHECKING:
    from innkeeper.cli.session import Session

__all__ = ["confirm", "delete", "purge", "undelete"]


@command("delete", options.NAME, options.FORCE)
def delete(session: Session, **fields: Any) -> None:
    """To the bin: the way back is said."""
    _do(session, "delete", fields, name=fields["name"])


@command("undelete", options.DELETED_NAME, Option(["--as", "new_name"], metavar="NEW-NAME"))
def undelete(session: Session, **fields: Any) -> None:
    """Out of the bin."""
    _do(session, "undelete", fields, name=fields["new_name"] or fields["name"])


@command(
    "purge",
    options.DELETED_NAME,
    Option(["--keep-disks"], is_flag=True),
    Option(["-y", "--yes"], is_flag=True),
)
def purge(session: Session, yes: bool, **fields: Any) -> None:
    """Nothing brings it back, so it is asked about; what would be refused is refused before the question."""
    if not yes and not session.dry_run:
        session.check("guest.purge", **fields)
        if not confirm(messages.text("cli.purge.ask", name=clean(fields["name"]))):
            raise Invalid("cli.not_confirmed", name=fields["name"])
    _do(session, "purge", fields, name=fields["name"])


def confirm(question: str) -> bool:
    """Ask on the terminal. Raises `Invalid("cli.needs_yes")` where nobody can answer."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Invalid("cli.needs_yes")
    tell(question)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是")


def _do(session: Session, verb: str, fields: dict[str, Any], name: str) -> None:
    view = session.change(f"guest.{verb}", **fields)
    session.answer(view, lambda _view: say(clean(messages.text(f"cli.{verb}.done", name=name))))
