"""What `--dry-run` and `--explain` show of backups."""

from __future__ import annotations

import shlex
from copy import deepcopy
from typing import TYPE_CHECKING

from innkeeper.backup import copying
from innkeeper.backup.freezing import can_freeze
from innkeeper.guest.changing.difference import masked
from innkeeper.guest.keeping.parts import names_of
from innkeeper.libvirtxml import Domain
from innkeeper.messages import text as text_of
from innkeeper.schema.kept import DOCUMENT, SUMS
from innkeeper.schema.sizes import format_size
from innkeeper.storage import volumes
from innkeeper.tools import qemu_img
from innkeeper.verbs import Plan

if TYPE_CHECKING:
    from innkeeper.backup.making import Draft
    from innkeeper.backup.restoring import Draft as Restored
    from innkeeper.guest.keeping.rebuild import Newcomer

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
        commands += _layers(draft)
        for disk in parts.disks:
            if draft.as_they_are[disk.target]:
                continue
            source = qemu_img.name_of(*copying.chain(disk))
            target = draft.copies[disk.target]
            commands.append(_line("qemu-img", "convert", "-O", copying.FORMAT, source, target))
    beside = [part for part in (parts.nvram, *parts.tpm) if part is not None]
    commands += [_line("cp", part.path, f"{path}/{part.name}") for part in beside]
    commands.append(_line("cp", DOCUMENT, path))
    commands.append(f"(cd {shlex.quote(path)} && sha256sum * >{SUMS})")
    return Plan(told, documents, commands)


def _layers(draft: Draft) -> list[str]:
    """Files that are copied as they are; each is told the name of the copy below it."""
    names, commands = names_of(draft.parts), dict[str, None]()
    for disk in draft.parts.disks:
        if not draft.as_they_are[disk.target]:
            continue
        for file, below in zip(disk.files, (*disk.files[1:], None), strict=True):
            copy = f"{draft.path}/{names[file.path]}"
            commands[_line("cp", "--sparse=always", file.path, copy)] = None
            if below is not None:
                rebase = ("qemu-img", "rebase", "-u", "-f", file.format, "-F", below.format)
                commands[_line(*rebase, "-b", names[below.path], copy)] = None
    return list(commands)


def restoring(draft: Restored, leaving: Plan | None) -> Plan:
    """Its volumes filled from the files, and its document; before that the way of another guest to the bin."""
    newcomer, directory = draft.newcomer, draft.record.path
    document = Domain(deepcopy(newcomer.document.node))
    document.name = draft.name
    document.metadata.set(newcomer.facts.to_element())
    told = [*(leaving.summary if leaving else ()), f"restore {draft.name} from {directory}"]
    told += [text_of(note.text, **note.facts) for note in newcomer.notes]
    documents = {**(leaving.documents if leaving else {})}
    commands = [f"(cd {shlex.quote(directory)} && sha256sum -c --quiet {SUMS})"]
    commands += leaving.commands if leaving else ()
    sizes = {file.name: file.size for file in newcomer.kept.files}
    for name, volume in newcomer.volumes.items():
        documents[f"{volume}.xml"] = volumes.describe(volume, sizes[name], "raw").to_xml()
        upload = ("virsh", "vol-upload", "--sparse", "--pool", newcomer.pool, volume, f"{directory}/{name}")
        commands += [_line("virsh", "vol-create", newcomer.pool, f"{volume}.xml"), _line(*upload)]
    for name, place in _beside(newcomer).items():
        commands.append(_line("install", "-D", "-m", "600", f"{directory}/{name}", place))
    commands += [_line("virsh", "pool-refresh", newcomer.pool)] if newcomer.volumes else []
    documents[f"{draft.name}.xml"] = masked(document.to_xml())
    commands.append(_line("virsh", "define", "--validate", f"{draft.name}.xml"))
    return Plan(told, documents, commands)


def _beside(newcomer: Newcomer) -> dict[str, str]:
    """Files that are no volumes → where they go."""
    kept, found = newcomer.kept, dict[str, str]()
    if kept.nvram and newcomer.nvram_path:
        found[kept.nvram.name] = newcomer.nvram_path
    if newcomer.tpm_directory:
        found |= {file.name: f"{newcomer.tpm_directory}/{file.name}" for file in kept.tpm}
    return found


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
