"""The list of guests: one bulk call and their names; no document is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.schema.guest import GuestList, GuestRow
from innkeeper.schema.names import CREATING, DELETED, unmark
from innkeeper.verbs import Verb
from innkeeper.virt import domains

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS"]


def _check(_host: Host, _request: GuestList) -> None:
    """Looking is always allowed."""


def _run(host: Host, request: GuestList, _operation: Operation) -> list[GuestRow]:
    found = []
    for row in domains.rows(host.virt):
        name, kind, detail = unmark(row.name)
        if not (request.all or (kind == DELETED) == request.deleted):
            continue
        state = {CREATING: "creating", DELETED: "deleted"}.get(kind or "", row.state)
        when = detail if kind == DELETED else None
        found.append(
            GuestRow(name=name, uuid=row.uuid, state=state, cpus=row.cpus, memory=row.memory, deleted=when)
        )
    return sorted(found, key=lambda row: (row.name, row.deleted or ""))


VERBS = {"guest.list": Verb("guest.list", GuestList, list[GuestRow], _check, _run)}
