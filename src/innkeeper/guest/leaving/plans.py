"""What `--dry-run` and `--explain` show of deleting, undeleting and purging."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from innkeeper.guest import firmware, metadata
from innkeeper.guest.changing.protection import metadata_commands
from innkeeper.guest.running.waiting import log_path
from innkeeper.libvirtxml import Domain
from innkeeper.network import reservations
from innkeeper.schema.guest import GuestDelete, GuestPurge, GuestUndelete
from innkeeper.schema.names import unmark
from innkeeper.verbs import Plan

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.virt import domains

__all__ = ["deleting", "purging", "renaming", "undeleting"]


def _virsh(*words: str) -> str:
    return shlex.join(["virsh", *words])


def renaming(host: Host, domain: domains.Domain, name: str) -> Plan:
    """The path of firmware variables that libvirt derives from the name is written down first."""
    pinned = firmware.pinned(host, domain)
    documents = {f"{domain.name}.xml": pinned.to_xml()} if pinned else {}
    commands = [_virsh("define", file) for file in documents]
    return Plan(
        [f"rename {domain.name} to {name}"], documents, [*commands, _virsh("domrename", domain.name, name)]
    )


def deleting(host: Host, _request: GuestDelete, decided: tuple[domains.Domain, str]) -> Plan:
    """Off, without autostart, under a marked name."""
    domain, marked = decided
    name, renamed = domain.name, renaming(host, domain, marked)
    *pin, rename = renamed.commands
    commands = [*([_virsh("destroy", name)] if domain.active else []), *pin]
    if domain.autostart:
        noted = replace(metadata.of_domain(domain), autostart="yes")
        commands += [*metadata_commands(domain, noted, off=True)[1], _virsh("autostart", "--disable", name)]
    return Plan([f"move {name} to the bin"], renamed.documents, [*commands, rename])


def undeleting(_host: Host, request: GuestUndelete, domain: domains.Domain) -> Plan:
    name = request.new_name or unmark(domain.name)[0]
    facts = metadata.of_domain(domain)
    documents: dict[str, str] = {}
    commands = [_virsh("domrename", domain.name, name)]
    if facts.autostart == "yes":
        documents, forget = metadata_commands(domain, replace(facts, autostart=None), name)
        commands += [_virsh("autostart", name), *forget]
    return Plan([f"take {name} out of the bin"], documents, commands)


def purging(_host: Host, request: GuestPurge, domain: domains.Domain) -> Plan:
    facts = metadata.of_domain(domain)
    made = () if request.keep_disks else facts.volumes
    commands = [_virsh("vol-delete", "--pool", pool, name) for pool, name in made]
    if facts.address:
        network, mac, ip = facts.address
        entry = reservations.entry(mac, ip)
        commands.append(_virsh("net-update", network, "delete", "ip-dhcp-host", entry, "--live", "--config"))
    kept = ("--managed-save", "--snapshots-metadata", "--checkpoints-metadata", "--nvram")
    commands.append(_virsh("undefine", *kept, domain.name))
    log = log_path(Domain.from_xml(domain.xml()))
    if log and facts.created:
        commands.append(shlex.join(["rm", "-f", log]))
    told = [f"delete {domain.name} for good", *(f"delete volume {pool}/{name}" for pool, name in made)]
    return Plan(told, {}, commands)
