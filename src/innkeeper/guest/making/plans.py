"""What creating a guest amounts to, in documents and in the commands of libvirt's own tools."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from innkeeper.guest.making.document import build
from innkeeper.guest.making.draft import Draft
from innkeeper.guest.metadata import Facts
from innkeeper.guest.watching import serial_log
from innkeeper.libvirtxml.build import element
from innkeeper.schema.guest import GuestCreate
from innkeeper.schema.sizes import format_size
from innkeeper.storage import volumes
from innkeeper.verbs import Plan

if TYPE_CHECKING:
    from innkeeper.guest.making.location import Location
    from innkeeper.host import Host

__all__ = ["plan"]


def plan(host: Host, request: GuestCreate, drafts: list[Draft]) -> Plan:
    """The plan of `guest.create`. In a dry run the random parts (UUIDs, MACs) are those of one possible run."""
    from innkeeper.guest.making.creation import facts

    summary: list[str] = []
    documents: dict[str, str] = {}
    commands = _fetch(drafts[0].location) if drafts[0].location else []
    for draft in drafts:
        kept = facts(draft, "")
        log_file = f"{serial_log.directory(host)}/{draft.stem}.serial.log"
        summary.append(_summary(draft))
        documents |= _documents(draft, log_file, kept)
        commands += _commands(draft, request)
    return Plan(summary, documents, commands)


def _summary(draft: Draft) -> str:
    machine, source = draft.machine, draft.source
    disk = "no disk"
    if source:
        made = "use" if source.path else "copy" if source.copy_of or source.file else "make"
        disk = f"{made} disk {draft.disk_path} ({format_size(source.capacity)})"
    first = [f"CD {draft.medium_path(medium)}" for medium in draft.media]
    first += [f"kernel {draft.location.kernel.source}"] if draft.location else []
    first += ["network boot"] if draft.pxe else []
    return ", ".join(
        [
            f"{draft.name}: {machine.cpus} CPU{'' if machine.cpus == 1 else 's'}",
            f"{format_size(machine.memory)} memory",
            disk,
            *first,
            f"network {', '.join(machine.networks) or '-'}",
            machine.firmware,
            *(["TPM 2.0"] if machine.tpm else []),
            "kvm" if machine.kind == "kvm" else "tcg",
        ]
    )


def _documents(draft: Draft, log_file: str, kept: Facts) -> dict[str, str]:
    found = {f"{draft.name}.xml": build(draft, draft.name, log_file, kept).to_xml()}
    if draft.boots_once:
        first = build(draft, draft.name, log_file, kept, first_boot=True)
        found[f"{draft.name}-first-boot.xml"] = first.to_xml()
    if draft.disk_volume and draft.source and not draft.source.file:
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


def _fetch(location: Location) -> list[str]:
    """Once for all guests of the request."""
    remote = [piece for piece in location.pieces if piece.remote]
    argv = ["curl", "--fail", "--silent", "--show-error", "--location", "--proto-redir", "=http,https"]
    return [shlex.join([*argv, "--output", piece.kind, piece.source]) for piece in remote]


def _commands(draft: Draft, request: GuestCreate) -> list[str]:
    name = draft.name
    commands = [*_disk_commands(draft), *_upload_commands(draft)]
    if draft.seed_volume:
        seed = draft.seed_volume
        iso = ["xorrisofs", "-quiet", "-volid", "cidata", "-joliet", "-rock", "-output", seed, f"{name}-seed"]
        commands += [shlex.join(iso), *_upload(draft.pool, seed, seed)]
    if draft.ip:
        entry = etree.tostring(element("host", {"mac": draft.macs[0], "ip": draft.ip}), encoding="unicode")
        network = draft.machine.networks[0]
        update = ["net-update", network, "add", "ip-dhcp-host", entry, "--live", "--config"]
        commands.append(shlex.join(["virsh", *update]))
    commands.append(shlex.join(["virsh", "define", "--validate", f"{name}.xml"]))
    if request.start and draft.boots_once:
        commands.append(shlex.join(["virsh", "create", "--validate", f"{name}-first-boot.xml"]))
        if request.wait == "installed":
            quoted = shlex.quote(name)
            commands.append(f'until [ "$(virsh domstate {quoted})" = "shut off" ]; do sleep 1; done')
            commands.append(f"virsh start {quoted}")
    elif request.start:
        commands.append(shlex.join(["virsh", "start", name]))
    return commands


def _disk_commands(draft: Draft) -> list[str]:
    pool, volume, source = draft.pool, draft.disk_volume, draft.source
    if volume is None or source is None:
        return []
    if source.file:
        return [*_upload(pool, volume, source.file), shlex.join(["virsh", "pool-refresh", pool])]
    if not source.copy_of:
        return [shlex.join(["virsh", "vol-create", pool, f"{volume}.xml"])]
    from innkeeper.image.catalogue import POOL

    copy = ["vol-create-from", pool, f"{volume}.xml", source.copy_of, "--inputpool", POOL]
    grow = ["vol-resize", "--pool", pool, volume, str(source.capacity)]
    return [shlex.join(["virsh", *copy]), shlex.join(["virsh", *grow])]


def _upload_commands(draft: Draft) -> list[str]:
    """CDs, kernel and initrd become volumes."""
    commands: list[str] = []
    for medium in draft.media:
        if medium.file:
            commands += _upload(draft.pool, str(draft.medium_volume(medium)), medium.file)
    for piece in draft.location.pieces if draft.location else ():
        file = piece.kind if piece.remote else piece.source
        commands += _upload(draft.pool, draft.piece_volume(piece.kind), file)
    return commands


def _upload(pool: str, volume: str, file: str) -> list[str]:
    size = f'"$(stat -L -c %s {shlex.quote(file)})"'
    return [
        f"virsh vol-create-as {shlex.quote(pool)} {shlex.quote(volume)} {size} --allocation 0 --format raw",
        shlex.join(["virsh", "vol-upload", "--pool", pool, volume, file]),
    ]
