"""What a request for a new guest comes to: every choice made, everything impossible refused."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from innkeeper import config
from innkeeper.errors import Conflict, Invalid
from innkeeper.guest import firmware, naming
from innkeeper.guest.making import contradictions, hardware, media
from innkeeper.guest.making.disks import Source, empty_disk, existing_disk, image_disk
from innkeeper.guest.making.hardware import Machine
from innkeeper.guest.running import admission
from innkeeper.image.catalogue import POOL, lookup
from innkeeper.install.cloud_init import Answers
from innkeeper.network import reservations
from innkeeper.schema.guest import GuestCreate
from innkeeper.schema.names import check_name
from innkeeper.storage import pools

if TYPE_CHECKING:
    from innkeeper.guest.making.location import Location
    from innkeeper.guest.making.media import Medium
    from innkeeper.host import Host
    from innkeeper.schema.image import ImageManifest

__all__ = ["Draft", "decide", "names_of", "refuse_wait"]


_ENDINGS = {"raw": "img"}
"""Format of a disk → how its volume's name ends, where that is not the format's own name."""


@dataclass(frozen=True)
class Draft:
    """One guest to be made."""

    name: str
    uuid: str
    macs: tuple[str, ...]
    machine: Machine
    source: Source | None
    """none for a guest without a disk"""
    pool: str
    pool_path: str
    images_path: str | None
    """directory of the images pool, for a guest from an image"""
    nvram_directory: str | None
    manifest: ImageManifest | None
    answers: Answers | None
    ip: str | None
    profile: str
    media: tuple[Medium, ...] = ()
    location: Location | None = None
    pxe: bool = False
    xml: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """Of the names of its volumes: they outlive a rename and never meet another guest's."""
        return f"{self.name}-{self.uuid[:8]}"

    @property
    def disk_volume(self) -> str | None:
        """The volume made for its disk; none when the disk was there before."""
        if self.source is None or self.source.path:
            return None
        return f"{self.stem}.{_ENDINGS.get(self.source.format, self.source.format)}"

    @property
    def seed_volume(self) -> str | None:
        return f"{self.stem}-seed.iso" if self.answers else None

    @property
    def disk_path(self) -> str | None:
        if self.source is None:
            return None
        return self.source.path or f"{self.pool_path}/{self.disk_volume}"

    @property
    def seed_path(self) -> str:
        return f"{self.pool_path}/{self.seed_volume}"

    def medium_volume(self, medium: Medium) -> str | None:
        """The volume that a CD is uploaded to."""
        return None if medium.path else f"{self.stem}-{medium.kind}.iso"

    def medium_path(self, medium: Medium) -> str:
        return medium.path or f"{self.pool_path}/{self.medium_volume(medium)}"

    def piece_volume(self, kind: str) -> str:
        """The volume of its kernel or initrd."""
        return f"{self.stem}.{kind}"

    @property
    def boots_once(self) -> bool:
        """Its first boot is another one than those that follow: by a kernel, and then from the disk."""
        return self.location is not None and self.source is not None

    @property
    def nvram_path(self) -> str | None:
        """Its firmware's variables. Left to itself, libvirt 9.0 derives the path from the name at each start, so that
        a rename loses what the firmware was told, and the undefine leaves the file."""
        return f"{self.nvram_directory}/{self.stem}_VARS.fd" if self.nvram_directory else None

    @property
    def volumes(self) -> tuple[tuple[str, str], ...]:
        """Pool and name of what is made for it."""
        pieces = [self.piece_volume(piece.kind) for piece in self.location.pieces] if self.location else []
        names = (self.disk_volume, self.seed_volume, *map(self.medium_volume, self.media), *pieces)
        return tuple((self.pool, name) for name in names if name)


def names_of(request: GuestCreate) -> list[str]:
    """`web`, or `web-1` … `web-10` for a count."""
    if request.count == 1:
        return [request.name]
    width = len(str(request.count))
    return [f"{request.name}-{number:0{width}}" for number in range(1, request.count + 1)]


