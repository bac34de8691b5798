"""Delete to the bin, undelete, purge.

A guest in the bin stays defined, off, without autostart, as `NAME~deleted~TIME`: its name is free again, lists hide it,
virsh still sees it, and its volumes are untouched until it is purged.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from innkeeper.errors import Conflict, NotFound
from innkeeper.guest import firmware, metadata, naming
from innkeeper.guest.changing import protection
from innkeeper.guest.leaving import plans as leaving_plans
from innkeeper.guest.running.waiting import log_path
from innkeeper.guest.watching.inspection import view
from innkeeper.guest.watching.serial_log import undo_log
from innkeeper.libvirtxml import Domain
from innkeeper.network import reservations
from innkeeper.schema.guest import GuestDelete, GuestPurge, GuestUndelete, GuestView
from innkeeper.schema.names import DELETED, check_name, mark, unmark
from innkeeper.storage import volumes
from innkeeper.verbs import Verb
from innkeeper.virt import domains

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS", "finish_purge", "undo_autostart"]


def _check_delete(host: Host, request: GuestDelete) -> tuple[domains.Domain, str]:
    """The guest, and its name in the bin."""
    domain = naming.find(host, request.name)
    protection.refuse(domain)
    if domain.active and not request.force:
        raise Conflict("guest.delete_running", name=domain.name)
    if domain.saved:
        raise Conflict("guest.saved", name=domain.name)
    return domain, _free_mark(host, domain.name, time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()))


def _delete(host: Host, _request: GuestDelete, operation: Operation) -> GuestView:
    domain: domains.Domain
    domain, marked = operation.decided
    uuid, autostart = domain.uuid, domain.autostart
    operation.undo("guest.metadata", uuid=uuid, text=domain.metadata(metadata.NAMESPACE))
    operation.undo("guest.autostart", uuid=uuid, autostart=autostart)
    with operation.step("stop"):
        domain.destroy()
    with operation.step("firmware"):
        firmware.pin(host, domain, operation)
    operation.undo("guest.rename", uuid=uuid, name=domain.name)
    with operation.step("autostart"):
        metadata.note_autostart(domain, autostart)
        if autostart:
            domain.autostart = False
    with operation.step("rename"):
        naming.rename_offline(domain, marked)
    return view(host, domain)


def _free_mark(host: Host, name: str, when: str) -> str:
    """Two guests of one name may go to the bin within a second."""
    marked, number = mark(name, DELETED, when), 1
    while domains.find(host.virt, marked):
        number += 1
        marked = mark(name, DELETED, f"{when}.{number}")
    return marked


def undo_autostart(host: Host, uuid: str, autostart: bool) -> None:
    """Put back whether it starts with the host."""
    domain = domains.find(host.virt, uuid)
    if domain is not None and domain.autostart != autostart:
        domain.autostart = autostart


def _binned(host: Host, name: str) -> domains.Domain:
    """The guest in the bin of that name, marked name or UUID.

    Raises `Conflict("guest.not_in_bin")` for a guest that is not there, `NotFound("guest.unknown")`.
    """
    domain = naming.deleted(host, name) or domains.find(host.virt, name)
    if domain is None:
        raise NotFound("guest.unknown", name=name)
    if unmark(domain.name)[1] != DELETED:
        raise Conflict("guest.not_in_bin", name=domain.name)
    return domain


def _check_undelete(host: Host, request: GuestUndelete) -> domains.Domain:
    domain = _binned(host, request.name)
    name = unmark(domain.name)[0] if request.new_name is None else request.new_name
    if request.new_name is not None:
        check_name(name)
    naming.free(host, name)
    naming.refuse_rename(domain)
    return domain


def _undelete(host: Host, request: GuestUndelete, operation: Operation) -> GuestView:
    domain: domains.Domain = operation.decided
    autostart = metadata.of_domain(domain).autostart == "yes"
    operation.undo("guest.metadata", uuid=domain.uuid, text=domain.metadata(metadata.NAMESPACE))
    operation.undo("guest.autostart", uuid=domain.uuid, autostart=domain.autostart)
    operation.undo("guest.rename", uuid=domain.uuid, name=domain.name)
    with operation.step("rename"):
        naming.rename_offline(domain, request.new_name or unmark(domain.name)[0])
    with operation.step("autostart"):
        domain.autostart = autostart
        metadata.note_autostart(domain, False)
    return view(host, domain)


def _check_purge(host: Host, request: GuestPurge) -> domains.Domain:
    domain = _binned(host, request.name)
    protection.refuse(domain)
    if domain.active:
        raise Conflict("guest.running", name=domain.name)
    return domain


def _purge(host: Host, request: GuestPurge, operation: Operation) -> GuestView:
    domain: domains.Domain = operation.decided
    last = view(host, domain)
    # What is purged does not come back: an interrupted purge is cleaned up by ending it.
    operation.undo("guest.purge", uuid=domain.uuid, keep_disks=request.keep_disks)
    operation.answer(last)
    with operation.step("volumes"):
        if not request.keep_disks:
            _delete_volumes(host, domain)
    with operation.step("undefine"):
        _undefine(host, domain)
    return last


def finish_purge(host: Host, uuid: str, keep_disks: bool) -> None:
    """End a purge that was begun."""
    domain = domains.find(host.virt, uuid)
    if domain is None:
        return
    if not keep_disks:
        _delete_volumes(host, domain)
    _undefine(host, domain)


def _delete_volumes(host: Host, domain: domains.Domain) -> None:
    """Only those that were made for it; a disk that was there before it stays."""
    for pool, name in metadata.of_domain(domain).volumes:
        volumes.delete(host, pool, name)


def _undefine(host: Host, domain: domains.Domain) -> None:
    """Its document goes last: until then it says what else there is. Once it is gone there is nothing left to do."""
    if domains.find(host.virt, domain.uuid) is None:
        return
    facts, log = metadata.of_domain(domain), log_path(Domain.from_xml(domain.xml()))
    if facts.address:
        reservations.delete(host, *facts.address)
    if log and facts.created:
        undo_log(host, log)
    domain.undefine()


VERBS = {
    "guest.delete": Verb(
        "guest.delete",
        GuestDelete,
        GuestView,
        _check_delete,
        _delete,
        steps=("stop", "firmware", "autostart", "rename"),
        plan=leaving_plans.deleting,
    ),
    "guest.undelete": Verb(
        "guest.undelete",
        GuestUndelete,
        GuestView,
        _check_undelete,
        _undelete,
        steps=("rename", "autostart"),
        plan=leaving_plans.undeleting,
    ),
    "guest.purge": Verb(
        "guest.purge",
        GuestPurge,
        GuestView,
        _check_purge,
        _purge,
        steps=("volumes", "undefine"),
        plan=leaving_plans.purging,
    ),
}
