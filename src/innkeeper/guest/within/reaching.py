"""How ssh gets to a guest: its address or a forward of QEMU's user networking, the keys, the way through a far host."""

from __future__ import annotations

import os
import secrets
import shlex
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from innkeeper.errors import InnkeeperError, Unsupported, WaitTimeout
from innkeeper.guest import addresses, metadata
from innkeeper.machine import SshMachine, local
from innkeeper.schema.guest import SshTarget
from innkeeper.schema.names import check_user

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml import Domain as Document
    from innkeeper.virt import domains

__all__ = ["UNCHECKED", "address_of", "forward", "identities", "proxy", "refuse", "restore_forward", "target"]

OWN_KEY = "innkeeper_ed25519"
"""In ~/.ssh, where script/up makes it."""

UNCHECKED = {
    "StrictHostKeyChecking": "no",
    "UserKnownHostsFile": "/dev/null",
    "LogLevel": "ERROR",
}
"""A guest's key is made at its first boot, its address may have been another's: there is nothing to compare."""

_ATTEMPTS = 15
"""Tries, a second apart: cloud-init starts sshd anew in a first boot, when `--wait agent` may be over already."""
_CONNECT = 30
"""Seconds that ssh waits for a connection and a greeting; its own limit is the kernel's, minutes."""
_GREETING, _LONGEST_GREETING = 5.0, 60.0
"""Seconds for sshd's first line, doubled from try to try: an emulated guest that is busy takes long for it, and longer
when each try starts another sshd; while a forward takes connections before anybody is there who could answer."""
_PORTS = range(20000, 32000)
"""For forwards that are to stay: below those that the kernel gives away (net.ipv4.ip_local_port_range)."""
_TRIES = 8


def refuse(domain: domains.Domain, document: Document, user: str | None) -> str:
    """The user to log in as. Raises `Unsupported` where no ssh can be, `Invalid` for a user that is none."""
    if not document.devices.interfaces:
        raise Unsupported("guest.no_network", name=domain.name)
    facts = metadata.read(document)
    if facts.login == "serial":
        raise Unsupported("guest.no_ssh", name=domain.name, image=facts.image)
    found = user or facts.user or "root"
    check_user(found)  # the guest's document says it, which others may have written
    return found


def target(
    host: Host,
    domain: domains.Domain,
    document: Document,
    user: str,
    wait: float | None = None,
    check_cancel: Callable[[], None] = lambda: None,
) -> SshTarget:
    """The command line of ssh. `wait` seconds are given to an address and to sshd; none: what is known now.

    Raises `WaitTimeout("guest.no_address")`, `WaitTimeout("guest.ssh_silent")`.
    """
    deadline = time.monotonic() + (wait or 0.0)
    while (found := address_of(host, domain, document)) is None:
        if time.monotonic() >= deadline:
            raise WaitTimeout("guest.no_address", name=domain.name)
        check_cancel()
        time.sleep(0.5)
    address, port = found
    patience = _GREETING
    while wait and not _greets(host, address, port, min(patience, max(deadline - time.monotonic(), 1.0))):
        if time.monotonic() >= deadline:
            raise WaitTimeout("guest.ssh_silent", name=domain.name, address=address)
        check_cancel()
        time.sleep(0.5)
        patience = min(patience * 2, _LONGEST_GREETING)
    options = [word for key, value in UNCHECKED.items() for word in ("-o", f"{key}={value}")]
    options += ["-o", f"ConnectTimeout={_CONNECT}", "-o", f"ConnectionAttempts={_ATTEMPTS}"]
    options += [word for path in identities() for word in ("-i", path)]
    if port != 22:
        options += ["-p", str(port)]
    if through := proxy(host):
        options += ["-o", f"ProxyCommand={through}"]
    argv = ("ssh", *options, f"{user}@{address}")
    return SshTarget(name=domain.name, user=user, address=address, port=port, argv=argv)


def proxy(host: Host) -> str | None:
    """ssh's ProxyCommand, over a host that is itself reached by ssh."""
    return host.machine.proxy_command if isinstance(host.machine, SshMachine) else None


def identities() -> list[str]:
    """The key that script/up made for who had none, and with it those that ssh would have tried without being told."""
    files, directory = local().files, os.path.expanduser("~/.ssh")
    if not files.exists(f"{directory}/{OWN_KEY}"):
        return []
    tried = [f"{directory}/{name}" for name in (OWN_KEY, "id_ed25519", "id_ecdsa", "id_rsa")]
    return [path for path in tried if files.exists(path)]


def address_of(host: Host, domain: domains.Domain, document: Document) -> tuple[str, int] | None:
    """Where its port 22 is, as far as is known now."""
    if all(card.type == "user" for card in document.devices.interfaces):
        return "127.0.0.1", forward(domain, 22)
    found = addresses.of(host, domain)
    return (found[0], 22) if found else None


def _greets(host: Host, address: str, port: int, timeout: float) -> bool:
    """An address, and the agent, come before sshd: it is there when it greets (RFC 4253, 4.2)."""
    if through := proxy(host):
        return _greets_through(through, address, port, timeout + 5.0)
    try:
        with socket.create_connection((address, port), timeout=timeout) as connection:
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False


def _greets_through(through: str, address: str, port: int, timeout: float) -> bool:
    from innkeeper.machine.streaming import STDOUT, carried

    where = f"[{address}]" if ":" in address else address
    argv = [word.replace("%h", where).replace("%p", str(port)) for word in shlex.split(through)]
    try:
        for stream, piece in carried(argv, timeout=timeout):
            if stream == STDOUT:
                return piece.startswith(b"SSH-")
    except InnkeeperError:
        return False
    return False


def forward(domain: domains.Domain, port: int) -> int:
    """A port of the host's loopback that leads to a port of a guest on QEMU's user networking.

    QEMU's monitor makes it for as long as the guest runs (hmp-commands.hx, hostfwd_add); one that is there is used. The
    number is kept with the guest, so that it has the same one in its next run.
    """
    for line in domain.monitor("info usernet").splitlines():
        words = line.split()
        if len(words) >= 6 and words[0] == "TCP[HOST_FORWARD]" and words[5] == str(port):
            return int(words[3])
    facts = metadata.of_domain(domain)
    kept = [int(facts.ssh_port)] if facts.ssh_port and facts.ssh_port.isdigit() else []
    answer = ""
    for number in [*kept, *(secrets.choice(_PORTS) for _ in range(_TRIES))]:
        answer = domain.monitor(f"hostfwd_add tcp:127.0.0.1:{number}-:{port}").strip()
        if not answer:
            if str(number) != facts.ssh_port:
                metadata.write(domain, replace(facts, ssh_port=str(number)))
            return number
    raise Unsupported("guest.no_forward", name=domain.name, detail=answer)


def restore_forward(domain: domains.Domain, facts: metadata.Facts) -> None:
    """After a start: the forward that it had in its last run, so that what is written elsewhere stays true."""
    if facts.ssh_port:
        with suppress(InnkeeperError):  # it runs all the same; who wants the port asks for it and is told
            forward(domain, 22)
