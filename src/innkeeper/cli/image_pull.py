"""`inn image pull`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from innkeeper import messages
from innkeeper.cli.framework import Argument, Option, command
from innkeeper.cli.names import Name
from innkeeper.cli.output import clean, say
from innkeeper.schema.sizes import format_size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from innkeeper.cli.session import Session
    from innkeeper.schema.image_pull import Pulled

__all__ = ["pull"]

_OUTCOMES = {
    "pulled": "cli.image.pull.pulled",
    "there": "cli.image.pull.there",
    "current": "cli.image.pull.current",
}


def _offered(_session: Session) -> Iterable[str]:
    from innkeeper.image.offers.catalogue import load

    return [offer.name for offer in load(fetch=False).offers]


@command(
    "image.pull",
    Argument(["name"], type=Name(_offered)),
    Option(["--as", "new_name"], metavar="NAME"),
    Option(["--arch"], metavar="ARCH"),
    Option(["--refresh"], is_flag=True),
)
def pull(session: Session, **fields: Any) -> None:
    """Fetched to this computer, whatever host the image goes to."""
    session.answer(session.change("image.pull", **fields), _draw)


def _draw(view: Pulled) -> None:
    image = view.image
    facts = {"name": image.name, "size": format_size(image.size), "version": view.version or image.release}
    say(clean(messages.text(_OUTCOMES[view.outcome], **facts)))
    if view.outcome == "there":
        say("  → " + clean(messages.text("cli.image.pull.ask", name=image.name)))
        return
    signed = "cli.image.pull.signed" if view.signed else "cli.image.pull.unsigned"
    say("  " + clean(messages.text(signed, signed=view.signed)))
    if view.outcome == "pulled":
        say("  → " + clean(messages.text("cli.image.use", name=image.name)))
