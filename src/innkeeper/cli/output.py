"""What commands print: plain aligned tables and pairs, never cut short, safe against what a name may hold."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from innkeeper import messages

__all__ = ["clean", "moment", "pad", "pairs", "say", "state", "table", "tell", "width"]

_GAP = "   "


def say(text: str) -> None:
    """A line of output."""
    sys.stdout.write(text + "\n")


def tell(text: str) -> None:
    """A line for the person, beside the output."""
    sys.stdout.flush()
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def clean(text: str) -> str:
    """The text without anything a terminal would obey: names are made by others."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def width(text: str) -> int:
    """Columns on a terminal: wide characters take two (Unicode Standard Annex 11), combining ones none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(
        0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1 for character in text
    )


def pad(text: str, columns: int, right: bool = False) -> str:
    """Filled with blanks to that many columns, on its left when it belongs to the right."""
    blanks = " " * (columns - width(text))
    return blanks + text if right else text + blanks


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[str] = ()) -> None:
    """Print a table. `columns` are the ids below `cli.column.`; those in `right` are aligned to the right."""
    heads = [messages.text(f"cli.column.{column}") for column in columns]
    shown = [
        _aligned(cells, column in right)
        for column, cells in zip(columns, zip(heads, *rows, strict=True), strict=True)
    ]
    say("\n".join(_GAP.join(line).rstrip() for line in zip(*shown, strict=True)))


def _aligned(cells: Sequence[str], right: bool) -> list[str]:
    """The cells of one column at one width. A thousand plain ones are as quick as Python's own functions."""
    everything = "".join(cells)
    if not everything.isprintable():
        cells = [clean(cell) for cell in cells]
    if not everything.isascii():
        room = max(map(width, cells))
        return [pad(cell, room, right) for cell in cells]
    room = max(map(len, cells))
    return [cell.rjust(room) if right else cell.ljust(room) for cell in cells]


def pairs(rows: Iterable[tuple[str, str | None]]) -> None:
    """Print a view as labels (ids below `cli.field.`) and values; what has no value is left out."""
    shown = [(messages.text(f"cli.field.{label}"), clean(value)) for label, value in rows if value]
    room = max((width(label) for label, _ in shown), default=0)
    say("\n".join(f"{pad(label, room)}  {value}" for label, value in shown))


def state(name: str) -> str:
    """A guest's or operation's state in the user's language."""
    text_id = f"cli.state.{name}"
    return messages.text(text_id) if messages.has(text_id) else name


def moment(seconds: float | None) -> str | None:
    """A Unix time in the user's time zone."""
    if seconds is None:
        return None
    from time import localtime, strftime

    return strftime("%Y-%m-%d %H:%M:%S %z", localtime(seconds))
