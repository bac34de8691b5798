"""What creating a guest amounts to, in documents and in the commands of libvirt's own tools."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from innkeeper.guest import serial_log
from innkeeper.guest.document import build
from innkeeper.guest.draft import Draft
from innkeeper.guest.metadata import Facts
from innkeeper.libvirtxml.build import element
from innkeeper.schema.guest import GuestCreate
from innkeeper.schema.sizes import format_size
from innkeeper.storage import volumes
from innkeeper.verbs import Plan

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["plan"]


def plan(host: Host, request: GuestCreate, drafts: list[Draft]) -> Plan:
    """The plan of `guest.create`. In a dry run the random parts (UUIDs, MACs) are those of one possible run."""
    from innkeeper.guest.creation import facts

    summary: list[str] = []
    documents: dict[str, str] = {}
    commands: list[str] = []
    for draft in drafts:
        kept = facts(draft, "")
        log_file = f"{serial_log.directory(host)}/{draft.stem}.serial.log"
        summary.append(_summary(draft))
        documents |= _documents(draft, log_file, kept)
        commands += _commands(draft, request)
    return Plan(summary, documents, commands)


def _summary(draft: Draft) -> str:
    machine, source = draft.machine, draft.source
    made = "use" if source.path else "copy" if source.copy_of else "make"
    return (
        f"{draft.name}: {machine.cpus} CPUs, {format_size(machine.memory)} memory, "
        f"{made} disk {draft.disk_path} ({format_size(source.capacity)}), "
        f"network {', '.join(machine.networks) or '-'}, {machine.firmware}, "
        f"{'kvm' if machine.kind == 'kvm' else 'tcg'}"
    )


def _documents(draft: Draft, log_file: str, kept: Facts) -> dict[str, str]:
    found = {f"{draft.name}.xml": build(draft, draft.name, log_file, kept).to_xml()}
    if draft.disk_volume:
        source = draft.source
        volume = volumes.describe(draft.disk_volume, source.capacity, source.format, backing=source.backing)
        found[f"{draft.disk_volume}.xml"] = volume.to_xml()
    if draft.answers:
        found |= {f"{draft.name}-seed/{name}": text for name, text in _shown(draft).items()}
    return found


def _shown(draft: Draft) -> dict[str, str]:
    """The seed's files; a password is not shown."""
    assert draft.answers is not None
    hidden = None if draft.answers.password is None else "********"
    return replace(draft.answers, password=hidden).files


def _commands(draft: Draft, request: GuestCreate) -> list[str]:
    name, pool = draft.name, draft.pool
    commands: list[str] = []
    if draft.source.copy_of:
        from innkeeper.image.catalogue import POOL

        parts = [
            "vol-create-from",
            pool,
            f"{draft.disk_volume}.xml",
            draft.source.copy_of,
            "--inputpool",
            POOL,
        ]
        commands.append(shlex.join(["virsh", *parts]))
        grow = ["vol-resize", "--pool", pool, str(draft.disk_volume), str(draft.source.capacity)]
        commands.append(shlex.join(["virsh", *grow]))
    elif draft.disk_volume:
        commands.append(shlex.join(["virsh", "vol-create", pool, f"{draft.disk_volume}.xml"]))
    if draft.seed_volume:
        seed = draft.seed_volume
        iso = ["xorrisofs", "-quiet", "-volid", "cidata", "-joliet", "-rock", "-output", seed, f"{name}-seed"]
        size = f'"$(stat -c %s {shlex.quote(seed)})"'
        commands += [
            shlex.join(iso),
            f"virsh vol-create-as {shlex.quote(pool)} {shlex.quote(seed)} {size} --allocation 0 --format raw",
            shlex.join(["virsh", "vol-upload", "--pool", pool, seed, seed]),
        ]
    if draft.ip:
        entry = etree.tostring(element("host", {"mac": draft.macs[0], "ip": draft.ip}), encoding="unicode")
        network = draft.machine.networks[0]
        update = ["net-update", network, "add", "ip-dhcp-host", entry, "--live", "--config"]
        commands.append(shlex.join(["virsh", *update]))
    commands.append(shlex.join(["virsh", "define", "--validate", f"{name}.xml"]))
    if request.start:
        commands.append(shlex.join(["virsh", "start", name]))
    return commands
