"""`backup.restore`: a guest from a backup, in the original's place or beside it.

Nothing is overwritten: a guest that has the name is in the way, and is said with what would be lost; `replace` puts it
into the bin, from which it comes back. Every file is compared with its checksum, and the guest gets its name only when
all of them were right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from innkeeper.backup import pieces, places, plans, records
from innkeeper.errors import Conflict, Unsupported
from innkeeper.guest.keeping import arriving, rebuild
from innkeeper.guest.watching.inspection import view
from innkeeper.libvirtxml import Domain
from innkeeper.machine import LocalMachine
from innkeeper.operation.locks import lock_name
from innkeeper.schema.backup import BackupRestore
from innkeeper.schema.guest import GuestDelete, GuestView
from innkeeper.schema.names import check_name
from innkeeper.schema.sizes import format_size
from innkeeper.verbs import Plan, Verb, verb
from innkeeper.virt import domains

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS"]

_TRIAL = "innkeeper-restore-trial"
"""A name under which is decided what can be, while the guest to be replaced still has its own."""


@dataclass(frozen=True)
class Draft:
    """What was decided."""

    record: records.Record
    name: str
    document: Domain
    wanted: rebuild.Wanted
    newcomer: rebuild.Newcomer
    """who it is to be, or would be if the guest it replaces were gone"""
    replaced: tuple[domains.Domain, str] | None
    """the guest that goes to the bin, and its name there"""


def _check(host: Host, request: BackupRestore) -> Draft:
    record = records.find(host, request.backup, request.place)
    machine = places.machine_of(host)
    if not isinstance(machine, LocalMachine):
        raise Unsupported("backup.far", uri=host.uri)
    name = request.new_name or record.kept.name
    check_name(name)
    document = Domain.from_xml(records.document(machine, record))
    present = domains.find(host.virt, name)
    replaced = None
    if present is not None:
        if not request.replace:
            raise Conflict("backup.guest_exists", name=name, what=_what_is_lost(host, present), id=record.id)
        replaced = _DELETE.check(host, GuestDelete(name=name, force=request.force))
    wanted = rebuild.Wanted(
        name=name,
        pool=request.pool,
        networks=request.network,
        trust=request.trust,
        overcommit=request.overcommit,
        new_identity=request.new_name is not None and request.new_name != record.kept.name,
    )
    trial = replace(wanted, name=_TRIAL) if replaced else wanted
    newcomer = rebuild.decide(host, record.kept, document, trial)
    return Draft(record, name, document, wanted, newcomer, replaced)


def _what_is_lost(host: Host, present: domains.Domain) -> str:
    """Its disks, by name and size."""
    shown = view(host, present)
    disks = [
        f"{disk.target} ({format_size(disk.capacity)})" if disk.capacity else disk.target
        for disk in shown.disks
        if disk.device == "disk"
    ]
    return ", ".join(disks) or "-"


def _run(host: Host, request: BackupRestore, operation: Operation) -> GuestView:
    draft: Draft = operation.decided
    record, newcomer = draft.record, draft.newcomer
    guest = lock_name(host, "guest.create", draft.name)
    with host.lock(guest, VERBS["backup.restore"].owner_text(record.id)):
        if draft.replaced is not None:
            with operation.step("verify"):
                records.verify(places.machine_of(host), record, _teller(operation, record, "verify"))
            operation.decided = draft.replaced
            _DELETE.run(host, GuestDelete(name=draft.name, force=request.force), operation)
            newcomer = rebuild.decide(host, record.kept, draft.document, draft.wanted)
        domain = arriving.bring(host, operation, newcomer, _pieces(operation, record, newcomer))
        return view(host, domain)


def _pieces(
    operation: Operation, record: records.Record, newcomer: rebuild.Newcomer
) -> Iterator[arriving.Piece]:
    files = [file for file in record.kept.files if file.name not in newcomer.standing]
    return pieces.of(record.path, files, record.id, _teller(operation, record, "restore"))


def _teller(operation: Operation, record: records.Record, what: str) -> Callable[[int], None]:
    whole, done = max(record.size, 1), 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        operation.progress(f"backup.progress.{what}", min(done / whole, 1.0))
        operation.check_cancel()

    return count


def _plan(host: Host, request: BackupRestore, draft: Draft) -> Plan:
    leaving = None
    if draft.replaced is not None and _DELETE.plan is not None:
        asked = GuestDelete(name=draft.name, force=request.force)
        leaving = _DELETE.plan(host, asked, draft.replaced)
    return plans.restoring(draft, leaving)


_DELETE = verb("guest.delete")

VERBS = {
    "backup.restore": Verb(
        "backup.restore",
        BackupRestore,
        GuestView,
        _check,
        _run,
        steps=("verify", *_DELETE.steps, *arriving.STEPS),
        target=lambda request: request.backup,
        needs_machine="user",
        plan=_plan,
    )
}
