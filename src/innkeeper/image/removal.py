"""`image.remove`: an image with all its versions, or one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from innkeeper.errors import Conflict
from innkeeper.image import plans, versions
from innkeeper.image.catalogue import (
    POOL,
    find,
    lookup,
    manifest_name,
    old_versions,
    read,
    version_name,
)
from innkeeper.image.standing import standing_on
from innkeeper.schema.image import ImageManifest, ImageRemove, Removed
from innkeeper.schema.names import RELEASE
from innkeeper.storage import volumes
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS", "Going", "end_removal", "undo_manifest"]


@dataclass(frozen=True)
class Going:
    """What a removal takes."""

    name: str
    """as it was asked for"""
    manifests: dict[str, ImageManifest]
    """volume → the manifest in it, in the order in which they go: NAME.json, by which the image is known, last"""
    next: ImageManifest | None = None
    """the version that is the newest then"""

    @property
    def files(self) -> list[str]:
        """Volumes of the images."""
        return list(dict.fromkeys(file for manifest in self.manifests.values() for file in manifest.files))


def _check(host: Host, request: ImageRemove) -> Going:
    manifest = lookup(host, request.name)
    newest = find(host, manifest.name) or manifest
    before = old_versions(host, newest)
    if RELEASE not in request.name:
        doomed, after = [*before, newest], None
    else:
        doomed, after = [manifest], next(iter(before), None) if manifest.disk == newest.disk else newest
    pool = storage.lookup_pool(host.virt, POOL)
    found = {manifest_name(version_name(one)): one for one in doomed}
    if newest in doomed:
        found[manifest_name(newest.name)] = newest
    going = Going(request.name, {name: one for name, one in found.items() if read(host, pool, name)}, after)
    _refuse_used(host, going)
    return going


def _refuse_used(host: Host, going: Going) -> None:
    """Raises `Conflict("image.in_use")`, naming the version beside the guest where several go."""
    several = len({manifest.disk for manifest in going.manifests.values()}) > 1
    told: dict[str, None] = {}
    for manifest in going.manifests.values():
        for guest in standing_on(host, manifest):
            told[f"{guest} ({version_name(manifest)})" if several else guest] = None
    if told:
        raise Conflict("image.in_use", name=going.name, guests=", ".join(told))


def _run(host: Host, _request: ImageRemove, operation: Operation) -> Removed:
    going: Going = operation.decided
    with operation.step("manifest"):
        # Until the first volume is gone, the image can come back whole.
        for name, manifest in going.manifests.items():
            text = msgspec.json.encode(manifest).decode()
            operation.undo("image.manifest", text=text, volume=name)
            volumes.delete(host, POOL, name)
        if going.next:
            versions.settle(host, going.next.name)
    with operation.step("volumes"):
        # A guest may have been made on it between the check and now; from now on none can.
        _refuse_used(host, going)
        removed = Removed(name=going.name, volumes=(*going.files, *going.manifests))
        # A removal that was begun does not come back: what interrupts it is cleaned up by ending it.
        operation.undo("image.removal", files=going.files)
        operation.answer(removed)
        end_removal(host, going.files)
    return removed


def end_removal(host: Host, files: list[str]) -> None:
    """Delete what is left of the volumes of an image without a manifest."""
    for volume in files:
        volumes.delete(host, POOL, volume)


def undo_manifest(host: Host, text: str, volume: str | None = None) -> None:
    """Put a manifest back while all its volumes are there; an image whose removal had begun is gone for good."""
    manifest = msgspec.json.decode(text, type=ImageManifest)
    name = volume or manifest_name(manifest.name)
    pool = storage.find_pool(host.virt, POOL)
    if pool is None or not pool.active:
        return
    pool.refresh()
    own = name != manifest_name(manifest.name)
    if read(host, pool, name) is None and all(pool.find(file) for file in manifest.files):
        versions.write(host, manifest, name)
    if own:
        versions.settle(host, manifest.name)


def _plan(_host: Host, _request: ImageRemove, going: Going) -> Plan:
    return plans.removing(going)


VERBS = {
    "image.remove": Verb(
        "image.remove", ImageRemove, Removed, _check, _run, steps=("manifest", "volumes"), plan=_plan
    ),
}
