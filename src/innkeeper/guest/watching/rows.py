"""The lines of the list: one look at libvirt and the names; no document is read.

Apart from the verb, since `inn list` is counted in milliseconds: a table needs no validated request and no view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from innkeeper.schema.names import CREATING, DELETED, unmark
from innkeeper.virt import changes, domains

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["Row", "listed", "rows"]


class Row(NamedTuple):
    """A guest in the list. Memory is in bytes; `deleted` is when it went to the bin."""

    name: str
    uuid: str
    state: str
    cpus: int | None
    memory: int | None
    deleted: str | None
    state_reason: str | None
    """why it is off or suspended, where that tells something (`virt.domains.REASONS`)"""


def rows(host: Host, deleted: bool = False, everything: bool = False) -> list[Row]:
    """Guests by name: without those in the bin, only those in the bin (`deleted`), or both (`everything`)."""
    saved = changes.flagged(host.virt, "saved")
    found = (listed(row, row.uuid in saved) for row in domains.rows(host.virt))
    wanted = [row for row in found if everything or (row.deleted is not None) == deleted]
    return sorted(wanted, key=lambda row: (row.name, row.deleted or ""))


def listed(row: domains.Row, saved: bool) -> Row:
    """A domain as a guest: by its plain name, its mark told as its state."""
    name, kind, detail = unmark(row.name)
    state = {CREATING: "creating", DELETED: "deleted"}.get(kind or "", row.state)
    if saved and state == "stopped":
        state = "saved"
    reason = row.state_reason if state == row.state else None
    return Row(name, row.uuid, state, row.cpus, row.memory, detail if kind == DELETED else None, reason)
