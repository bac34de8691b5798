"""`image.make`: an image of a guest that is off.

Its disk is copied with all that it stands on into one file, what makes it this machine and no other is taken out of the
copy, and so is what its file systems do not use. The guest itself is only read.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from innkeeper.doctor import accelerator
from innkeeper.errors import Conflict, Failed, Invalid, Unsupported
from innkeeper.guest import metadata, naming
from innkeeper.guest.keeping import chains
from innkeeper.guest.keeping.chains import ChainFile
from innkeeper.image import plans, publish, said
from innkeeper.image.catalogue import find, view
from innkeeper.libvirtxml import Domain
from innkeeper.machine import local
from innkeeper.machine.extents import SparseWriter
from innkeeper.operation.locks import lock_name
from innkeeper.schema.image import ImageFirmware, ImageManifest, ImageView
from innkeeper.schema.image_make import ImageMake
from innkeeper.schema.names import CREATING, mark, unmark
from innkeeper.tools import guestfs, programs, qemu_img
from innkeeper.tools.image_facts import refuse_unsafe
from innkeeper.tools.qemu_img import DiskFile
from innkeeper.verbs import Plan, Verb

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml.devices.disk import Disk
    from innkeeper.operation import Operation
    from innkeeper.virt import domains

__all__ = ["VERBS", "Draft"]

Word = TypeVar("Word", bound=str)

_CARRIED = ("file", "block", "volume")


@dataclass(frozen=True)
class Draft:
    """What was decided."""

    domain: domains.Domain
    chain: tuple[ChainFile, ...]
    """the disk, top first"""
    kernel: ChainFile | None
    initrd: ChainFile | None
    manifest: ImageManifest
    kvm: bool
    """whether libguestfs may use KVM on this computer"""

    @property
    def endings(self) -> list[str]:
        """Of the image's files."""
        return ["qcow2", *(["kernel"] if self.kernel else []), *(["initrd"] if self.initrd else [])]


def _check(host: Host, request: ImageMake) -> Draft:
    publish.refuse_taken(host, request.name, request.replace)
    said.refuse_pattern(request.boot_pattern)
    said.refuse_user(request.user)
    said.refuse_word("--os", request.os)
    domain = naming.find(host, request.guest)
    _refuse_state(domain)
    _refuse_programs(request)
    document = Domain.from_xml(domain.xml())
    disk = _disk(document, request)
    sources = chains.Sources(host, False)
    path = sources.path(disk, disk.target_dev or "-")
    chain, capacity = sources.chain(path, disk.driver_type or "raw", disk.target_dev or "-")
    kernel, initrd = (sources.plain(one) if one else None for one in (document.os.kernel, document.os.initrd))
    manifest = _manifest(host, request, document, disk, capacity)
    return Draft(domain, chain, kernel, initrd, manifest, not request.keep_identity and _kvm())


def _kvm() -> bool:
    arch = local().run(["uname", "-m"]).stdout.decode().strip()
    return accelerator.choose(local(), "auto", arch, f"/usr/bin/qemu-system-{arch}").accel == "kvm"


def _refuse_state(domain: domains.Domain) -> None:
    """Off, and nothing of it kept in memory that its disk has not."""
    plain, kind, _ = unmark(domain.name)
    if kind == CREATING:
        raise Conflict("guest.unfinished", name=plain, marked=mark(plain, CREATING))
    if domain.active:
        raise Conflict("guest.running", name=domain.name)
    if domain.saved:
        raise Conflict("guest.saved", name=domain.name)


def _refuse_programs(request: ImageMake) -> None:
    absent = programs.missing(local(), {"qemu-img": "qemu-utils"})
    if absent:
        raise Unsupported("image.programs", programs=", ".join(absent), packages=" ".join(absent.values()))
    cleaners = {} if request.keep_identity else programs.missing(local(), guestfs.PROGRAMS)
    if cleaners:
        packages = " ".join(dict.fromkeys(cleaners.values()))
        raise Unsupported("image.cleaner", programs=", ".join(cleaners), packages=packages)


def _disk(document: Domain, request: ImageMake) -> Disk:
    """The one disk of an image. What is read-only is cloud-init's seed or a disc."""
    disks = {
        disk.target_dev or "-": disk
        for disk in document.devices.disks
        if disk.device in (None, "disk", "lun") and not disk.readonly
    }
    if request.disk is None and len(disks) != 1:
        code = "image.several_disks" if disks else "image.no_disk"
        raise Invalid(code, name=request.guest, disks=", ".join(disks) or "-")
    disk = next(iter(disks.values())) if request.disk is None else disks.get(request.disk)
    if disk is None:
        raise Invalid("request.choice", what="--disk", value=request.disk, choices=", ".join(disks) or "-")
    facts = {"target": disk.target_dev or "-", "type": disk.type or "-"}
    if disk.type not in _CARRIED:
        raise Unsupported("kept.disk_network", **facts)
    if disk.device == "lun":
        raise Unsupported("kept.disk_passed", **facts)
    if disk.encryption.exists or disk.source.encryption.exists:
        raise Unsupported("kept.disk_encrypted", **facts)
    return disk


