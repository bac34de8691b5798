"""What a guest consists of: document, disks with all they stand on, firmware's variables, TPM, kernel.

What cannot be taken along is refused by name, or left out when it is asked for (`without`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from innkeeper.errors import Conflict, NotFound, Unsupported
from innkeeper.guest.keeping import chains, foreign, state_files
from innkeeper.guest.keeping.chains import ChainFile
from innkeeper.guest.keeping.state_files import SmallFile
from innkeeper.libvirtxml import Domain
from innkeeper.schema.kept import KeptDisk, KeptFile, KeptGuest, Note
from innkeeper.schema.names import CREATING, mark, unmark
from innkeeper.virt import kept as records

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml.devices.disk import Disk
    from innkeeper.virt import domains

__all__ = ["ChainFile", "DiskPart", "Parts", "SmallFile", "describe", "gather"]

_CARRIED = ("file", "block", "volume")
"""Types of disks whose bytes are on the host; the others are somewhere else already, and for others too."""


@dataclass(frozen=True)
class DiskPart:
    """A disk that is taken along."""

    target: str
    bus: str | None
    capacity: int
    files: tuple[ChainFile, ...]
    """top of the chain first"""

    @property
    def format(self) -> str:
        return self.files[0].format


@dataclass(frozen=True)
class Parts:
    """All of a guest."""

    domain: domains.Domain
    document: Domain
    """the stored one, with its secrets, without what is left out"""
    state: str
    """`stopped`, `running`, `suspended`"""
    autostart: bool
    disks: tuple[DiskPart, ...]
    nvram: SmallFile | None
    tpm: tuple[SmallFile, ...]
    kernel: ChainFile | None
    initrd: ChainFile | None
    notes: tuple[Note, ...]
    """what is left out, and why"""

    @property
    def name(self) -> str:
        """Without a mark of the bin."""
        return unmark(self.domain.name)[0]


def gather(host: Host, domain: domains.Domain, without: tuple[str, ...] = ()) -> Parts:
    """All of that guest; `without` names disks by target that stay behind.

    A running guest is gathered as it is: whoever reads its disks sees to it that they hold still.

    Raises `Conflict("guest.saved")`, `Conflict("guest.unfinished")`, `Unsupported("kept.…")` naming what cannot be
    taken along, `Denied("kept.state_denied")` where firmware's variables or the TPM cannot be read,
    `NotFound("kept.no_disk")` for what `without` names.
    """
    _refuse(domain)
    document = Domain.from_xml(domain.xml())
    if not host.support.is_qemu:
        raise Unsupported("kept.hypervisor", name=domain.name, type=document.type or "-")
    active = domain.active
    now = Domain.from_xml(domain.xml(live=True)) if active else document
    notes = _records(domain)
    sources = chains.Sources(host, active)
    disks = _disks(sources, document, now, without, notes)
    kernel, initrd = (
        sources.plain(path) if path else None for path in (document.os.kernel, document.os.initrd)
    )
    notes += [Note(text="kept.note.foreign", facts={"what": what}) for what in foreign.found(document)]
    return Parts(
        domain=domain,
        document=document,
        state=domain.state,
        autostart=domain.autostart,
        disks=tuple(disks),
        nvram=state_files.nvram(host, domain, document),
        tpm=state_files.tpm(host, domain, document),
        kernel=kernel,
        initrd=initrd,
        notes=tuple(notes),
    )


def _refuse(domain: domains.Domain) -> None:
    plain, kind, _ = unmark(domain.name)
    if kind == CREATING:
        raise Conflict("guest.unfinished", name=plain, marked=mark(plain, CREATING))
    if domain.saved:
        raise Conflict("guest.saved", name=domain.name)


def _records(domain: domains.Domain) -> list[Note]:
    """libvirt's records of snapshots and checkpoints are the host's own; what their disks hold is taken along."""
    told = zip(("kept.note.snapshots", "kept.note.checkpoints"), records.records(domain), strict=True)
    return [Note(text=text, facts={"number": str(number)}) for text, number in told if number]


def _disks(
    sources: chains.Sources, document: Domain, now: Domain, without: tuple[str, ...], notes: list[Note]
) -> list[DiskPart]:
    """What is taken along; the others are taken out of the document."""
    targets = [disk.target_dev or "" for disk in document.devices.disks]
    for target in without:
        if target not in targets:
            raise NotFound("kept.no_disk", target=target, choices=", ".join(targets) or "-")
    live = {disk.target_dev: disk for disk in now.devices.disks}
    parts: list[DiskPart] = []
    for disk in list(document.devices.disks):
        target = disk.target_dev or ""
        if target in without:
            notes.append(Note(text="kept.note.without", facts={"target": target}))
            document.devices.disks.remove(disk)
        elif disk.device in ("cdrom", "floppy"):
            _eject(disk, notes)
        else:
            _refuse_disk(disk)
            parts.append(_part(sources, disk, live.get(target, disk)))
    notes += [
        Note(text="kept.note.plugged", facts={"target": target or ""})
        for target in live
        if target not in targets
    ]
    return parts


def _eject(disk: Disk, notes: list[Note]) -> None:
    """The drive stays, empty: a disc is a copy of something that is elsewhere too."""
    if disk.source.exists:
        disc = disk.source.path or disk.source.volume or disk.source.name or "-"
        notes.append(Note(text="kept.note.disc", facts={"target": disk.target_dev or "", "disc": disc}))
        disk.source = None
        disk.type = "file"


def _refuse_disk(disk: Disk) -> None:
    facts = {"target": disk.target_dev or "-", "type": disk.type or "-"}
    if disk.type not in _CARRIED:
        raise Unsupported("kept.disk_network", **facts)
    if disk.device == "lun":
        raise Unsupported("kept.disk_passed", **facts)
    if disk.shareable:
        raise Unsupported("kept.disk_shared", **facts)
    if disk.encryption.exists or disk.source.encryption.exists:
        raise Unsupported("kept.disk_encrypted", **facts)


def _part(sources: chains.Sources, disk: Disk, live: Disk) -> DiskPart:
    """Where its bytes are now: a snapshot or copy may have changed that since what is stored was written."""
    target = disk.target_dev or "-"
    path = sources.path(live, target)
    files, capacity = sources.chain(path, live.driver_type or "raw", target)
    return DiskPart(target=target, bus=disk.target_bus, capacity=capacity, files=files)


def describe(parts: Parts, made: float, frozen: bool = False) -> KeptGuest:
    """What is said of it in the manifest. Sizes and formats are those of the host's files; whoever writes others (a
    backup job flattens chains) replaces `disks`."""
    names = names_of(parts)
    return KeptGuest(
        version=1,
        name=parts.name,
        uuid=parts.domain.uuid,
        made=made,
        state=parts.state,
        frozen=frozen,
        autostart=parts.autostart,
        disks=tuple(
            KeptDisk(
                target=disk.target,
                capacity=disk.capacity,
                files=tuple(_kept(file, names[file.path]) for file in disk.files),
            )
            for disk in parts.disks
        ),
        nvram=_small(parts.nvram) if parts.nvram else None,
        tpm=tuple(map(_small, parts.tpm)),
        kernel=_kept(parts.kernel, "kernel") if parts.kernel else None,
        initrd=_kept(parts.initrd, "initrd") if parts.initrd else None,
        notes=parts.notes,
    )


def names_of(parts: Parts) -> dict[str, str]:
    """Path of each file of a chain → its name in what is kept: `vda.qcow2`, what it stands on `vda.1.qcow2`. What two
    disks stand on has one name."""
    names: dict[str, str] = {}
    for disk in parts.disks:
        for depth, file in enumerate(disk.files):
            number = f".{depth}" if depth else ""
            names.setdefault(file.path, f"{disk.target}{number}.{file.format}")
    return names


def _kept(file: ChainFile, name: str) -> KeptFile:
    return KeptFile(name=name, size=file.size, format=file.format, sha256=file.sha256, data=file.data)


def _small(file: SmallFile) -> KeptFile:
    return KeptFile(name=file.name, size=file.size)
