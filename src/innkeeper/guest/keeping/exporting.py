"""`guest.export`: a guest as one file, or as a stream."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from innkeeper.errors import Failed, Invalid, Unsupported
from innkeeper.guest import naming
from innkeeper.guest.keeping import bundle, chains, moment, parts
from innkeeper.guest.keeping.chains import ChainFile
from innkeeper.guest.keeping.parts import Parts
from innkeeper.machine import local
from innkeeper.machine.filtered import PIPE, Outgoing, draft_name, is_terminal, refuse_taken
from innkeeper.schema.guest_export import GuestExport, GuestExported
from innkeeper.schema.kept import KeptFile, KeptGuest
from innkeeper.tools import programs, qcow2
from innkeeper.verbs import Plan, Verb

if TYPE_CHECKING:
    from innkeeper.guest.keeping.moment import Moment
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["PACKERS", "VERBS", "delete_draft"]

PACKERS: dict[str, tuple[str, ...]] = {
    "zstd": ("zstd", "-1", "-T0", "-q", "-c"),
    "gzip": ("gzip", "-1", "-c"),
    "none": (),
}
"""How the stream is packed: so that the disks, not the packing, set the pace."""
_PIECE = 1 << 20


@dataclass(frozen=True)
class Draft:
    """What was decided."""

    parts: Parts
    running: bool


def _check(host: Host, request: GuestExport) -> Draft:
    if request.file == PIPE:
        if is_terminal(1):
            raise Invalid("kept.to_terminal")
    else:
        refuse_taken(request.file)
        _refuse_directory(request.file)
    packer = PACKERS[request.compress]
    absent = programs.missing(local(), {packer[0]: packer[0]}) if packer else {}
    if absent:
        raise Unsupported("kept.no_packer", program=packer[0])
    domain = naming.find(host, request.name)
    found = parts.gather(host, domain, request.without)
    running = found.state != "stopped"
    if running and found.disks:
        moment.refuse(host, found)
    return Draft(found, running)


def _refuse_directory(path: str) -> None:
    directory = path.rpartition("/")[0] or "/"
    if not local().files.exists(directory):
        raise Invalid("kept.no_directory", path=path, directory=directory)


def _run(host: Host, request: GuestExport, operation: Operation) -> GuestExported:
    draft: Draft = operation.decided
    held: Moment | None = None
    if draft.running and draft.parts.disks:
        with operation.step("copy"):
            held = moment.capture(host, draft.parts, operation, request.freeze)
    kept = parts.describe(draft.parts, float(round(time.time())))
    kept = held.describe(kept) if held else kept
    path = draft_name(request.file) if request.file != PIPE else None
    if path:
        operation.undo("guest.export_draft", path=path)
    with operation.step("write"), Outgoing(request.file, path, PACKERS[request.compress]) as out:
        data = _write(host, operation, draft, kept, held, out)
        if not draft.running and draft.parts.domain.active:
            raise Failed("kept.started", name=draft.parts.name)
        operation.check_cancel()
        out.finish()
        size = None if request.file == PIPE else local().files.size(request.file)
        view = GuestExported(
            name=draft.parts.name,
            file=request.file,
            size=size,
            data=data,
            state=kept.state,
            frozen=kept.frozen,
            notes=kept.notes,
        )
        operation.answer(view)  # it is whole, and stays
    with operation.step("publish"):
        if held:
            moment.delete(host, next(iter(held.files.values())).path.rpartition("/")[0])
    return view


def _write(
    host: Host, operation: Operation, draft: Draft, kept: KeptGuest, held: Moment | None, out: Outgoing
) -> int:
    """Bytes of the guest's files that were written."""
    whole = sum(file.data if file.data is not None else file.size for file in kept.files) or 1
    done = 0

    def counted(pieces: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
        nonlocal done
        for offset, data in pieces:
            done += len(data)
            operation.check_cancel()
            operation.progress("kept.progress.write", min(done / whole, 1.0))
            yield offset, data

    with bundle.Writer(out.write) as writer:
        writer.head(kept, draft.parts.document.to_xml())
        for file, pieces in sources(host, draft.parts, kept, held):
            writer.file(file, counted(pieces))
        writer.end()
    return done


def sources(
    host: Host, found: Parts, kept: KeptGuest, held: Moment | None
) -> Iterator[tuple[KeptFile, Iterator[tuple[int, bytes]]]]:
    """Every file with its bytes, in the order of the stream; each name of a file below as it is in the bundle."""
    small = {file.name: file for file in (found.nvram, *found.tpm) if file is not None}
    large = {file.name: file for file in _large(found, held, kept)}
    below = {
        file.name: under
        for disk in kept.disks
        for file, under in zip(disk.files, disk.files[1:], strict=False)
    }
    for file in kept.files:
        if file.name in small:
            yield file, _small(host, small[file.name].path)
            continue
        pieces = chains.pieces(host, large[file.name].file)
        under = below.get(file.name)
        if under is not None:
            pieces = qcow2.retold(pieces, file.name, (under.name, under.format))
        yield file, pieces


@dataclass(frozen=True)
class _Large:
    name: str
    file: ChainFile


def _large(found: Parts, held: Moment | None, kept: KeptGuest) -> Iterator[_Large]:
    for name, file in (("kernel", found.kernel), ("initrd", found.initrd)):
        if file is not None:
            yield _Large(name, file)
    for disk, told in zip(found.disks, kept.disks, strict=True):
        files = (held.files[disk.target],) if held else disk.files
        for file, named in zip(files, told.files, strict=True):
            yield _Large(named.name, file)


def _small(host: Host, path: str) -> Iterator[tuple[int, bytes]]:
    assert host.machine is not None
    content = host.machine.files.read(path)
    for offset in range(0, len(content), _PIECE):
        yield offset, content[offset : offset + _PIECE]


def delete_draft(host: Host, path: str) -> None:
    """The file is on this computer, whatever host the operation was about."""
    local().files.remove(path)


def _plan(host: Host, request: GuestExport, draft: Draft) -> Plan:
    from innkeeper.guest.keeping import plans

    return plans.exporting(host, request, draft.parts)


VERBS = {
    "guest.export": Verb(
        "guest.export",
        GuestExport,
        GuestExported,
        _check,
        _run,
        steps=("copy", "write", "publish"),
        plan=_plan,
    )
}
