"""Protect a guest: it is kept from being deleted and purged, and its disks from being taken out of its document.

What only ends its present run (`stop --force`, `reset`) is as possible as before: nothing stored is lost by it.
"""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from innkeeper.errors import Conflict, NotFound, Unsupported
from innkeeper.guest import metadata
from innkeeper.guest.changing.difference import masked
from innkeeper.guest.naming import deleted, find
from innkeeper.guest.watching.inspection import view
from innkeeper.libvirtxml import Domain
from innkeeper.schema.guest import GuestView
from innkeeper.schema.guest_change import GuestProtect
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import changes, domains

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS", "metadata_commands", "refuse"]


def refuse(domain: domains.Domain) -> None:
    """Raises `Conflict("guest.protected")` for a guest that is."""
    if metadata.of_domain(domain).protected == "yes":
        raise Conflict("guest.protected", name=domain.name)


def _check(host: Host, request: GuestProtect) -> domains.Domain:
    """One in the bin may be protected too: from its purge."""
    domain = domains.find(host.virt, request.name) or _named(host, request.name)
    if not changes.persistent(domain):
        raise Unsupported("guest.transient", name=domain.name)
    return domain


def _named(host: Host, name: str) -> domains.Domain:
    try:
        return find(host, name)
    except NotFound:
        found = deleted(host, name)
        if found is None:
            raise
        return found


def _wanted(request: GuestProtect, domain: domains.Domain) -> metadata.Facts:
    return replace(metadata.of_domain(domain), protected="yes" if request.protected else None)


def _run(host: Host, request: GuestProtect, operation: Operation) -> GuestView:
    domain: domains.Domain = operation.decided
    wanted = _wanted(request, domain)
    if wanted != metadata.of_domain(domain):
        operation.undo("guest.metadata", uuid=domain.uuid, text=domain.metadata(metadata.NAMESPACE))
    with operation.step("note"):
        if wanted != metadata.of_domain(domain):
            metadata.write(domain, wanted)
    return view(host, domain)


def _plan(_host: Host, request: GuestProtect, domain: domains.Domain) -> Plan:
    told = f"{'protect' if request.protected else 'no longer protect'} {domain.name}"
    wanted = _wanted(request, domain)
    if wanted == metadata.of_domain(domain):
        return Plan([f"nothing: it is so already ({told})"], {}, [])
    documents, commands = metadata_commands(domain, wanted)
    return Plan([told], documents, commands)


def metadata_commands(
    domain: domains.Domain, facts: metadata.Facts, name: str | None = None, off: bool = False
) -> tuple[dict[str, str], list[str]]:
    """virsh's commands that keep these facts with the guest, stored and live, and the documents that they take; for a
    guest that has another `name` by then, or is `off`."""
    name, space, live = name or domain.name, metadata.NAMESPACE, domain.active and not off
    impact = ["--config", *(["--live"] if live else [])]
    if facts != metadata.Facts():
        words = ["--key", metadata.PREFIX, "--set", metadata.text_of(facts)]
        return {}, [shlex.join(["virsh", "metadata", name, space, *words, *impact])]
    remove = [shlex.join(["virsh", "metadata", name, space, "--remove", "--live"])] if live else []
    document = Domain.from_xml(domain.xml())
    document.name = name
    document.metadata.remove(space)
    file = f"{name}.xml"
    return {file: masked(document.to_xml())}, [shlex.join(["virsh", "define", file]), *remove]


VERBS = {
    "guest.protect": Verb("guest.protect", GuestProtect, GuestView, _check, _run, steps=("note",), plan=_plan)
}
