"""`inn token`: create, list, remove, link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from innkeeper import messages
from innkeeper.cli.framework import Argument, Option, command
from innkeeper.cli.output import clean, moment, say, table, tell
from innkeeper.cli.types import Choice, Integer

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.token import LinkView, TokenMade, TokenView

__all__ = ["create", "link", "list_", "remove"]

NAME = Argument(["name"], metavar="NAME")


@command(
    "token.create",
    NAME,
    Option(["--role"], type=Choice("viewer", "operator", "admin"), required=True),
    Option(["--days"], type=Integer(1, 36500), metavar="NUMBER"),
    Option(["--forever"], is_flag=True),
)
def create(session: Session, name: str, role: str, days: int | None, forever: bool) -> None:
    """The token alone goes to standard output, for scripts."""
    fields: dict[str, Any] = {"name": name, "role": role, "days": days}
    if forever:
        from innkeeper.errors import Invalid

        if days is not None:
            raise Invalid("request.together", first="--days", second="--forever")
        fields["forever"] = True
    session.answer(session.change("token.create", **fields), _draw_made)


@command("token.list")
def list_(session: Session) -> None:
    session.answer(session.look("token.list"), _draw_list)


@command("token.remove", NAME)
def remove(session: Session, name: str) -> None:
    session.answer(session.change("token.remove", name=name), _draw_removed)


@command("token.link")
def link(session: Session) -> None:
    session.answer(session.change("token.link"), _draw_link)


def _draw_made(view: TokenMade) -> None:
    say(view.token)
    expires = moment(view.expires) or messages.text("cli.token.never")
    tell(messages.text("cli.token.made", name=view.name, role=view.role, expires=expires))


def _draw_list(views: list[TokenView]) -> None:
    columns = ("name", "role", "created", "expires", "used")
    rows = [
        (
            clean(one.name),
            one.role,
            moment(one.created) or "",
            moment(one.expires) or messages.text("cli.token.never"),
            moment(one.used) or "-",
        )
        for one in views
    ]
    table(columns, rows)


def _draw_removed(view: TokenView) -> None:
    say(messages.text("cli.token.removed", name=view.name))


def _draw_link(view: LinkView) -> None:
    say(view.url)
