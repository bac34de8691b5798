"""`inn list --long`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli.output import state, table
from innkeeper.schema.sizes import format_size

if TYPE_CHECKING:
    from innkeeper.schema.guest import GuestRow

__all__ = ["draw"]

COLUMNS = ("name", "state", "cpus", "memory", "autostart", "order", "protected", "labels", "title")


def draw(found: list[GuestRow]) -> None:
    """A line for each."""
    table(COLUMNS, [_cells(row) for row in found], right=("cpus", "memory", "order"))


def _cells(row: GuestRow) -> list[str]:
    labels = " ".join(f"{key}={value}" for key, value in sorted((row.labels or {}).items()))
    return [
        row.name,
        state(row.state),
        "-" if row.cpus is None else str(row.cpus),
        format_size(row.memory),
        messages.text("cli.yes" if row.autostart else "cli.no"),
        "-" if row.start_order is None else str(row.start_order),
        messages.text("cli.yes" if row.protected else "cli.no"),
        labels or "-",
        row.title or "-",
    ]
