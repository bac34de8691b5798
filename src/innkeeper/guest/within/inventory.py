"""How ssh gets to guests, for ssh's own configuration and for what builds on it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from innkeeper.errors import InnkeeperError
from innkeeper.guest.naming import find
from innkeeper.guest.within import reaching
from innkeeper.libvirtxml import Domain
from innkeeper.schema.guest_agent import GuestSshConfig, SshConfig, SshHost
from innkeeper.schema.names import MARK
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import domains

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS"]

_AT_ONCE = 8
"""Guests whose agents are asked beside each other: one that keeps silent costs seconds."""


def _check(host: Host, request: GuestSshConfig) -> list[domains.Domain]:
    if request.names:
        return [find(host, name) for name in dict.fromkeys(request.names)]
    rows = domains.rows(host.virt)
    found = [domains.find(host.virt, row.uuid) for row in rows if MARK not in row.name]
    return sorted((domain for domain in found if domain), key=lambda domain: domain.name)


def _run(host: Host, _request: GuestSshConfig, operation: Operation) -> SshConfig:
    guests: list[domains.Domain] = operation.decided
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return SshConfig(uri=host.uri, hosts=tuple(pool.map(lambda guest: _host(host, guest), guests)))


def _host(host: Host, guest: domains.Domain) -> SshHost:
    try:
        if not guest.active:
            return SshHost(name=guest.name, why_not="guest.not_running")
        document = Domain.from_xml(guest.xml(live=True))
        user = reaching.refuse(guest, document, None)
        found = reaching.address_of(host, guest, document)
    except InnkeeperError as error:
        facts = {key: str(value) for key, value in error.facts.items()}
        return SshHost(name=guest.name, why_not=error.code, why_facts=facts)
    if found is None:
        return SshHost(name=guest.name, why_not="guest.no_address")
    return SshHost(
        name=guest.name,
        address=found[0],
        port=found[1],
        user=user,
        identities=tuple(reaching.identities()),
        proxy=reaching.proxy(host),
    )


def _plan(_host: Host, request: GuestSshConfig, guests: list[domains.Domain]) -> Plan:
    import shlex

    names = [guest.name for guest in guests if guest.active]
    lines = [f"virsh domifaddr {shlex.quote(name)}" for name in names]
    return Plan([f"tell how ssh reaches {', '.join(request.names) or 'every guest'}"], {}, lines)


VERBS = {"guest.ssh_config": Verb("guest.ssh_config", GuestSshConfig, SshConfig, _check, _run, plan=_plan)}
