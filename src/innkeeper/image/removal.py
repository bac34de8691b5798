"""`image.remove`, and who stands on an image.

A guest stands on an image when one of its disks does, through any number of backing files, or when its document names
the image's disk, kernel or initrd. Guests in the bin count: they may come back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from innkeeper.errors import Conflict
from innkeeper.image import plans, publish
from innkeeper.image.catalogue import POOL, find, lookup, manifest_name
from innkeeper.libvirtxml import Domain, Volume
from innkeeper.schema.image import ImageManifest, ImageRemove, Removed
from innkeeper.schema.names import DELETED, unmark
from innkeeper.storage import pools, volumes
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import domains, storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS", "end_removal", "standing_on", "undo_manifest"]


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


def _check(host: Host, request: ImageRemove) -> ImageManifest:
    manifest = lookup(host, request.name)
    _refuse_used(host, manifest)
    return manifest


def _refuse_used(host: Host, manifest: ImageManifest) -> None:
    guests = standing_on(host, manifest)
    if guests:
        raise Conflict("image.in_use", name=manifest.name, guests=", ".join(guests))


def _run(host: Host, request: ImageRemove, operation: Operation) -> Removed:
    manifest: ImageManifest = operation.decided
    with operation.step("manifest"):
        # Until the first volume is gone, the image can come back whole.
        text = msgspec.json.encode(manifest).decode()
        operation.undo("image.manifest", text=text)
        volumes.delete(host, POOL, manifest_name(manifest.name))
    with operation.step("volumes"):
        # A guest may have been made on it between the check and now; from now on none can.
        _refuse_used(host, manifest)
        removed = Removed(name=manifest.name, volumes=(*manifest.files, manifest_name(manifest.name)))
        # A removal that was begun does not come back: what interrupts it is cleaned up by ending it.
        operation.undo("image.removal", files=list(manifest.files))
        operation.answer(removed)
        end_removal(host, list(manifest.files))
    return removed


def end_removal(host: Host, files: list[str]) -> None:
    """Delete what is left of the volumes of an image without a manifest."""
    for volume in files:
        volumes.delete(host, POOL, volume)


def undo_manifest(host: Host, text: str) -> None:
    """Put a manifest back while all its volumes are there; an image whose removal had begun is gone for good."""
    manifest = msgspec.json.decode(text, type=ImageManifest)
    pool = storage.find_pool(host.virt, POOL)
    if pool is None or not pool.active or find(host, manifest.name):
        return
    pool.refresh()
    if all(pool.find(volume) for volume in manifest.files):
        volumes.delete(host, POOL, manifest_name(manifest.name))
        publish.write_manifest(host, manifest)


def _plan(_host: Host, _request: ImageRemove, manifest: ImageManifest) -> Plan:
    return plans.removing(manifest)


VERBS = {
    "image.remove": Verb(
        "image.remove", ImageRemove, Removed, _check, _run, steps=("manifest", "volumes"), plan=_plan
    ),
}
