"""`inn export`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from innkeeper import messages
from innkeeper.cli import options
from innkeeper.cli.framework import Argument, Option, command
from innkeeper.cli.output import clean, say, tell
from innkeeper.cli.types import Choice, Path
from innkeeper.errors import Invalid
from innkeeper.schema.sizes import format_size

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.guest_export import GuestExported
    from innkeeper.schema.kept import Note

__all__ = ["bundle_path", "export", "tell_notes"]

_PIPE = "-"


@command(
    "export",
    options.NAME,
    Argument(["file"], type=Path(), metavar="FILE|-"),
    Option(["--compress"], type=Choice("zstd", "gzip", "none")),
    Option(["--without"], metavar="DISK", multiple=True),
    Option(["--no-freeze"], is_flag=True),
)
def export(session: Session, file: str, without: tuple[str, ...], no_freeze: bool, **fields: Any) -> None:
    """To standard output there is nothing else there: words go to stderr."""
    if file == _PIPE and session.json:
        raise Invalid("request.together", first="--json", second="-")
    path = bundle_path(file)
    view = session.change("guest.export", file=path, without=without, freeze=not no_freeze, **fields)
    if file != _PIPE:
        session.answer(view, _draw)
    elif view is not None:
        tell_notes(view.notes)
        session.explain_now()


def bundle_path(file: str) -> str:
    """A file of this computer made absolute; `-` stays."""
    return file if file == _PIPE else os.path.abspath(os.path.expanduser(file))


def _draw(view: GuestExported) -> None:
    size = format_size(view.size or 0)
    say(clean(messages.text("cli.export.done", name=view.name, file=view.file, size=size)))
    tell_notes(view.notes)


def tell_notes(notes: tuple[Note, ...]) -> None:
    """What is different or missing, each on a line of its own."""
    for note in notes:
        tell("  " + clean(messages.text(note.text, **note.facts)))
