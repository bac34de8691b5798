"""`backup.create`: a guest as it is at one moment, in a directory of its own.

What runs is copied by QEMU (backup/copying.py), all disks at one moment, with its file systems frozen for just that
moment where its agent can; what is off is copied as it is, or by qemu-img. The checksums are of what was written, and
the directory is a backup only once they stand in it.

No checkpoint is made beside a full backup: a bitmap that nobody needs slows every write down, and snapshots, disks that
grow and moves to other hosts have to mind it or break it. `virt.backups.begin` takes one for whoever wants what changed
since.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from innkeeper.backup import as_is, copying, places, plans, pulling, records
from innkeeper.backup.freezing import frozen
from innkeeper.errors import Failed, Unsupported
from innkeeper.guest import naming
from innkeeper.guest.keeping import parts as keeping
from innkeeper.machine.deputy import Deputy
from innkeeper.operation.locks import lock_name
from innkeeper.schema.backup import BackupCreate, BackupView
from innkeeper.schema.kept import KeptDisk, KeptFile, KeptGuest, Note
from innkeeper.tools import qemu_img
from innkeeper.tools.qemu_img import DiskFile
from innkeeper.tools.sums import Sum, sums
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import backups, ending

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.machine import Machine
    from innkeeper.operation import Operation
    from innkeeper.operation.journal import Entry

__all__ = ["VERBS", "Draft", "delete", "keep"]


@dataclass(frozen=True)
class Draft:
    """What was decided."""

    place: places.Place
    id: str
    parts: keeping.Parts
    capacities: dict[str, int]
    """target → bytes that the guest sees now"""
    live: bool
    """copied by QEMU itself; a guest without disks has nothing to copy"""
    socket: str | None
    """where QEMU offers the disks to be read; else it copies them itself"""
    as_they_are: dict[str, bool]
    """target → whether its files are copied layer by layer; else what the guest sees is written to one file"""

    @property
    def path(self) -> str:
        return f"{self.place.path}/{self.id}"

    @property
    def resume(self) -> bool:
        """Whether the guest runs, and is to go on when QEMU stops it for want of room."""
        return self.parts.state == "running"

    @property
    def copies(self) -> dict[str, str]:
        """Target → path of its copy."""
        return {disk.target: f"{self.path}/{disk.target}.{copying.FORMAT}" for disk in self.parts.disks}


def _check(host: Host, request: BackupCreate) -> Draft:
    place = places.find(host, request.place)
    machine = places.machine_of(host)
    domain = naming.find(host, request.name)
    parts = keeping.gather(host, domain)
    active = domain.active
    id = places.new_id(machine, place, parts.name)
    live = active and bool(parts.disks)
    as_they_are = {disk.target: not live and as_is.possible(machine, disk) for disk in parts.disks}
    socket = pulling.socket_for(host, domain) if live else None
    draft = Draft(place, id, parts, _capacities(parts, active), live, socket, as_they_are)
    if draft.live:
        backups.refuse_busy(domain, [disk.target for disk in parts.disks])
        copying.refuse_differing(domain, parts.disks)
        places.refuse_unreachable(host, place)
    beside = (parts.nvram, *parts.tpm, parts.kernel, parts.initrd)
    need = sum(part.size for part in beside if part is not None)
    copies = sum(_needed(machine, draft, disk) for disk in parts.disks)
    places.refuse_full(machine, place, need + copies + (pulling.reserve(copies) if socket else 0))
    return draft


def _needed(machine: Machine, draft: Draft, disk: keeping.DiskPart) -> int:
    """Bytes of its copy, at most."""
    if draft.as_they_are[disk.target]:
        return sum(file.data for file in disk.files)
    return qemu_img.required(machine, copying.chain(disk), copying.FORMAT, shared=draft.live)


def _capacities(parts: keeping.Parts, active: bool) -> dict[str, int]:
    """QEMU copies to a disk of the same size only, and the guest's may have grown since it was started."""
    if not active:
        return {disk.target: disk.capacity for disk in parts.disks}
    return {disk.target: backups.capacity(parts.domain, disk.target) for disk in parts.disks}


