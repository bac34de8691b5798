"""What `--dry-run` and `--explain` show of exports and imports: how the same could be done by hand."""

from __future__ import annotations

import shlex
from copy import deepcopy
from typing import TYPE_CHECKING

from innkeeper.guest.keeping import manifest, parts
from innkeeper.libvirtxml import Domain
from innkeeper.machine.filtered import PIPE
from innkeeper.schema.kept import DOCUMENT, MANIFEST, SUMS, KeptFile, Note
from innkeeper.schema.sizes import format_size
from innkeeper.storage import volumes
from innkeeper.verbs import Plan

if TYPE_CHECKING:
    from innkeeper.guest.keeping.rebuild import Newcomer
    from innkeeper.host import Host
    from innkeeper.schema.guest import GuestCreate
    from innkeeper.schema.guest_export import GuestExport

__all__ = ["exporting", "importing"]

_WHOLE = "0" * 16
"""A file as one piece, from its beginning."""


def exporting(host: Host, request: GuestExport, found: parts.Parts) -> Plan:
    """By hand each file is one piece, its holes zeros; `inn` reads that too."""
    from innkeeper.guest.keeping.exporting import PACKERS

    kept = parts.describe(found, 0.0)
    documents = {MANIFEST: manifest.encode(kept).decode(), DOCUMENT: found.document.to_xml()}
    paths = {name: path for path, name in parts.names_of(found).items()}
    paths |= {file.name: file.path for file in (found.nvram, *found.tpm) if file}
    paths |= {name: file.path for name, file in (("kernel", found.kernel), ("initrd", found.initrd)) if file}
    commands: list[str] = []
    for file in kept.files:
        piece = f"{file.name}/{_WHOLE}"
        commands += [f"mkdir {file.name}", shlex.join(["cp", "--sparse=always", paths[file.name], piece])]
    for disk in kept.disks:
        for file, below in zip(disk.files, disk.files[1:], strict=False):
            rebase = ["qemu-img", "rebase", "-u", "-f", file.format, "-F", below.format, "-b", below.name]
            commands.append(shlex.join([*rebase, f"{file.name}/{_WHOLE}"]))
    pieces = [f"{file.name}/{_WHOLE}" for file in kept.files if file.size]
    commands.append(shlex.join(["sha256sum", MANIFEST, DOCUMENT, *pieces]) + f" > {SUMS}")
    packer = PACKERS[request.compress]
    tar = ["tar", "--create", "--format=gnu", "--owner=0", "--group=0", MANIFEST, DOCUMENT, *pieces, SUMS]
    packed = f" | {shlex.join(packer)}" if packer else ""
    into = "" if request.file == PIPE else f" > {shlex.quote(request.file)}"
    commands.append(shlex.join(tar) + packed + into)
    if found.state != "stopped" and found.disks:
        commands.insert(0, "# first: virsh backup-begin, and its copies instead of these disks")
    size = format_size(sum(file.size if file.data is None else file.data for file in kept.files))
    told = f"export {found.name} ({found.state}, {size}) to {request.file}"
    return Plan([told, *map(_told, kept.notes)], documents, commands)


def _told(note: Note) -> str:
    from innkeeper import messages

    return messages.text(note.text, **note.facts)


def importing(_host: Host, request: GuestCreate, newcomer: Newcomer) -> Plan:
    """Take it apart, put its volumes there, define it."""
    kept = newcomer.kept
    document = Domain(deepcopy(newcomer.document.node))
    document.name = newcomer.name
    document.metadata.set(newcomer.facts.to_element())
    documents = {f"{newcomer.name}.xml": document.to_xml()}
    files = {file.name: file for file in kept.files}
    for name, volume in newcomer.volumes.items():
        documents[f"{volume}.xml"] = volumes.describe(volume, files[name].size, "raw").to_xml()
    commands = [
        _apart(request.bundle or PIPE),
        f"sha256sum --check --quiet {SUMS}",
        *_state_commands(newcomer, files),
        *_volume_commands(newcomer, files),
        shlex.join(["virsh", "define", "--validate", f"{newcomer.name}.xml"]),
        *([shlex.join(["virsh", "start", newcomer.name])] if request.start else []),
    ]
    size = format_size(sum(file.size if file.data is None else file.data for file in kept.files))
    told = f"import {kept.name} as {newcomer.name} ({size}) into pool {newcomer.pool}"
    return Plan([told, *map(_told, (*kept.notes, *newcomer.notes))], documents, commands)


def _state_commands(newcomer: Newcomer, files: dict[str, KeptFile]) -> list[str]:
    """Firmware variables and TPM."""
    kept, directory = newcomer.kept, newcomer.tpm_directory
    places = {kept.nvram.name: newcomer.nvram_path} if kept.nvram else {}
    places |= {file.name: f"{directory}/{file.name}" for file in kept.tpm if directory}
    commands: list[str] = []
    for name, place in places.items():
        if place:
            install = shlex.join(["install", "-D", "-m", "600", f"{name}.whole", place])
            commands += [*_joined(files[name]), install]
    return commands


def _volume_commands(newcomer: Newcomer, files: dict[str, KeptFile]) -> list[str]:
    """Disks, and the kernel."""
    pool, commands = newcomer.pool, list[str]()
    pairs = (zip(disk.files, disk.files[1:], strict=False) for disk in newcomer.kept.disks)
    below = {file.name: under for pair in pairs for file, under in pair}
    for name, volume in newcomer.volumes.items():
        commands += _joined(files[name])
        if name in below:
            under = below[name]
            rebase = ["qemu-img", "rebase", "-u", "-f", files[name].format, "-F", under.format]
            commands.append(shlex.join([*rebase, "-b", newcomer.paths[under.name], f"{name}.whole"]))
        upload = ["vol-upload", "--sparse", "--pool", pool, volume, f"{name}.whole"]
        commands.append(shlex.join(["virsh", "vol-create", pool, f"{volume}.xml"]))
        commands.append(shlex.join(["virsh", *upload]))
    return [*commands, f"virsh pool-refresh {shlex.quote(pool)}"] if commands else []


def _apart(bundle: str) -> str:
    """zstd -dcf and gzip -dcf pass on what is not packed; zstd unpacks gzip's too."""
    source = "" if bundle == PIPE else f" < {shlex.quote(bundle)}"
    return f"zstd -dcfq{source} | tar --extract"


def _joined(file: KeptFile) -> list[str]:
    """A file of its pieces, each at its offset."""
    name = file.name
    seek = 'seek="$(expr "$(basename "$piece")" + 0)"'
    dd = f'dd if="$piece" of={name}.whole bs=1M oflag=seek_bytes {seek} conv=notrunc,sparse status=none'
    return [f"truncate -s {file.size} {name}.whole", f"for piece in {name}/*; do {dd}; done"]
