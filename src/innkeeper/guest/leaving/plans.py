"""What `--dry-run` and `--explain` show of deleting, undeleting and purging."""

from __future__ import annotations

import shlex
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from innkeeper.guest import firmware, metadata
from innkeeper.guest.running.waiting import log_path
from innkeeper.libvirtxml import Domain
from innkeeper.network import reservations
from innkeeper.schema.guest import GuestDelete, GuestPurge, GuestUndelete
from innkeeper.schema.names import DELETED, mark, unmark
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


def deleting(host: Host, _request: GuestDelete, domain: domains.Domain) -> Plan:
    """Off, without autostart, under a marked name."""
    name, when = domain.name, time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    renamed = renaming(host, domain, mark(name, DELETED, when))
    commands = [_virsh("destroy", name)] if domain.active else []
    if domain.autostart:
        commands += [*_note_autostart(domain, name, True), _virsh("autostart", "--disable", name)]
    return Plan([f"move {name} to the bin"], renamed.documents, [*commands, *renamed.commands])


def undeleting(_host: Host, request: GuestUndelete, domain: domains.Domain) -> Plan:
    name = request.new_name or unmark(domain.name)[0]
    commands = [_virsh("domrename", domain.name, name)]
    if metadata.of_domain(domain).autostart == "yes":
        commands += [_virsh("autostart", name), *_note_autostart(domain, name, False)]
    return Plan([f"take {name} out of the bin"], {}, commands)


def _note_autostart(domain: domains.Domain, name: str, autostart: bool) -> list[str]:
    facts = replace(metadata.of_domain(domain), autostart="yes" if autostart else None)
    text = etree.tostring(facts.to_element(prefix=""), encoding="unicode")
    change = ["--remove"] if facts == metadata.Facts() else ["--key", metadata.PREFIX, "--set", text]
    return [_virsh("metadata", name, metadata.NAMESPACE, "--config", *change)]


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