def _run(host: Host, request: BackupCreate, operation: Operation) -> BackupView:
    draft: Draft = operation.decided
    machine = places.machine_of(host)
    with ExitStack() as held:
        # What is off has to stay off; what runs may be used as ever once the job has begun.
        guest = lock_name(host, "guest.backup", draft.parts.domain.name)
        held.enter_context(host.lock(guest, VERBS["backup.create"].owner_text(request.name)))
        with _attended(host, draft) as ready:
            with operation.step("prepare"):
                _prepare(machine, draft, operation)
            begun = Begun(time.time())
            if draft.live:
                with operation.step("begin"):
                    ready()
                    begun = _begin(host, draft, operation, request.freeze)
                held.close()
            with operation.step("copy"):
                found = _copy(host, draft, begun, operation)
        with operation.step("sums"):
            kept = _described(draft, begun)
            names = [file.name for file in kept.files if file.name not in found]
            found |= zip(names, _sums(machine, draft, names, operation), strict=True)
            kept = summed(kept, found)
    with operation.step("publish"):
        records.publish(machine, draft.path, kept, draft.parts.document.to_xml())
    return records.view(records.read(machine, draft.place, draft.id))


def _prepare(machine: Machine, draft: Draft, operation: Operation) -> None:
    """QEMU's own user writes into the directory of a guest that runs; nobody else sees what is in it."""
    operation.undo("backup.delete", path=draft.path)
    operation.note(place=draft.place.path, id=draft.id, pool=draft.place.pool)
    if draft.place.pool or not draft.place.said:
        machine.files.make_dir(draft.place.path, 0o711)
    machine.run(["mkdir", "-m", "711" if draft.live else "700", "--", draft.path])
    if draft.live:
        for target, path in draft.copies.items():
            qemu_img.make(machine, DiskFile(path, copying.FORMAT), draft.capacities[target])


@contextmanager
def _attended(host: Host, draft: Draft) -> Iterator[Callable[[], None]]:
    """A deputy that ends a job that is pulled when we are killed; from when what this yields is called."""
    if draft.socket is None:
        yield lambda: None
        return
    domain = draft.parts.domain
    deputy = Deputy(ending.command(host.uri, domain.uuid, draft.path, draft.resume))

    def ready() -> None:
        deputy.wait_ready()
        deputy.begin()

    try:
        yield ready
    except BaseException:
        deputy.leave()
        raise
    deputy.dismiss()


@dataclass(frozen=True)
class Begun:
    """What is known once the job has begun."""

    made: float
    """when its moment was"""
    pulled: bool = False
    """whether its disks are to be read"""
    note: Note | None = None
    """why it was not frozen"""


def _begin(host: Host, draft: Draft, operation: Operation, freeze: bool) -> Begun:
    domain = draft.parts.domain
    operation.undo("backup.abort", uuid=domain.uuid, directory=draft.path, resume=draft.resume)
    if not freeze:
        return Begun(time.time(), _begin_job(draft), Note(text="backup.note.not_frozen_asked"))
    operation.progress("backup.progress.freeze")
    with frozen(host, operation, domain, f"{draft.path}/.frozen") as how:
        pulled = _begin_job(draft)
        made = time.time()
    return Begun(made, pulled, how.note)


def _begin_job(draft: Draft) -> bool:
    """Whether it is pulled: where QEMU may not make its socket, or has another server, the same job is pushed."""
    domain = draft.parts.domain
    if draft.socket:
        try:
            backups.begin(domain, copying.describe(draft.copies, draft.socket).to_xml())
        except (Failed, Unsupported):
            pass
        else:
            return True
    backups.begin(domain, copying.describe(draft.copies).to_xml())
    return False


def _copy(host: Host, draft: Draft, begun: Begun, operation: Operation) -> dict[str, Sum]:
    """All files, and the sums of those that were summed up on the way."""
    parts, machine = draft.parts, places.machine_of(host)
    pairs = [(part.path, part.name) for part in (parts.nvram, *parts.tpm) if part is not None]
    pairs += [
        (part.path, name) for name, part in (("kernel", parts.kernel), ("initrd", parts.initrd)) if part
    ]
    for source, name in pairs:
        machine.run(["cp", "--reflink=auto", "--sparse=auto", "--", source, f"{draft.path}/{name}"])
        machine.run(["chmod", "600", "--", f"{draft.path}/{name}"])
    if draft.live:
        return _copy_live(host, draft, begun, operation)
    before, found = _seen(machine, parts), dict[str, Sum]()
    for number, disk in enumerate(parts.disks):
        tell = _Teller(operation, number, len(parts.disks), sum(file.data for file in disk.files))
        if not draft.as_they_are[disk.target]:
            copying.flatten(machine, disk, draft.copies[disk.target], tell.fraction)
            continue
        names = keeping.names_of(parts)
        for file, below in zip(disk.files, (*disk.files[1:], None), strict=True):
            if names[file.path] in found:
                continue  # two disks stand on it
            under = (names[below.path], below.format) if below else None
            path = f"{draft.path}/{names[file.path]}"
            found[names[file.path]] = as_is.copy(file, path, under, tell.more)
    if parts.domain.active or _seen(machine, parts) != before:
        raise Failed("backup.started", name=parts.name)
    return found


