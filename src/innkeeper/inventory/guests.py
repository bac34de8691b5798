"""The guests of a host as they were last seen, and what became other since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import NamedTuple

from msgspec.structs import replace

from innkeeper.errors import InnkeeperError
from innkeeper.guest import metadata
from innkeeper.guest.watching.rows import listed
from innkeeper.inventory.snapshot import Snapshot
from innkeeper.libvirtxml import Domain
from innkeeper.network.plugs import Plug, Plugged, plugs
from innkeeper.schema.guest import GuestRow
from innkeeper.virt.looking import Flags, Seen

__all__ = ["Guests"]


class _Facts(NamedTuple):
    """What only its document tells of a line of the list."""

    start_order: int | None
    protected: bool
    labels: dict[str, str]
    title: str | None


class _Guest:
    """One guest. `documents` is other when any of its documents is other; None while none was read."""

    __slots__ = ("documents", "facts", "flags", "plugs", "row", "states")

    def __init__(self, row: GuestRow, flags: Flags) -> None:
        self.row = row
        self.flags = flags
        self.facts: _Facts | None = None
        self.plugs: tuple[Plug, ...] = ()
        self.documents: int | None = None
        self.states: int = 0


class Guests:
    """Changed by one thread; snapshots are taken by any."""

    def __init__(self) -> None:
        self._guests: dict[str, _Guest] = {}
        self._lock = Lock()
        self._version = 0
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        with self._lock:
            if self._snapshot is None:
                self._snapshot = Snapshot([one.row for one in self._guests.values()], self._version)
            return self._snapshot

    def plugged(self) -> list[Plugged]:
        """What the cards of those that are not in the bin are plugged into."""
        with self._lock:
            found = list(self._guests.values())
        return [
            Plugged(one.row.name, one.row.uuid, one.row.state, one.plugs)
            for one in found
            if one.row.deleted is None
        ]

    def uuids(self) -> set[str]:
        return set(self._guests)

    def see(self, seen: Seen) -> bool:
        """What a list tells of it. True when it became other."""
        known = self._guests.get(seen.row.uuid)
        facts = known.facts if known else None
        row = _row(seen, facts)
        if known is None:
            self._put(seen.row.uuid, _Guest(row, seen.flags))
            return True
        if (known.row, known.flags) == (row, seen.flags):
            return False
        known.flags = seen.flags
        self._show(known, row)
        return True

    def see_documents(self, uuid: str, documents: tuple[str, str], states: Sequence[str]) -> bool:
        """What its documents tell, and the names of its snapshots and checkpoints. True when anything became other."""
        known = self._guests.get(uuid)
        if known is None:
            return False
        before = (known.documents, known.states)
        known.documents, known.states = hash(documents), hash(tuple(states))
        if before[0] != known.documents:
            known.facts = _facts(documents[0])
            known.plugs = plugs(*documents)
            self._show(known, replace(known.row, **known.facts._asdict()))
        return before != (known.documents, known.states)

    def forget(self, uuids: Iterable[str]) -> list[str]:
        """They are no more. Those of them that were known."""
        with self._lock:
            gone = [uuid for uuid in uuids if self._guests.pop(uuid, None)]
            if gone:
                self._version += 1
                self._snapshot = None
        return gone

    def _put(self, uuid: str, guest: _Guest) -> None:
        with self._lock:
            self._guests[uuid] = guest
            self._version += 1
            self._snapshot = None

    def _show(self, guest: _Guest, row: GuestRow) -> None:
        if row == guest.row:
            return
        with self._lock:
            guest.row = row
            self._version += 1
            self._snapshot = None


def _row(seen: Seen, facts: _Facts | None) -> GuestRow:
    told = facts._asdict() if facts else {}
    return GuestRow(**listed(seen.row, seen.flags.saved)._asdict(), autostart=seen.flags.autostart, **told)


def _facts(document: str) -> _Facts:
    """None of them of a document that is none: others' drivers tell what they like."""
    try:
        domain = Domain.from_xml(document)
    except InnkeeperError:
        return _Facts(None, False, {}, None)
    facts = metadata.read(domain)
    order = metadata.number(facts.start_order)
    return _Facts(order, facts.protected == "yes", facts.labels, domain.title)
