"""`backup.restore`: a guest from a backup, in the original's place or beside it.

Nothing is overwritten: a guest that has the name is in the way, and is said with what would be lost; `replace` puts it
into the bin, from which it comes back. Every file is compared with its checksum, and the guest gets its name only when
all of them were right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec

from innkeeper.backup import pieces, places, plans, records
from innkeeper.errors import Conflict, Unsupported
from innkeeper.guest.keeping import arriving, cards, rebuild
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


@dataclass(frozen=True)
class Draft:
    """What was decided."""

    record: records.Record
    name: str
    newcomer: rebuild.Newcomer
    replaced: tuple[domains.Domain, str] | None
    """the guest that goes to the bin, and its name there"""


def _check(host: Host, request: BackupRestore) -> Draft:
    record = records.find(host, request.backup, request.place)
    machine = places.machine_of(host)
    if not isinstance(machine, LocalMachine):
        raise Unsupported("backup.far", uri=host.uri)
    records.refuse_links(machine, record)
    name = request.new_name or record.kept.name
    check_name(name)
    document = records.document(machine, record)
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
        replaces=name if replaced else None,
    )
    another = request.new_name is not None and request.new_name != record.kept.name
    return Draft(record, name, _decide(host, record, document, wanted, another), replaced)


def _decide(
    host: Host, record: records.Record, text: str, wanted: rebuild.Wanted, another: bool
) -> rebuild.Newcomer:
    """Who it is to be. Another one has another UUID and other addresses, also where the original's are free: the
    original may be restored too."""
    document, kept = Domain.from_xml(text), record.kept
    if another:
        kept = msgspec.structs.replace(kept, uuid=str(uuid4()))
        for card in document.devices.interfaces:
            card.mac = cards.new_mac()
        for entry in document.node.iterfind("sysinfo/system/entry[@name='uuid']"):
            entry.text = kept.uuid
    return rebuild.decide(host, kept, document, wanted)


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
    record = draft.record
    guest = lock_name(host, "guest.create", draft.name)
    with host.lock(guest, VERBS["backup.restore"].owner_text(record.id)):
        if draft.replaced is not None:
            with operation.step("verify"):
                records.verify(places.machine_of(host), record, _teller(operation, record))
            operation.decided = draft.replaced
            _DELETE.run(host, GuestDelete(name=draft.name, force=request.force), operation)
        source = pieces.of(record.path, record.kept.files, record.id)
        return view(host, arriving.bring(host, operation, draft.newcomer, source))


def _teller(operation: Operation, record: records.Record) -> Callable[[int], None]:
    whole, done = max(record.size, 1), 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        operation.progress("backup.progress.verify", min(done / whole, 1.0))
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
