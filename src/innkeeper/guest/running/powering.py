"""Reset, suspend, resume."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper.errors import Conflict
from innkeeper.guest import metadata
from innkeeper.guest.naming import find
from innkeeper.guest.running import waiting
from innkeeper.guest.watching.inspection import view
from innkeeper.libvirtxml import Domain
from innkeeper.schema.guest import GuestView
from innkeeper.schema.guest_change import GuestReset, GuestResume, GuestSuspend
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import changes

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.virt import domains

__all__ = ["VERBS"]


def _active(host: Host, name: str) -> domains.Domain:
    domain = find(host, name)
    if not domain.active:
        raise Conflict("guest.not_running", name=domain.name)
    return domain


def _check_reset(host: Host, request: GuestReset) -> domains.Domain:
    """A suspended guest is refused: it would be reset and stay suspended, which nobody means."""
    domain = _active(host, request.name)
    if domain.state == "suspended":
        raise Conflict("guest.reset_suspended", name=domain.name)
    if request.wait not in ("none", "running"):
        document = Domain.from_xml(domain.xml())
        waiting.refuse(host, request.wait, document, metadata.read(document))
    return domain


def _reset(host: Host, request: GuestReset, operation: Operation) -> GuestView:
    domain: domains.Domain = operation.decided
    document = Domain.from_xml(domain.xml())
    waiter = waiting.Waiter(host, request.wait, document, metadata.read(document), again=True)
    with operation.step("reset"):
        operation.progress("guest.progress.resetting")
        changes.reset(domain)
    operation.finish()
    waiter.wait(domain, request.timeout, operation)
    return view(host, domain)


def _check_suspend(host: Host, request: GuestSuspend) -> domains.Domain:
    domain = _active(host, request.name)
    if domain.state == "suspended":
        raise Conflict("guest.suspended_already", name=domain.name)
    return domain


def _suspend(host: Host, _request: GuestSuspend, operation: Operation) -> GuestView:
    domain: domains.Domain = operation.decided
    with operation.step("suspend"):
        if domain.state != "suspended":
            changes.suspend(domain)
    return view(host, domain)


def _check_resume(host: Host, request: GuestResume) -> domains.Domain:
    """One that is off with its memory saved goes on by another verb; that is said."""
    domain = find(host, request.name)
    if not domain.active:
        raise Conflict("guest.resume_saved" if domain.saved else "guest.not_running", name=domain.name)
    if domain.state not in ("suspended", "sleeping"):
        raise Conflict("guest.not_suspended", name=domain.name)
    return domain


def _resume(host: Host, _request: GuestResume, operation: Operation) -> GuestView:
    domain: domains.Domain = operation.decided
    with operation.step("resume"):
        if domain.state in ("suspended", "sleeping"):
            changes.resume(domain)
    return view(host, domain)


def _virsh(*words: str) -> Plan:
    return Plan([" ".join(words)], {}, [shlex.join(["virsh", *words])])


def _plan_reset(_host: Host, _request: GuestReset, domain: domains.Domain) -> Plan:
    return _virsh("reset", domain.name)


def _plan_suspend(_host: Host, _request: GuestSuspend, domain: domains.Domain) -> Plan:
    return _virsh("suspend", domain.name)


def _plan_resume(_host: Host, _request: GuestResume, domain: domains.Domain) -> Plan:
    return _virsh("dompmwakeup" if domain.state == "sleeping" else "resume", domain.name)


VERBS = {
    "guest.reset": Verb(
        "guest.reset", GuestReset, GuestView, _check_reset, _reset, steps=("reset",), plan=_plan_reset
    ),
    "guest.suspend": Verb(
        "guest.suspend",
        GuestSuspend,
        GuestView,
        _check_suspend,
        _suspend,
        steps=("suspend",),
        plan=_plan_suspend,
    ),
    "guest.resume": Verb(
        "guest.resume", GuestResume, GuestView, _check_resume, _resume, steps=("resume",), plan=_plan_resume
    ),
}
