"""What `--dry-run` and `--explain` show of backups."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper.backup import copying
from innkeeper.backup.freezing import can_freeze
from innkeeper.guest.changing.difference import masked
from innkeeper.messages.lookup import text as message
from innkeeper.schema.kept import DOCUMENT, SUMS
from innkeeper.schema.sizes import format_size
from innkeeper.tools import qemu_img
from innkeeper.verbs import Plan

if TYPE_CHECKING:
    from innkeeper.backup.making import Draft
    from innkeeper.backup.restoring import Draft as Restored

__all__ = ["creating", "restoring"]


def creating(draft: Draft, freeze: bool) -> Plan:
    """Its disks by virsh or qemu-img, its document, the sums. What Innkeeper itself notes (guest.json) is left out."""
    parts, path, name = draft.parts, draft.path, draft.parts.domain.name
    told = [f"back up {name} to {path}"]
    told += [f"copy {disk.target} ({format_size(draft.capacities[disk.target])})" for disk in parts.disks]
    documents = {DOCUMENT: masked(parts.document.to_xml())}
    commands = [_line("mkdir", "-p", "-m", "711", draft.place.path)] if not draft.place.said else []
    commands.append(_line("mkdir", "-m", "711" if draft.live else "700", path))
    if draft.live:
        job = f"{name}.backup.xml"
        documents[job] = copying.describe(draft.copies).to_xml()
        told.append("all disks at one moment")
        commands += _live(draft, job, freeze and can_freeze(parts.domain) is None)
    else:
        for disk in parts.disks:
            source = qemu_img.name_of(*copying.chain(disk))
            target = draft.copies[disk.target]
            commands.append(_line("qemu-img", "convert", "-O", copying.FORMAT, source, target))
    beside = [part for part in (parts.nvram, *parts.tpm) if part is not None]
    commands += [_line("cp", part.path, f"{path}/{part.name}") for part in beside]
    commands.append(_line("cp", DOCUMENT, path))
    commands.append(f"(cd {shlex.quote(path)} && sha256sum * >{SUMS})")
    return Plan(told, documents, commands)


def restoring(draft: Restored, leaving: Plan | None) -> Plan:
    """The files where its disks will be, and its document; before that the way of another guest to the bin."""
    newcomer, record = draft.newcomer, draft.record
    told = [*(leaving.summary if leaving else ()), f"restore {draft.name} from {record.path}"]
    told += [message(note.text, "en", **note.facts) for note in newcomer.notes]
    file = f"{draft.name}.xml"
    documents = {**(leaving.documents if leaving else {}), file: masked(newcomer.document.to_xml())}
    commands = [f"cd {shlex.quote(record.path)} && sha256sum -c --quiet {SUMS} && cd -"]
    commands += leaving.commands if leaving else ()
    for name in newcomer.volumes:
        commands.append(_line("cp", "--sparse=auto", f"{record.path}/{name}", newcomer.paths[name]))
    if newcomer.kept.nvram and newcomer.nvram_path:
        commands.append(_line("cp", f"{record.path}/{newcomer.kept.nvram.name}", newcomer.nvram_path))
    for state in newcomer.kept.tpm if newcomer.tpm_directory else ():
        commands.append(_line("mkdir", "-p", newcomer.tpm_directory or ""))
        commands.append(_line("cp", f"{record.path}/{state.name}", f"{newcomer.tpm_directory}/{state.name}"))
    commands += [_line("virsh", "pool-refresh", newcomer.pool), _line("virsh", "define", file)]
    return Plan(told, documents, commands)


def _live(draft: Draft, job: str, freeze: bool) -> list[str]:
    name = draft.parts.domain.name
    made = [
        _line("qemu-img", "create", "-q", "-f", copying.FORMAT, path, str(draft.capacities[target]))
        for target, path in draft.copies.items()
    ]
    begin = _line("virsh", "backup-begin", name, job, "--reuse-external")
    if freeze:
        frozen, thawed = _line("virsh", "domfsfreeze", name), _line("virsh", "domfsthaw", name)
        begin = f"{frozen} && {{ {begin}; begun=$?; {thawed}; [ $begun = 0 ]; }}"
    over = _line("virsh", "domjobinfo", name)
    return [*made, begin, f"while {over} | grep -q Backup; do sleep 1; done"]


def _line(*words: str) -> str:
    return shlex.join(words)
