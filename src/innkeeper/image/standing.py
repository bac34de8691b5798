"""Who stands on an image.

A guest stands on an image when one of its disks does, through any number of backing files, or when its document names
the image's disk, kernel or initrd. Guests in the bin count: they may come back.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from innkeeper.errors import NotFound
from innkeeper.image.catalogue import POOL
from innkeeper.libvirtxml import Domain, Volume
from innkeeper.schema.image import ImageManifest
from innkeeper.schema.names import DELETED, unmark
from innkeeper.storage import pools
from innkeeper.virt import domains, storage

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["standing_on"]


def standing_on(host: Host, manifest: ImageManifest) -> list[str]:
    """Names of the guests that stand on an image, and `POOL/VOLUME` of disks that do but are of no guest."""
    base = pools.target(pools.ready(host, POOL))
    ours = {f"{base}/{volume}" for volume in manifest.files}
    above = _volumes_above(host, ours)
    guests: set[str] = set()
    used: set[str] = set()
    for name, document in domains.all_documents(host.virt).items():
        paths = _paths(Domain.from_xml(document))
        if paths & (ours | set(above)):
            guests.add(_readable(name))
            used |= paths
    return sorted(guests) + sorted(named for path, named in above.items() if path not in used)


def _volumes_above(host: Host, below: set[str]) -> dict[str, str]:
    """Volumes whose backing files lead to one of these paths: path → POOL/VOLUME."""
    backing: dict[str, tuple[str, str]] = {}
    for pool in storage.pools(host.virt):
        if not pool.active:
            continue
        pool.refresh()
        for volume in pool.volumes():
            with suppress(NotFound):  # it went meanwhile
                stands_on = Volume.from_xml(volume.xml()).backing_path
                if stands_on:
                    backing[volume.path] = (stands_on, f"{pool.name}/{volume.name}")
    found: dict[str, str] = {}
    reached = set(below)
    while more := {
        path: named for path, (under, named) in backing.items() if under in reached and path not in found
    }:
        found |= more
        reached |= set(more)
    return found


def _paths(domain: Domain) -> set[str]:
    paths = {disk.source.path for disk in domain.devices.disks} | {domain.os.kernel, domain.os.initrd}
    return {path for path in paths if path}


def _readable(name: str) -> str:
    plain, kind, _ = unmark(name)
    return f"{plain} (in the bin)" if kind == DELETED else plain
