"""`guest.forget`: Innkeeper's own facts about a guest go away; the guest stays as any other tool would have made it.

What goes: our element of its `<metadata>`, and the log of its serial port, which a guest has only because we asked for
it (the file stays, as a run goes on writing to it). What stays is the guest: its disks, its address in the network,
its start with the host. Every verb goes on working with it, as with any guest that others made.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper.errors import Unsupported
from innkeeper.guest import metadata, naming
from innkeeper.guest.changing import protection
from innkeeper.guest.changing.difference import masked, unified
from innkeeper.guest.watching.inspection import view
from innkeeper.guest.watching.serial_log import directory
from innkeeper.libvirtxml import Domain
from innkeeper.schema.backup import GuestForget
from innkeeper.schema.guest import GuestView
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import changes, domains

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS", "undo_log_setting"]


def _check(host: Host, request: GuestForget) -> domains.Domain:
    domain = naming.find(host, request.name)
    if not changes.persistent(domain):
        raise Unsupported("guest.transient", name=domain.name)
    protection.refuse(domain)
    return domain


def _run(host: Host, _request: GuestForget, operation: Operation) -> GuestView:
    domain: domains.Domain = operation.decided
    new, logs = _without_ours(host, domain)
    operation.undo("guest.metadata", uuid=domain.uuid, text=domain.metadata(metadata.NAMESPACE))
    operation.undo("guest.log_setting", uuid=domain.uuid, logs=logs)
    with operation.step("forget"):
        if domain.active and domain.metadata(metadata.NAMESPACE) is not None:
            changes.set_live_metadata(domain, metadata.NAMESPACE, metadata.PREFIX, None)
        if new is not None:
            domain.redefine(new.to_xml())
    return view(host, domain)


def _without_ours(host: Host, domain: domains.Domain) -> tuple[Domain | None, dict[str, str]]:
    """Its stored document without what is ours, None when there is nothing; and the log of each serial port by its
    number."""
    document = Domain.from_xml(domain.xml())
    if document.metadata.get(metadata.NAMESPACE) is None:
        return None, {}
    made = bool(metadata.read(document).created)
    document.metadata.remove(metadata.NAMESPACE)
    logs: dict[str, str] = {}
    ours = f"{directory(host)}/" if made and (host.machine is not None or not host.is_session) else None
    for number, serial in enumerate(document.devices.serials):
        path = serial.log_file
        if path and ours and path.startswith(ours) and path.endswith(".serial.log"):
            logs[str(number)] = path
            serial.log_file = serial.log_append = None
    for console in document.devices.consoles:  # libvirt shows the first serial port as a console too
        if console.log_file in logs.values():
            console.log_file = console.log_append = None
    return document, logs


def undo_log_setting(host: Host, uuid: str, logs: dict[str, str]) -> None:
    """Put the logs of serial ports back."""
    domain = domains.find(host.virt, uuid)
    if domain is None or not logs:
        return
    document = Domain.from_xml(domain.xml())
    serials = list(document.devices.serials)
    for number, path in logs.items():
        if int(number) < len(serials) and not serials[int(number)].log_file:
            serials[int(number)].log_file, serials[int(number)].log_append = path, True
    domain.redefine(document.to_xml())


def _plan(host: Host, _request: GuestForget, domain: domains.Domain) -> Plan:
    name = domain.name
    new, logs = _without_ours(host, domain)
    if new is None:
        return Plan([f"nothing: nothing of Innkeeper is in {name}"], {}, [])
    facts = metadata.of_domain(domain)
    told = [f"forget what Innkeeper knows of {name}"]
    told += [f"no longer log its serial port (the file stays: {path})" for path in logs.values()]
    told += [f"leave {pool}/{volume}: a later purge will not delete it" for pool, volume in facts.volumes]
    file, live = f"{name}.xml", ["virsh", "metadata", name, metadata.NAMESPACE, "--remove", "--live"]
    return Plan(
        told,
        {file: masked(new.to_xml())},
        [*([shlex.join(live)] if domain.active else []), shlex.join(["virsh", "define", file])],
        {file: unified(file, domain.xml(), new.to_xml())},
    )


VERBS = {
    "guest.forget": Verb("guest.forget", GuestForget, GuestView, _check, _run, steps=("forget",), plan=_plan)
}
