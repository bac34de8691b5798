"""Finding guests by name, and renaming them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.errors import Conflict, NotFound
from innkeeper.guest import firmware
from innkeeper.schema.guest import GuestRename, GuestView
from innkeeper.schema.names import CREATING, DELETED, check_name, mark, unmark
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import domains

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS", "deleted", "find", "free", "rename_offline", "undo_rename"]


def find(host: Host, name: str) -> domains.Domain:
    """The guest of that name or UUID.

    Raises `NotFound("guest.unknown")`, or `NotFound("guest.in_bin")` when it is in the bin.
    """
    domain = domains.find(host.virt, name)
    if domain is not None:
        return domain
    if deleted(host, name):
        raise NotFound("guest.in_bin", name=name)
    raise NotFound("guest.unknown", name=name)


def deleted(host: Host, name: str) -> domains.Domain | None:
    """The guest that last went to the bin under that name."""
    found = [row.name for row in domains.rows(host.virt) if unmark(row.name)[:2] == (name, DELETED)]
    return domains.lookup(host.virt, max(found)) if found else None


def free(host: Host, name: str) -> None:
    """Raises `Conflict` when a guest has that name, or is being made under it."""
    if domains.find(host.virt, name):
        raise Conflict("guest.exists", name=name)
    if domains.find(host.virt, mark(name, CREATING)):
        raise Conflict("guest.unfinished", name=name, marked=mark(name, CREATING))


def rename_offline(domain: domains.Domain, name: str) -> None:
    """Rename what is off. libvirt refuses for a running guest and for one with a saved memory image."""
    if domain.name != name:
        domain.rename(name)


def undo_rename(host: Host, uuid: str, name: str) -> None:
    """Give a guest back its former name."""
    domain = domains.find(host.virt, uuid)
    if domain is not None:
        rename_offline(domain, name)


def _check(host: Host, request: GuestRename) -> domains.Domain:
    check_name(request.new_name)
    domain = find(host, request.name)
    if request.new_name == domain.name:
        raise Conflict("guest.same_name", name=request.name)
    free(host, request.new_name)
    refuse_rename(domain)
    return domain


def refuse_rename(domain: domains.Domain) -> None:
    """Raises `Conflict` when libvirt would not rename it now."""
    if domain.active:
        raise Conflict("guest.running", name=domain.name)
    if domain.saved:
        raise Conflict("guest.saved", name=domain.name)


def _run(host: Host, request: GuestRename, operation: Operation) -> GuestView:
    from innkeeper.guest.watching.inspection import view

    domain: domains.Domain = operation.decided
    with operation.step("firmware"):
        firmware.pin(host, domain, operation)
    operation.undo("guest.rename", uuid=domain.uuid, name=domain.name)
    with operation.step("rename"):
        rename_offline(domain, request.new_name)
    return view(host, domain)


def _plan(host: Host, request: GuestRename, domain: domains.Domain) -> Plan:
    from innkeeper.guest.leaving.plans import renaming

    return renaming(host, domain, request.new_name)


VERBS = {
    "guest.rename": Verb(
        "guest.rename", GuestRename, GuestView, _check, _run, steps=("firmware", "rename"), plan=_plan
    )
}
