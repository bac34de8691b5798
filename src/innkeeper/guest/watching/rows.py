"""The lines of the list: one look at libvirt and the names; no document is read.

Apart from the verb, since `inn list` is counted in milliseconds: a table needs no validated request and no view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from innkeeper.schema.names import CREATING, DELETED, unmark
from innkeeper.virt import changes, domains

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["Row", "rows"]


class Row(NamedTuple):
    """A guest in the list. Memory is in bytes; `deleted` is when it went to the bin."""

    name: str
    uuid: str
    state: str
    cpus: int | None
    memory: int | None
    deleted: str | None


def rows(host: Host, deleted: bool = False, everything: bool = False) -> list[Row]:
    """Guests by name: without those in the bin, only those in the bin (`deleted`), or both (`everything`)."""
    found = []
    saved = changes.flagged(host.virt, "saved")
    for row in domains.rows(host.virt):
        name, kind, detail = unmark(row.name)
        if everything or (kind == DELETED) == deleted:
            state = {CREATING: "creating", DELETED: "deleted"}.get(kind or "", row.state)
            if row.uuid in saved and state == "stopped":
                state = "saved"
            when = detail if kind == DELETED else None
            found.append(Row(name, row.uuid, state, row.cpus, row.memory, when))
    return sorted(found, key=lambda row: (row.name, row.deleted or ""))
