"""Start, stop, reboot."""

from __future__ import annotations

import shlex
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from innkeeper.errors import Conflict, Failed, WaitTimeout
from innkeeper.guest import metadata
from innkeeper.guest.making import sockets
from innkeeper.guest.naming import find
from innkeeper.guest.running import admission, waiting
from innkeeper.guest.running.saving import refuse_boot_wait
from innkeeper.guest.watching.inspection import view
from innkeeper.guest.within import reaching
from innkeeper.libvirtxml import Domain
from innkeeper.schema.guest import GuestReboot, GuestStart, GuestStop, GuestView
from innkeeper.verbs import Plan, Verb

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.virt import domains

__all__ = ["VERBS", "stop_gracefully"]

STOP_TIMEOUT = 120.0
"""Seconds a guest gets to power off by itself."""


def _check_start(host: Host, request: GuestStart) -> domains.Domain:
    domain = find(host, request.name)
    if domain.active:
        raise Conflict("guest.running_already", name=domain.name)
    refuse_boot_wait(domain, request.wait)
    admission.refuse_start(host, domain, request.overcommit)
    _check_wait(host, request.wait, domain)
    return domain


def _check_wait(host: Host, wait: str, domain: domains.Domain) -> None:
    if wait not in ("none", "running"):
        document = Domain.from_xml(domain.xml())
        waiting.refuse(host, wait, document, metadata.read(document))


def _start(host: Host, request: GuestStart, operation: Operation) -> GuestView:
    domain: domains.Domain = operation.decided
    document = Domain.from_xml(domain.xml())
    facts = metadata.read(document)
    waiter = waiting.Waiter(host, request.wait, document, facts)
    with operation.step("start"):
        operation.progress("guest.progress.waking" if domain.saved else "guest.progress.starting")
        if not domain.active:
            sockets.start(host, domain)
        reaching.restore_forward(domain, facts)
    operation.finish()
    waiter.wait(domain, request.timeout, operation)
    return view(host, domain)


def _check_stop(host: Host, request: GuestStop) -> domains.Domain:
    domain = find(host, request.name)
    if not domain.active:
        raise Conflict("guest.not_running", name=domain.name)
    if domain.state == "suspended" and not request.force:
        raise Conflict("guest.suspended", name=domain.name)
    return domain


def _stop(host: Host, request: GuestStop, operation: Operation) -> GuestView:
    domain: domains.Domain = operation.decided
    with operation.step("stop"):
        if request.force:
            domain.destroy()
        else:
            stop_gracefully(domain, request.timeout or STOP_TIMEOUT, operation)
    return view(host, domain)


def stop_gracefully(domain: domains.Domain, timeout: float, operation: Operation) -> None:
    """Ask it to power off and wait until it is.

    Raises `WaitTimeout("guest.still_running")` after `timeout` seconds; the guest goes on.
    """
    began = time.monotonic()
    asked = 0.0
    while domain.active:
        elapsed = time.monotonic() - began
        if elapsed > timeout:
            operation.finish()
            raise WaitTimeout("guest.still_running", name=domain.name, seconds=round(timeout))
        if elapsed >= asked:  # a guest that is still booting does not hear the first time
            try:
                domain.shutdown()
            except (Conflict, Failed):
                if domain.active:
                    raise
            asked += 10.0
        operation.check_cancel()
        operation.progress("guest.progress.stopping", seconds=round(elapsed))
        time.sleep(0.1)


def _check_reboot(host: Host, request: GuestReboot) -> domains.Domain:
    domain = find(host, request.name)
    if not domain.active:
        raise Conflict("guest.not_running", name=domain.name)
    if domain.state == "suspended":
        raise Conflict("guest.suspended", name=domain.name)
    _check_wait(host, request.wait, domain)
    return domain


def _reboot(host: Host, request: GuestReboot, operation: Operation) -> GuestView:
    domain: domains.Domain = operation.decided
    document = Domain.from_xml(domain.xml())
    waiter = waiting.Waiter(host, request.wait, document, metadata.read(document), again=True)
    with operation.step("reboot"):
        operation.progress("guest.progress.rebooting")
        domain.reboot()
    operation.finish()
    waiter.ask = lambda: _ask_again(domain)
    waiter.wait(domain, request.timeout, operation)
    return view(host, domain)


def _ask_again(domain: domains.Domain) -> None:
    """In the middle of its reboot it cannot be asked, and need not be."""
    with suppress(Conflict, Failed):
        domain.reboot()


def _plan_start(_host: Host, request: GuestStart, _domain: domains.Domain) -> Plan:
    return Plan([f"start {request.name}"], {}, [shlex.join(["virsh", "start", request.name])])


def _plan_stop(_host: Host, request: GuestStop, _domain: domains.Domain) -> Plan:
    name = shlex.quote(request.name)
    if request.force:
        return Plan([f"destroy {request.name}"], {}, [f"virsh destroy {name}"])
    # A guest that is still booting does not hear the first time.
    ask = (
        f'until [ "$(virsh domstate {name})" = "shut off" ]; do virsh shutdown {name} || true; sleep 5; done'
    )
    return Plan([f"shut down {request.name}"], {}, [ask])


def _plan_reboot(_host: Host, request: GuestReboot, _domain: domains.Domain) -> Plan:
    return Plan([f"reboot {request.name}"], {}, [shlex.join(["virsh", "reboot", request.name])])


VERBS = {
    "guest.start": Verb(
        "guest.start", GuestStart, GuestView, _check_start, _start, steps=("start",), plan=_plan_start
    ),
    "guest.stop": Verb(
        "guest.stop", GuestStop, GuestView, _check_stop, _stop, steps=("stop",), plan=_plan_stop
    ),
    "guest.reboot": Verb(
        "guest.reboot", GuestReboot, GuestView, _check_reboot, _reboot, steps=("reboot",), plan=_plan_reboot
    ),
}
