"""What to do about operations whose process is gone."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from innkeeper.errors import Failed, InnkeeperError, NotFound, Refused
from innkeeper.operation import journal
from innkeeper.operation.journal import Entry
from innkeeper.operation.locks import lock_name
from innkeeper.operation.undo import apply_all

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = [
    "Entry",
    "clean",
    "clean_parts",
    "dead_entries",
    "find",
    "list_operations",
    "own",
    "recover",
    "refuse_alive",
    "settle",
]


def list_operations() -> list[journal.Entry]:
    """Everything that runs or was left unfinished, oldest first."""
    return journal.read_all()


def dead_entries() -> list[journal.Entry]:
    """What was left by processes that are gone."""
    return [entry for entry in journal.read_all() if not entry.alive]


def find(operation_id: str) -> journal.Entry:
    """By its id or an unambiguous beginning of it. Raises `NotFound("operation.unknown")`."""
    found = [entry for entry in journal.read_all() if entry.id.startswith(operation_id)]
    if len(found) != 1:
        raise NotFound("operation.unknown", id=operation_id)
    return found[0]


def refuse_alive(entry: journal.Entry) -> None:
    """Raises `Refused("operation.alive")`."""
    if entry.alive:
        raise Refused("operation.alive", id=entry.id, pid=entry.owner.pid)


def clean(host: Host, entry: journal.Entry) -> list[str]:
    """Undo what a dead operation left, under the lock of its target. Returns what was undone.

    Raises `Refused("operation.alive")` when its process still runs, `Failed("operation.left")` when something could
    not be undone; it then stays recorded.
    """
    refuse_alive(entry)
    with host.lock(lock_name(host, entry.verb, entry.target), f"operation clean {entry.id}"):
        return _undo(host, entry)


def recover(host: Host, verb: str, target: str) -> list[journal.Entry]:
    """Undo what a dead run of this verb left on this target; the caller holds the target's lock."""
    left = [
        entry for entry in dead_entries() if (entry.verb, entry.target, entry.uri) == (verb, target, host.uri)
    ]
    for entry in left:
        _undo(host, entry)
    return left


def own(operation_id: str) -> Entry | None:
    """The record of exactly that id, if there is one."""
    return next((entry for entry in journal.read_all() if entry.id == operation_id), None)


def clean_parts(host: Host, operation_id: str) -> None:
    """Undo what dead operations left that this one performed on its way, as far as nobody else is at it by now."""
    for entry in dead_entries():
        if entry.notes.get("part_of") == operation_id:
            with suppress(InnkeeperError):  # it stays recorded, and is met again by whoever does the same
                clean(host, entry)


def settle(host: Host, operation_id: str) -> None:
    """End the record of an operation that was done: only what is private to this computer goes."""
    entry = own(operation_id)
    if entry is not None:
        apply_all(host, journal.private(entry.undo))
        journal.discard(entry.id)


KEEPERS = {
    "backup.create": "innkeeper.backup.making:keep",
    "backup.restore": "innkeeper.guest.making.keeping:keep",
    "guest.create": "innkeeper.guest.making.keeping:keep",
}
"""verb → function(host, entry): what a dead run of it would answer when what it made is in use by now; None when it may
be undone"""


def _undo(host: Host, entry: journal.Entry) -> list[str]:
    """What came to be and is in use is not taken from whoever uses it: such an operation is ended instead."""
    deeds = entry.undo
    kept = _kept(host, entry)
    if kept is not None:
        entry.answer, entry.kept = kept, True
        deeds = [deed for deed in deeds if deed[0] == "workdir.delete"]
    undone, left = apply_all(host, deeds)
    if left:
        failure = Failed("operation.left", id=entry.id, what="; ".join(left))
        failure.undone, failure.left = undone, left
        raise failure
    journal.discard(entry.id)
    return undone


def _kept(host: Host, entry: journal.Entry) -> Any:
    if entry.verb not in KEEPERS:
        return None
    module, _, function = KEEPERS[entry.verb].partition(":")
    return getattr(import_module(module), function)(host, entry)