def decide(host: Host, request: GuestCreate) -> list[Draft]:
    """The guests that the request comes to, or a refusal; nothing is touched."""
    check_name(request.name)
    names = names_of(request)
    for name in names:
        check_name(name)
        naming.free(host, name)
    contradictions.refuse(request)
    manifest = _manifest(host, request)
    profile, wanted = hardware.profile_of(request, manifest)
    machine = hardware.choose(host, request, manifest)
    _refuse_taken(host, request, machine)
    place = _location(request, machine.arch)
    pool = config.get("pool") if request.pool is None else request.pool
    source = _source(host, request, manifest, pool, wanted.disk_size)
    discs = _media(host, request, machine.arch)
    # A guest on a disk that is there puts nothing in a pool, and a new session has none.
    fills = (source and not source.path) or place or any(disc.file for disc in discs)
    draft = Draft(
        name=request.name,
        uuid="",
        macs=(),
        machine=machine,
        source=source,
        pool=pool,
        pool_path=pools.target(pools.ready(host, pool)) if fills or request.pool is not None else "",
        images_path=pools.target(pools.ready(host, POOL)) if manifest else None,
        nvram_directory=firmware.nvram_directory(host) if machine.firmware != "bios" else None,
        manifest=manifest,
        answers=None,
        ip=request.ip,
        profile=profile,
        media=discs,
        location=place,
        pxe=request.pxe,
        xml=request.xml,
    )
    _refuse_uploads(host, draft, request)
    return [_named(draft, request, name) for name in names]


def _location(request: GuestCreate, arch: str) -> Location | None:
    if not request.location:
        return None
    from innkeeper.guest.making import location  # http and all that it loads

    return location.find(request.location, arch, request.kernel_args)


def _refuse_taken(host: Host, request: GuestCreate, machine: Machine) -> None:
    """Memory and addresses that are promised to others."""
    if request.start:
        needed = machine.memory * request.count
        admission.refuse_memory(host, request.name, needed, request.overcommit)
    if request.ip:
        reservations.refuse_address(reservations.ready(host, machine.networks[0]), request.ip)


def _source(
    host: Host, request: GuestCreate, manifest: ImageManifest | None, pool: str, usual: int
) -> Source | None:
    if request.diskless:
        return None
    if manifest:
        return image_disk(host, request, manifest, pool)
    return existing_disk(host, request) if request.disk else empty_disk(host, request, pool, usual)


def _media(host: Host, request: GuestCreate, arch: str) -> tuple[Medium, ...]:
    found = [media.find(host, "cd", request.iso, arch)] if request.iso else []
    if request.drivers:
        found.append(media.find(host, "drivers", request.drivers))
    return tuple(found)


def _refuse_uploads(host: Host, draft: Draft, request: GuestCreate) -> None:
    """What is uploaded takes its room at once."""
    sizes = [medium.size for medium in draft.media if medium.file]
    sizes += [piece.size or 0 for piece in draft.location.pieces] if draft.location else []
    if sizes:
        now = sum(sizes) * request.count
        admission.refuse_disk(host, draft.pool, max(sizes), now, request.overcommit)


def _named(draft: Draft, request: GuestCreate, name: str) -> Draft:
    made = uuid.uuid4()
    macs = tuple(_mac(made.bytes[index * 3 : index * 3 + 3]) for index in range(len(draft.machine.networks)))
    answers = None
    if draft.manifest and draft.manifest.cloud_init:
        answers = Answers(
            instance=str(made),
            hostname=name,
            user=request.user or draft.manifest.user,
            ssh_keys=request.ssh_keys,
            password=request.password,
            user_data=request.cloud_init,
        )
    return replace(draft, name=name, uuid=str(made), macs=macs, answers=answers)


def _mac(tail: bytes) -> str:
    """QEMU's own prefix, which libvirt uses too."""
    return "52:54:00:" + ":".join(f"{byte:02x}" for byte in tail)


def _manifest(host: Host, request: GuestCreate) -> ImageManifest | None:
    if not request.image:
        return None
    manifest = lookup(host, request.image)
    wants = {"--user": request.user, "--password-file": request.password, "--cloud-init": request.cloud_init}
    for option, value in wants.items():
        if value and not manifest.cloud_init:
            raise Invalid("guest.no_cloud_init", option=option, image=manifest.name)
    if request.arch and request.arch != manifest.arch:
        raise Invalid("request.choice", what="--arch", value=request.arch, choices=manifest.arch)
    return manifest


def refuse_wait(request: GuestCreate, draft: Draft) -> None:
    """A wait that this guest can never fulfil. Raises `Invalid`."""
    manifest = draft.manifest
    if request.wait == "installed" and not draft.boots_once:
        raise Invalid("request.needs", first="--wait installed", second="--location")
    if request.wait == "agent" and not draft.machine.paravirtual:
        raise Invalid("guest.no_agent", name=draft.name)
    if request.wait == "boot" and not (manifest and manifest.boot_pattern):
        raise Invalid("guest.no_boot_pattern", name=draft.name, image=manifest.name if manifest else "-")
    if request.wait == "agent" and manifest and not manifest.agent:
        raise Invalid("guest.image_no_agent", image=manifest.name)
    if request.wait == "ip" and not draft.machine.networks:
        raise Conflict("guest.no_network", name=draft.name)
