"""Save a guest's memory to disk and wake it from there.

The memory is kept where libvirt keeps it (`virsh managedsave`), one for a guest, and goes when the guest is woken: a
file of its own would outlive changes of the guest's disks, and waking it then would destroy what is on them.
"""

from __future__ import annotations

import shlex
import threading
from typing import TYPE_CHECKING

from innkeeper.errors import Conflict, Invalid, Unsupported
from innkeeper.guest import metadata
from innkeeper.guest.making import sockets
from innkeeper.guest.naming import find
from innkeeper.guest.running import waiting
from innkeeper.guest.watching.inspection import view
from innkeeper.libvirtxml import Domain
from innkeeper.schema.guest import GuestView
from innkeeper.schema.guest_change import GuestRestore, GuestSave
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import changes

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.virt import domains

__all__ = ["VERBS", "refuse_boot_wait", "save_watched"]

_LOOK = 0.2
"""Seconds between two looks at how far it is."""


def _check_save(host: Host, request: GuestSave) -> domains.Domain:
    domain = find(host, request.name)
    if not domain.active:
        raise Conflict("guest.saved_already" if domain.saved else "guest.not_running", name=domain.name)
    if not changes.persistent(domain):
        raise Unsupported("guest.transient", name=domain.name)
    return domain


def _save(host: Host, _request: GuestSave, operation: Operation) -> GuestView:
    domain: domains.Domain = operation.decided
    with operation.step("save"):
        if domain.active:
            save_watched(domain, operation)
    return view(host, domain)


def save_watched(domain: domains.Domain, operation: Operation) -> None:
    """Save it while its progress is told. ^C breaks it off, and the guest goes on as if nothing was; what was done
    before it could be broken off is done."""
    failures: list[BaseException] = []

    def work() -> None:
        try:
            changes.save(domain)
        except BaseException as error:  # whatever it is, it is raised again below
            failures.append(error)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            operation.check_cancel()
            operation.progress("guest.progress.saving", changes.job_fraction(domain), name=domain.name)
            worker.join(_LOOK)
    except BaseException:
        changes.abort_job(domain)
        worker.join()
        if failures or domain.active:  # libvirt calls some that it broke off done
            raise
    if failures:
        raise failures[0]


def _check_restore(host: Host, request: GuestRestore) -> domains.Domain:
    domain = find(host, request.name)
    if not domain.saved:
        raise Conflict("guest.not_saved", name=domain.name)
    if domain.active:
        raise Conflict("guest.running_already", name=domain.name)
    if request.discard and request.wait != "none":
        raise Invalid("request.together", first="discard", second="wait")
    if request.wait not in ("none", "running"):
        refuse_boot_wait(domain, request.wait)
        document = Domain.from_xml(domain.xml())
        waiting.refuse(host, request.wait, document, metadata.read(document))
    return domain


def refuse_boot_wait(domain: domains.Domain, wait: str) -> None:
    """Raises `Invalid("guest.saved_no_boot")`: what is woken does not boot."""
    if wait == "boot" and domain.saved:
        raise Invalid("guest.saved_no_boot", name=domain.name)


def _restore(host: Host, request: GuestRestore, operation: Operation) -> GuestView:
    domain: domains.Domain = operation.decided
    document = Domain.from_xml(domain.xml())
    waiter = waiting.Waiter(host, request.wait, document, metadata.read(document))
    with operation.step("restore"):
        if request.discard:
            changes.discard_saved(domain)
        elif not domain.active:
            operation.progress("guest.progress.waking")
            sockets.start(host, domain)
    operation.finish()
    waiter.wait(domain, request.timeout, operation)
    return view(host, domain)


def _plan_save(_host: Host, _request: GuestSave, domain: domains.Domain) -> Plan:
    name = shlex.quote(domain.name)
    return Plan([f"save the memory of {domain.name} and power it off"], {}, [f"virsh managedsave {name}"])


def _plan_restore(_host: Host, request: GuestRestore, domain: domains.Domain) -> Plan:
    name = shlex.quote(domain.name)
    if request.discard:
        told = f"forget the saved memory of {domain.name}"
        return Plan([told], {}, [f"virsh managedsave-remove {name}"])
    return Plan([f"wake {domain.name} from its saved memory"], {}, [f"virsh start {name}"])


VERBS = {
    "guest.save": Verb(
        "guest.save", GuestSave, GuestView, _check_save, _save, steps=("save",), plan=_plan_save
    ),
    "guest.restore": Verb(
        "guest.restore",
        GuestRestore,
        GuestView,
        _check_restore,
        _restore,
        steps=("restore",),
        plan=_plan_restore,
    ),
}
