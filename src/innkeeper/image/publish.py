"""Making an image exist: its files become volumes of the images pool, its manifest the last of them.

Bytes go through libvirt's streams, so that a remote host needs nothing but libvirt. An image that takes another's place
has volumes of its own, NAME@RELEASE.…, and the other becomes an old version.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from innkeeper.errors import Conflict
from innkeeper.image import versions
from innkeeper.image.catalogue import POOL, find, manifest_name, release_of, version_name, view
from innkeeper.machine import local
from innkeeper.schema.image import ImageFile, ImageManifest
from innkeeper.schema.names import RELEASE, check_name
from innkeeper.storage import pools, volumes
from innkeeper.tools.sums import sums
from innkeeper.virt import storage

if TYPE_CHECKING:
    from collections.abc import Callable

    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.schema.base import View

__all__ = ["STEPS", "Edition", "edition", "pool_path", "publish", "refuse_taken", "volume_names"]

STEPS = ("publish", "manifest", "prune")
ENDINGS = ("qcow2", "kernel", "initrd")
"""what follows an image's name in the names of its volumes"""
_SYSTEM_PATH = f"/var/lib/libvirt/{POOL}"
_SESSION_PATH = f"~/.local/share/libvirt/{POOL}"


def pool_path(host: Host) -> str:
    """The directory of the images pool where it is still to be made."""
    return os.path.expanduser(_SESSION_PATH) if host.is_session else _SYSTEM_PATH


def volume_names(name: str) -> list[str]:
    """Every volume that an image of that name may have, the manifest last; NAME, or NAME@RELEASE."""
    return [*(f"{name}.{ending}" for ending in ENDINGS), manifest_name(name)]


def refuse_taken(host: Host, name: str, replace: bool = False) -> None:
    """Raises `Invalid("request.name")`, `Conflict("image.exists")` unless it is to be replaced,
    `Conflict("image.volume_exists")` for a volume that is in the way without being of an image, and
    `Invalid("image.keep")`."""
    check_name(name, "image")
    versions.keep()
    pool = storage.find_pool(host.virt, POOL)
    if pool is None or not pool.active:
        return
    if find(host, name):
        if replace:
            return
        raise Conflict("image.exists", name=name)
    there = {volume.name for volume in pool.volumes()}
    for volume in volume_names(name):
        if volume in there:
            raise Conflict("image.volume_exists", name=name, volume=volume, pool=POOL)


@dataclass(frozen=True)
class Edition:
    """An image as it comes into the pool."""

    manifest: ImageManifest
    before: ImageManifest | None
    """the one whose place it takes"""

    @property
    def stem(self) -> str:
        """What the names of its volumes begin with."""
        return self.manifest.disk.removesuffix(f".{ENDINGS[0]}")


def edition(host: Host, manifest: ImageManifest, endings: list[str]) -> Edition:
    """The manifest with the names that its volumes will have, of files with these endings."""
    before = find(host, manifest.name)
    stem = manifest.name
    if before:
        manifest = msgspec.structs.replace(
            manifest, release=_free_release(host, manifest, before), order=before.order + 1
        )
        stem = version_name(manifest)
    named = {ending: f"{stem}.{ending}" if ending in endings else None for ending in ENDINGS}
    manifest = msgspec.structs.replace(
        manifest, disk=f"{stem}.{ENDINGS[0]}", kernel=named["kernel"], initrd=named["initrd"]
    )
    return Edition(manifest, before)


def _free_release(host: Host, manifest: ImageManifest, before: ImageManifest) -> str:
    """Its release as it can stand in a name, made another one where that is taken: `20261122`, `20261122-2`."""
    taken = {volume.name for volume in pools.ready(host, POOL).volumes()}
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", release_of(manifest)).strip("-._")[:40] or "1"
    release, number = plain, 1
    while release == release_of(before) or taken & set(volume_names(f"{manifest.name}{RELEASE}{release}")):
        number += 1
        release = f"{plain}-{number}"
    return release


def publish(
    host: Host,
    operation: Operation,
    manifest: ImageManifest,
    files: dict[str, str],
    replace: bool = False,
    answer: Callable[[ImageManifest], View] = view,
) -> ImageManifest:
    """Upload `files` (ending → path on this computer) and write the manifest, which is then returned whole: with the
    names of its volumes, and a release of its own when it takes the place of another, which `replace` allows. `answer`
    is what the verb answers then.

    Undone by making the pool what it was, unless something stands on the image by then. The steps are `STEPS`; in the
    last one, which only a replaced image has, old versions go by rule, and nothing is taken back any more.
    """
    with operation.step("publish"):
        pools.ensure(host, POOL, pool_path(host), operation)
        refuse_taken(host, manifest.name, replace)
        made = edition(host, manifest, list(files))
        described = {f"{made.stem}.{ending}": _describe(file) for ending, file in files.items()}
        manifest = msgspec.structs.replace(made.manifest, files=described)
        operation.check_cancel()
        _undo(host, operation, manifest, made.before)
        _upload_all(host, operation, {f"{made.stem}.{ending}": file for ending, file in files.items()})
    with operation.step("manifest"):
        _make_newest(host, manifest, made.before)
        pools.ready(host, POOL).refresh()
    if made.before:
        operation.keep(answer(manifest))
        with operation.step("prune"):
            versions.prune(host, manifest.name, operation)
    return manifest


def _undo(host: Host, operation: Operation, manifest: ImageManifest, before: ImageManifest | None) -> None:
    """Of the volumes and manifests to come."""
    kept = manifest_name(version_name(before)) if before else None
    if kept and pools.ready(host, POOL).find(kept):
        kept = None  # it was one of several versions before
    operation.undo("image.publish", text=msgspec.json.encode(manifest).decode(), before=kept)


def _make_newest(host: Host, manifest: ImageManifest, before: ImageManifest | None) -> None:
    """From the last line on, NAME is this one; before, it is what it was."""
    if before is None:
        versions.write(host, manifest, manifest_name(manifest.name))
        return
    kept = manifest_name(version_name(before))
    pool = pools.ready(host, POOL)
    if pool.find(kept) is None:
        versions.write(host, before, kept)
    versions.write(host, manifest, manifest_name(version_name(manifest)))
    versions.settle(host, manifest.name)


def _describe(path: str) -> ImageFile:
    (found,) = sums(local(), [path], lambda _count: None)
    return ImageFile(size=found.size, sha256=found.sha256)


def _upload_all(host: Host, operation: Operation, files: dict[str, str]) -> None:
    whole = sum(local().files.size(path) for path in files.values())
    sent = 0

    def count(piece: int) -> None:
        nonlocal sent
        sent += piece
        operation.progress("image.progress.publish", sent / whole)

    for volume, path in files.items():
        operation.check_cancel()
        # Raw and as long as the file: libvirt would write a header of its own into a volume of another format.
        volumes.create(host, POOL, volume, local().files.size(path), "raw", mode=volumes.SHARED)
        volumes.upload(host, POOL, volume, path, count)
    pools.ready(host, POOL).refresh()
