"""Where a new guest's disk comes from: an image it stands on or copies, a disk that is there, or nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from innkeeper.errors import Conflict, Invalid, Unsupported
from innkeeper.guest.running import admission
from innkeeper.libvirtxml import Domain, Volume
from innkeeper.machine import local
from innkeeper.schema.guest import GuestCreate
from innkeeper.schema.sizes import format_size
from innkeeper.storage import volumes
from innkeeper.tools import qemu_img
from innkeeper.tools.image_facts import refuse_unsafe
from innkeeper.virt import domains, storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.schema.image import ImageManifest

__all__ = ["Source", "empty_disk", "existing_disk", "image_disk"]


@dataclass(frozen=True)
class Source:
    """A disk: `path` when it is there already, else `capacity` bytes standing on `backing`, or copied from it."""

    format: str
    capacity: int
    path: str | None = None
    backing: tuple[str, str] | None = None
    copy_of: str | None = None
    """volume of the images pool to copy"""
    file: str | None = None
    """on this computer, uploaded to its server: the disk is a volume with its bytes"""


def image_disk(host: Host, request: GuestCreate, manifest: ImageManifest, pool: str) -> Source:
    """A disk from an image.

    Raises `Invalid("guest.disk_small")` for less than the image holds, and what `admission.refuse_disk` raises.
    """
    from innkeeper.image.catalogue import POOL

    capacity = request.disk_size or manifest.virtual_size
    if capacity < manifest.virtual_size:
        raise Invalid(
            "guest.disk_small", size=format_size(capacity), least=format_size(manifest.virtual_size)
        )
    volume = volumes.lookup(host, POOL, manifest.disk)
    written = manifest.disk_bytes * request.count if request.full else 0
    admission.refuse_disk(host, pool, capacity, written, request.overcommit)
    if not request.full:
        return Source("qcow2", capacity, backing=(volume.path, manifest.disk_format))
    return Source("qcow2", capacity, copy_of=manifest.disk)


def empty_disk(host: Host, request: GuestCreate, pool: str, usual: int) -> Source:
    """A disk with nothing on it yet. Raises what `admission.refuse_disk` raises."""
    capacity = request.disk_size or usual
    admission.refuse_disk(host, pool, capacity, 0, request.overcommit)
    return Source("qcow2", capacity)


def existing_disk(host: Host, request: GuestCreate) -> Source:
    """A disk that is there: `POOL/VOLUME`, or the path of a file on the host. What was uploaded is to become a volume.

    Raises `Invalid("disk.…")` when what it holds points elsewhere on the host, `Conflict("guest.disk_used")` when
    another guest has it.
    """
    assert request.disk is not None
    if volumes.is_uploaded(request.disk):
        facts = qemu_img.inspect(local(), request.disk, request.disk_format)
        refuse_unsafe(facts, request.disk)
        return Source(facts.format, facts.virtual_size, file=request.disk)
    path, known = _locate(host, request.disk)
    format = request.disk_format or known
    if host.machine is None:
        raise Unsupported("machine.needed", verb="guest.create --disk", uri=host.uri)
    facts = qemu_img.inspect(host.machine, path, format)
    refuse_unsafe(facts, request.disk)
    for name, document in domains.all_documents(host.virt).items():
        if any(disk.source.path == path for disk in Domain.from_xml(document).devices.disks):
            raise Conflict("guest.disk_used", disk=request.disk, name=name)
    return Source(facts.format, facts.virtual_size, path=path)


def _locate(host: Host, disk: str) -> tuple[str, str | None]:
    if disk.startswith("/"):
        found = storage.find_volume_by_path(host.virt, disk)
        return disk, _format(found[1]) if found else None
    pool, slash, name = disk.partition("/")
    if not slash:
        raise Invalid("guest.disk_name", disk=disk[:60])
    volume = volumes.lookup(host, pool, name)
    return volume.path, _format(volume)


def _format(volume: storage.Volume) -> str | None:
    return Volume.from_xml(volume.xml()).format
