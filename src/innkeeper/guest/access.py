"""Ways in: serial console, ssh, and a picture of the screen."""

from __future__ import annotations

import os
import shlex
import socket
import time
from typing import TYPE_CHECKING

from innkeeper.errors import Conflict, Unsupported, WaitTimeout
from innkeeper.guest import addresses, metadata
from innkeeper.guest.naming import find
from innkeeper.guest.screens import png_of_ppm
from innkeeper.libvirtxml import Domain
from innkeeper.machine import SshMachine, local
from innkeeper.schema.guest import GuestConsole, GuestScreenshot, GuestSsh, Screenshot, SshTarget
from innkeeper.schema.names import check_user
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import console
from innkeeper.virt.domains import STATES_WITH_SCREEN

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.virt import domains

__all__ = ["VERBS"]

OWN_KEY = "innkeeper_ed25519"
"""In ~/.ssh, where script/up makes it."""
_KNOWN_HOSTS = (
    "-o",
    "StrictHostKeyChecking=no",
    "-o",
    "UserKnownHostsFile=/dev/null",
    "-o",
    "LogLevel=ERROR",
)
"""A guest's key is made at its first boot, its address may have been another's: there is nothing to compare."""


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
    document = Domain.from_xml(domain.xml(live=True))
    if not document.devices.interfaces:
        raise Unsupported("guest.no_network", name=domain.name)
    facts = metadata.read(document)
    if facts.login == "serial":
        raise Unsupported("guest.no_ssh", name=domain.name, image=facts.image)
    return domain


def _ssh(host: Host, request: GuestSsh, operation: Operation) -> SshTarget:
    """An address of the guest; over a host reached by ssh the way leads through that host."""
    domain: domains.Domain = operation.decided
    document = Domain.from_xml(domain.xml(live=True))
    user = request.user or metadata.read(document).user or "root"
    check_user(user)  # the guest's document says it, which others may have written
    deadline = time.monotonic() + (request.wait or 0.0)
    if all(card.type == "user" for card in document.devices.interfaces):
        address, port = "127.0.0.1", forward(domain, 22)
    else:
        address, port = _address(host, domain, deadline, operation), 22
    if request.wait and not isinstance(host.machine, SshMachine):
        _wait_for_ssh(domain, address, port, deadline, operation)
    options = [*_KNOWN_HOSTS, *_identities(), *(("-p", str(port)) if port != 22 else ())]
    if isinstance(host.machine, SshMachine):
        options += ["-o", f"ProxyCommand={host.machine.proxy_command}"]
    return SshTarget(
        name=domain.name, user=user, address=address, port=port, argv=("ssh", *options, f"{user}@{address}")
    )


def _identities() -> list[str]:
    """The key that script/up made for who had none, and with it those that ssh would have tried without being told."""
    files, directory = local().files, os.path.expanduser("~/.ssh")
    if not files.exists(f"{directory}/{OWN_KEY}"):
        return []
    tried = [f"{directory}/{name}" for name in (OWN_KEY, "id_ed25519", "id_ecdsa", "id_rsa")]
    return [word for path in tried if files.exists(path) for word in ("-i", path)]


def _address(host: Host, domain: domains.Domain, deadline: float, operation: Operation) -> str:
    while not (found := addresses.of(host, domain)):
        if time.monotonic() >= deadline:
            raise WaitTimeout("guest.no_address", name=domain.name)
        operation.check_cancel()
        time.sleep(0.5)
    return found[0]


def _wait_for_ssh(
    domain: domains.Domain, address: str, port: int, deadline: float, operation: Operation
) -> None:
    """An address, and the agent, come before sshd: wait for its greeting (RFC 4253, 4.2)."""
    while not _greets(address, port):
        if time.monotonic() >= deadline:
            raise WaitTimeout("guest.ssh_silent", name=domain.name, address=address)
        operation.check_cancel()
        time.sleep(0.5)


def _greets(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=5) as connection:
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False


def forward(domain: domains.Domain, port: int) -> int:
    """A port of this computer's loopback that leads to a port of a guest on QEMU's user networking.

    QEMU's monitor makes it for as long as the guest runs (hmp-commands.hx, hostfwd_add); one that is there is reused.
    """
    for line in domain.monitor("info usernet").splitlines():
        words = line.split()
        if len(words) >= 6 and words[0] == "TCP[HOST_FORWARD]" and words[5] == str(port):
            return int(words[3])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    answer = domain.monitor(f"hostfwd_add tcp:127.0.0.1:{free}-:{port}").strip()
    if answer:
        raise Unsupported("guest.no_forward", name=domain.name, detail=answer)
    return free


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