def _copy_live(host: Host, draft: Draft, begun: Begun, operation: Operation) -> dict[str, Sum]:
    uuid = draft.parts.domain.uuid
    if not begun.pulled:
        copying.follow(host, uuid, draft.copies, operation)
        return {}
    assert draft.socket is not None
    found = copying.pull(host, uuid, draft.socket, draft.copies, operation, draft.resume)
    return {os.path.basename(draft.copies[target]): one for target, one in found.items()}


class _Teller:
    """How far the copying is, of one disk of several; where it may be cancelled."""

    def __init__(self, operation: Operation, number: int, count: int, whole: int) -> None:
        self._operation, self._number, self._count = operation, number, count
        self._whole, self._done = max(whole, 1), 0

    def fraction(self, fraction: float) -> None:
        self._operation.check_cancel()
        self._operation.progress("backup.progress.copy", min((self._number + fraction) / self._count, 1.0))

    def more(self, count: int) -> None:
        self._done += count
        self.fraction(self._done / self._whole)


def _seen(machine: Machine, parts: keeping.Parts) -> bytes:
    """Sizes and times of what its disks are written to: another run changes them."""
    paths = [disk.files[0].path for disk in parts.disks]
    return machine.run(["stat", "-L", "-c", "%i %s %.9Y", "--", *paths]).stdout if paths else b""


def _described(draft: Draft, begun: Begun) -> KeptGuest:
    """What is in it, without the sums."""
    note = begun.note
    kept = keeping.describe(draft.parts, begun.made, frozen=draft.live and note is None)
    disks = tuple(
        disk
        if draft.as_they_are[disk.target]
        else KeptDisk(
            target=disk.target,
            capacity=draft.capacities[disk.target],
            files=(KeptFile(name=f"{disk.target}.{copying.FORMAT}", size=0, format=copying.FORMAT),),
        )
        for disk in kept.disks
    )
    notes = (*kept.notes, *([note] if note else []))
    state = "running" if draft.live else "stopped"
    return msgspec.structs.replace(kept, disks=disks, notes=notes, state=state)


def _sums(machine: Machine, draft: Draft, names: list[str], operation: Operation) -> list[Sum]:
    paths = [f"{draft.path}/{name}" for name in names]
    whole, done = sum(machine.files.size(path) for path in paths), 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        operation.progress("backup.progress.sums", min(done / whole, 1.0) if whole else None)
        operation.check_cancel()

    return sums(machine, paths, count, sync=True)


def summed(kept: KeptGuest, found: dict[str, Sum]) -> KeptGuest:
    """The same with sizes and checksums of its files."""

    def of(file: KeptFile | None) -> KeptFile | None:
        if file is None:
            return None
        size, sha256 = found[file.name]
        return msgspec.structs.replace(file, size=size, sha256=sha256)

    def all_of(files: tuple[KeptFile, ...]) -> tuple[KeptFile, ...]:
        return tuple(filter(None, map(of, files)))

    return msgspec.structs.replace(
        kept,
        disks=tuple(msgspec.structs.replace(disk, files=all_of(disk.files)) for disk in kept.disks),
        nvram=of(kept.nvram),
        tpm=all_of(kept.tpm),
        kernel=of(kept.kernel),
        initrd=of(kept.initrd),
    )


def delete(host: Host, path: str) -> None:
    """Undo: what was not finished. A whole backup stays."""
    machine = places.machine_of(host)
    if not places.whole(machine, path):
        machine.files.remove_tree(path)


def keep(host: Host, entry: Entry) -> object:
    """What a dead `backup.create` answers when its backup is whole; None when it is not."""
    machine, notes = host.machine, entry.notes
    if machine is None or "id" not in notes or not places.whole(machine, f"{notes['place']}/{notes['id']}"):
        return None
    place = places.Place(notes["place"], notes["pool"])
    return msgspec.to_builtins(records.view(records.read(machine, place, notes["id"])))


def _plan(_host: Host, request: BackupCreate, draft: Draft) -> Plan:
    return plans.creating(draft, request.freeze)


VERBS: dict[str, Verb[BackupCreate, BackupView]] = {
    "backup.create": Verb(
        "backup.create",
        BackupCreate,
        BackupView,
        _check,
        _run,
        steps=("prepare", "begin", "copy", "sums", "publish"),
        needs_machine="user",
        plan=_plan,
    )
}
