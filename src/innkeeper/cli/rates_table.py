"""The table of `inn top`: which guests, in which order, in how many lines and columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from innkeeper import messages
from innkeeper.cli.output import clean, pad, width
from innkeeper.cli.progress import cut
from innkeeper.schema.sizes import format_size

if TYPE_CHECKING:
    from innkeeper.schema.guest_screen import Rates

__all__ = ["ASKED", "COLUMNS", "ORDERS", "SORTS", "Order", "in_order", "lines", "silent"]

_GAP = "  "
_NAME_LEAST, _NAME_MOST = 8, 40
_OFF = "-"


class Column(NamedTuple):
    """`show` makes the cell; the heading is the text `cli.column.ID`, and at least as wide as `room`."""

    id: str
    room: int
    show: Callable[[Rates], str]


def _percent(value: float | None) -> str:
    return _OFF if value is None else f"{value:.0f}" if value >= 99.95 else f"{value:.1f}"


def _rate(value: float | None) -> str:
    return _OFF if value is None else format_size(round(value))


def _count(value: float | None) -> str:
    return _OFF if value is None else f"{value:.0f}"


def _silent(show: Callable[[Rates], str]) -> Callable[[Rates], str]:
    """`?` where the guest's QEMU does not answer."""
    return lambda one: show(one) if one.answers else "?"


COLUMNS = (
    Column("cpu", 6, lambda one: _percent(one.cpu)),
    Column("cpu_guest", 6, lambda one: _percent(one.cpu_guest)),
    Column("memory_host", 6, _silent(lambda one: format_size(one.memory_host))),
    Column("memory", 6, lambda one: format_size(one.memory)),
    Column("memory_used", 6, _silent(lambda one: format_size(one.memory_used))),
    Column("disk_read", 6, _silent(lambda one: _rate(one.disk_read))),
    Column("disk_write", 6, _silent(lambda one: _rate(one.disk_write))),
    Column("disk_reads", 5, _silent(lambda one: _count(one.disk_reads))),
    Column("disk_writes", 5, _silent(lambda one: _count(one.disk_writes))),
    Column("net_rx", 6, lambda one: _rate(one.net_rx)),
    Column("net_tx", 6, lambda one: _rate(one.net_tx)),
)


def _known(value: float | None) -> float:
    return -1.0 if value is None else value


SORTS: dict[str, Callable[[Rates], float]] = {
    "cpu": lambda one: _known(one.cpu),
    "memory": lambda one: _known(one.memory_host if one.memory_host is not None else one.memory),
    "disk": lambda one: _known(one.disk_read) + _known(one.disk_write),
    "network": lambda one: _known(one.net_rx) + _known(one.net_tx),
    "name": lambda _one: 0.0,
}
"""What guests may be sorted by, the most first; those alike, and for `name` all, by their names"""

ORDERS = {
    "cpu": "cli.top.by.cpu",
    "memory": "cli.top.by.memory",
    "disk": "cli.top.by.disk",
    "network": "cli.top.by.network",
    "name": "cli.top.by.name",
}
"""Order → text id of its name"""

ASKED = ("memory", "disk")
"""Orders for which each guest's QEMU has to be asked."""


class Order(NamedTuple):
    """How the table is sorted."""

    by: str = "cpu"
    reverse: bool = False


def in_order(guests: Sequence[Rates], order: Order) -> list[Rates]:
    by_name = sorted(guests, key=lambda one: one.name)
    found = sorted(by_name, key=SORTS[order.by], reverse=order.by != "name")
    return found[::-1] if order.reverse else found


def silent(guests: Sequence[Rates]) -> str:
    """Whose QEMU does not answer, in words; nothing when all do."""
    names = [clean(one.name) for one in guests if not one.answers]
    return messages.text("cli.top.silent", names=", ".join(names)) if names else ""


def lines(guests: Sequence[Rates], columns: int | None = None) -> list[str]:
    """The heading, then a line a guest. On a terminal of so many `columns` names are cut, then columns left out."""
    names = [_name(one) for one in guests]
    heads = [messages.text(f"cli.column.{column.id}") for column in COLUMNS]
    rooms = [max(column.room, width(head)) for column, head in zip(COLUMNS, heads, strict=True)]
    name_head = messages.text("cli.column.name")
    longest = max((width(name) for name in names), default=0)
    room = max(longest, width(name_head), _NAME_LEAST)
    shown = len(COLUMNS)
    if columns is not None:
        wanted = min(room, _NAME_MOST)
        while shown and _wide(rooms[:shown]) + wanted > columns:
            if wanted > _NAME_LEAST and _wide(rooms[:shown]) + _NAME_LEAST <= columns:
                break
            shown -= 1
        room = max(1, min(wanted, columns - _wide(rooms[:shown])))
    rows = [[column.show(one) for column in COLUMNS[:shown]] for one in guests]
    cells = [(name_head, heads[:shown]), *zip(names, rows, strict=True)]
    return [_line(name, row, room, rooms) for name, row in cells]


def _wide(rooms: Sequence[int]) -> int:
    return sum(rooms) + len(_GAP) * len(rooms)


def _line(name: str, row: Sequence[str], room: int, rooms: Sequence[int]) -> str:
    first = pad(cut(name, room), room)
    return _GAP.join([first, *(pad(cell, wide, right=True) for cell, wide in zip(row, rooms, strict=False))])


def _name(one: Rates) -> str:
    """With its state, when that is not to run."""
    name = clean(one.name)
    if one.state == "running":
        return name
    text_id = f"cli.state.{one.state}"
    return f"{name} ({messages.text(text_id) if messages.has(text_id) else one.state})"
