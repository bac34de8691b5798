"""`inn list`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli.framework import Option, command
from innkeeper.cli.output import state, table, tell
from innkeeper.schema.sizes import format_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from innkeeper.cli.session import Session
    from innkeeper.guest.watching.rows import Row
    from innkeeper.schema.guest import GuestRow

__all__ = ["list_"]


@command(
    "list",
    Option(["-a", "--all", "everything"], is_flag=True),
    Option(["--deleted"], is_flag=True),
    Option(["-l", "--long"], is_flag=True),
)
def list_(session: Session, everything: bool, deleted: bool, long: bool) -> None:
    """Those in the bin and unfinished ones are hidden unless asked for."""

    def draw(found: Sequence[Row | GuestRow]) -> None:
        columns = ["name", "state", "cpus", "memory", *(["deleted"] if deleted or everything else [])]
        if not found:
            tell(messages.text("cli.list.empty_bin" if deleted else "cli.list.empty"))
            return
        table(columns, [_cells(row, len(columns)) for row in found], right=("cpus", "memory"))

    if long:
        from innkeeper.cli.guest_list_long import draw as draw_long

        found = session.look("guest.list", all=everything, deleted=deleted, long=True)
        session.answer(found, draw_long if found else draw)
    elif session.json or session.dry_run or session.explain:
        session.answer(session.look("guest.list", all=everything, deleted=deleted), draw)
    else:
        draw(_rows(session, deleted, everything))


def _rows(session: Session, deleted: bool, everything: bool) -> Sequence[Row | GuestRow]:
    """By the shortest way: the list is what one asks for most."""
    if session.client is not None:
        from innkeeper.client import listing

        return listing.rows(session.client, deleted, everything)
    from innkeeper.guest.watching.rows import rows

    return rows(session.host, deleted, everything)


def _cells(row: Row | GuestRow, count: int) -> list[str]:
    cpus = "-" if row.cpus is None else str(row.cpus)
    return [row.name, state(row.state), cpus, format_size(row.memory), _when(row.deleted)][:count]


def _when(stamp: str | None) -> str:
    """`20261122T101500Z` as `2026-11-22 10:15 UTC`."""
    if not stamp or len(stamp) != 16:
        return stamp or "-"
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]} {stamp[9:11]}:{stamp[11:13]} UTC"
