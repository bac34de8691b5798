"""Ways in: serial console, ssh, and a picture of the screen."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper.errors import Conflict, Unsupported
from innkeeper.guest import metadata
from innkeeper.guest.naming import find
from innkeeper.guest.screen.screens import png_of_ppm
from innkeeper.guest.within import reaching
from innkeeper.libvirtxml import Domain
from innkeeper.schema.guest import GuestConsole, GuestScreenshot, GuestSsh, Screenshot, SshTarget
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import console
from innkeeper.virt.domains import STATES_WITH_SCREEN

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.virt import domains

__all__ = ["VERBS"]


def _running(host: Host, name: str) -> domains.Domain:
    domain = find(host, name)
    if not domain.active:
        raise Conflict("guest.not_running", name=domain.name)
    return domain


def _check_console(host: Host, request: GuestConsole) -> domains.Domain:
    domain = _running(host, request.name)
    document = Domain.from_xml(domain.xml(live=True))
    if not document.devices.consoles and not document.devices.serials:
        raise Unsupported("guest.no_serial", name=domain.name)
    first = (document.devices.consoles or document.devices.serials)[0]
    if first.type == "pty" and first.source.path is None:
        # While QEMU is being started. libvirt would say it as it says that somebody else has the console.
        raise Conflict("guest.not_running", name=domain.name)
    return domain


def _console(_host: Host, request: GuestConsole, operation: Operation) -> console.Console:
    domain: domains.Domain = operation.decided
    return domain.console(request.force)


def _check_screenshot(host: Host, request: GuestScreenshot) -> domains.Domain:
    domain = _running(host, request.name)
    if domain.state not in STATES_WITH_SCREEN:
        raise Conflict("guest.not_running", name=domain.name)
    if not Domain.from_xml(domain.xml(live=True)).devices.videos:
        raise Unsupported("guest.no_screen", name=domain.name)
    return domain


def _screenshot(_host: Host, _request: GuestScreenshot, operation: Operation) -> Screenshot:
    domain: domains.Domain = operation.decided
    pieces: list[bytes] = []
    kind = domain.screenshot(pieces.append)
    data = b"".join(pieces)
    if kind == "image/x-portable-pixmap":
        kind, data = "image/png", png_of_ppm(data)
    return Screenshot(name=domain.name, media_type=kind, data=data)


def _check_ssh(host: Host, request: GuestSsh) -> domains.Domain:
    domain = _running(host, request.name)
    reaching.refuse(domain, Domain.from_xml(domain.xml(live=True)), request.user)
    return domain


def _ssh(host: Host, request: GuestSsh, operation: Operation) -> SshTarget:
    """An address of the guest; over a host reached by ssh the way leads through that host."""
    domain: domains.Domain = operation.decided
    document = Domain.from_xml(domain.xml(live=True))
    user = reaching.refuse(domain, document, request.user)
    return reaching.target(host, domain, document, user, request.wait, operation.check_cancel)


def _plan_ssh(_host: Host, request: GuestSsh, domain: domains.Domain) -> Plan:
    user = request.user or metadata.of_domain(domain).user or "root"
    return Plan([f"log in to {domain.name}"], {}, [f"virsh domifaddr {domain.name}", f"ssh {user}@ADDRESS"])


def _plan_console(_host: Host, request: GuestConsole, _domain: domains.Domain) -> Plan:
    force = " --force" if request.force else " --safe"
    return Plan([f"open the serial console of {request.name}"], {}, [f"virsh console {request.name}{force}"])


def _plan_screenshot(_host: Host, request: GuestScreenshot, _domain: domains.Domain) -> Plan:
    return Plan(
        [f"draw the screen of {request.name}"],
        {},
        [f"virsh screenshot {shlex.quote(request.name)} screen.png"],
    )


VERBS = {
    "guest.console": Verb(
        "guest.console", GuestConsole, console.Console, _check_console, _console, plan=_plan_console
    ),
    "guest.ssh": Verb("guest.ssh", GuestSsh, SshTarget, _check_ssh, _ssh, plan=_plan_ssh),
    "guest.screenshot": Verb(
        "guest.screenshot", GuestScreenshot, Screenshot, _check_screenshot, _screenshot, plan=_plan_screenshot
    ),
}