def _manifest(host: Host, request: ImageMake, document: Domain, disk: Disk, capacity: int) -> ImageManifest:
    """What the request says, else what is kept with the guest, else what the image it was made of says."""
    facts = metadata.read(document)
    origin = find(host, facts.image) if facts.image else None
    own: ImageFirmware = (
        "uefi" if document.os.firmware == "efi" or document.os.loader_type == "pflash" else "bios"
    )
    bus = disk.target_bus or "virtio"
    agent = any(channel.target_name == "org.qemu.guest_agent.0" for channel in document.devices.channels)
    return ImageManifest(
        version=1,
        name=request.name,
        arch=document.os.arch or host.support.arch,
        disk="",
        disk_format="qcow2",
        virtual_size=capacity,
        files={},
        built=float(round(time.time())),
        source=f"guest {request.guest}",
        os=request.os or (origin.os if origin else None),
        cmdline=document.os.cmdline if document.os.kernel else None,
        firmware=_first(own, origin.firmware if origin else ()),
        boot_pattern=request.boot_pattern or facts.boot_pattern,
        user=request.user or facts.user,
        login=request.login or ("serial" if facts.login == "serial" else "ssh"),
        cloud_init=_said(request.cloud_init, bool(origin and origin.cloud_init)),
        agent=_said(request.agent, bool(origin and origin.agent and agent)),
        disk_buses=_first(bus, origin.disk_buses if origin else ()),
        seed_bus=origin.seed_bus if origin else None,
        min_memory=origin.min_memory if origin else None,
        default_memory=origin.default_memory if origin else None,
        profile=origin.profile if origin else "linux",
    )


def _first(own: Word, others: tuple[Word, ...]) -> tuple[Word, ...]:
    """What it has now before what else it can have."""
    return tuple(dict.fromkeys((own, *others)))


def _said(said: bool | None, known: bool) -> bool:
    return known if said is None else said


def _run(host: Host, request: ImageMake, operation: Operation) -> ImageView:
    draft: Draft = operation.decided
    workdir = operation.workdir()
    copied = DiskFile(f"{workdir}/copy.qcow2", "qcow2")
    with operation.step("copy"), _locked(host, request.guest):
        files = _copy(host, draft, operation, workdir, copied)
    if not request.keep_identity:
        with operation.step("clean"):
            _clean(draft, operation, copied)
    with operation.step("convert"):
        disk = DiskFile(f"{workdir}/disk.qcow2", "qcow2")
        qemu_img.convert(local(), copied, disk, on_fraction=_tell(operation, "convert"))
        local().files.remove(copied.path)
        refuse_unsafe(qemu_img.inspect(local(), disk.path, "qcow2"), disk.path)
    return view(
        publish.publish(host, operation, draft.manifest, {"qcow2": disk.path, **files}, request.replace)
    )


def _locked(host: Host, guest: str) -> AbstractContextManager[None]:
    """Nobody else of us starts it, changes it or takes it away meanwhile."""
    return host.lock(lock_name(host, "guest.make", guest), f"image.make {guest}")


def _copy(host: Host, draft: Draft, operation: Operation, workdir: str, target: DiskFile) -> dict[str, str]:
    """The disk as one file, and kernel and initrd: ending → path."""
    files: dict[str, str] = {}
    for ending, file in (("kernel", draft.kernel), ("initrd", draft.initrd)):
        if file:
            files[ending] = f"{workdir}/{ending}"
            _fetch(host, operation, file, files[ending])
    top, *below = (_near(host, operation, file, f"{workdir}/{at}") for at, file in enumerate(draft.chain))
    qemu_img.convert(local(), top, target, on_fraction=_tell(operation, "copy"), below=below)
    for at in range(len(draft.chain)):
        local().files.remove(f"{workdir}/{at}")
    if draft.domain.active:
        raise Failed("image.started", name=draft.domain.name)
    return files


def _near(host: Host, operation: Operation, file: ChainFile, path: str) -> DiskFile:
    """The file itself where it is of this computer, else a copy of it."""
    if file.direct:
        return DiskFile(file.path, file.format)
    _fetch(host, operation, file, path)
    return DiskFile(path, file.format)


def _fetch(host: Host, operation: Operation, file: ChainFile, path: str) -> None:
    local().files.write(path, b"", 0o600)
    with SparseWriter(path) as writer:
        for offset, data in chains.pieces(host, file):
            operation.check_cancel()
            operation.progress("image.progress.copy", min(offset / max(file.size, 1), 1.0))
            writer.write(offset, data)
        writer.finish(file.size)


def _clean(draft: Draft, operation: Operation, disk: DiskFile) -> None:
    tell = _tell(operation, "clean")
    argv = guestfs.cleaning(local(), disk.path, disk.format, draft.manifest.cloud_init)
    guestfs.clean(local(), argv, draft.kvm, tell)
    guestfs.sparsify(local(), guestfs.sparsifying(disk.path, disk.format), draft.kvm, tell)


def _tell(operation: Operation, stage: str) -> guestfs.Told:
    def tell(fraction: float | None) -> None:
        operation.progress(f"image.progress.{stage}", fraction)
        operation.check_cancel()

    return tell


def _plan(host: Host, request: ImageMake, draft: Draft) -> Plan:
    return plans.making(host, request, draft)


VERBS = {
    "image.make": Verb(
        "image.make",
        ImageMake,
        ImageView,
        _check,
        _run,
        steps=("copy", "clean", "convert", *publish.STEPS),
        plan=_plan,
    )
}
