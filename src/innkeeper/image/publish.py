"""Making an image exist: its files become volumes of the images pool, its manifest the last of them.

Bytes go through libvirt's streams, so that a remote host needs nothing but libvirt.
"""

from __future__ import annotations

import os
from io import BytesIO
from typing import TYPE_CHECKING

import msgspec

from innkeeper.errors import Conflict
from innkeeper.image.catalogue import POOL, find, manifest_name
from innkeeper.machine import local
from innkeeper.schema.base import to_json
from innkeeper.schema.image import ImageFile, ImageManifest
from innkeeper.schema.names import check_name
from innkeeper.storage import pools, volumes
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["STEPS", "pool_path", "publish", "refuse_taken", "volume_names", "write_manifest"]

STEPS = ("publish", "manifest")
ENDINGS = ("qcow2", "kernel", "initrd")
"""what follows an image's name in the names of its volumes"""
_SYSTEM_PATH = f"/var/lib/libvirt/{POOL}"
_SESSION_PATH = f"~/.local/share/libvirt/{POOL}"


def pool_path(host: Host) -> str:
    """The directory of the images pool where it is still to be made."""
    return os.path.expanduser(_SESSION_PATH) if host.is_session else _SYSTEM_PATH


def volume_names(name: str) -> list[str]:
    """Every volume that an image of that name may have, the manifest last."""
    return [*(f"{name}.{ending}" for ending in ENDINGS), manifest_name(name)]


def refuse_taken(host: Host, name: str) -> None:
    """Raises `Invalid("request.name")`, `Conflict("image.exists")`, and `Conflict("image.volume_exists")` for a volume
    that is in the way without being of an image."""
    check_name(name, "image")
    pool = storage.find_pool(host.virt, POOL)
    if pool is None or not pool.active:
        return
    if find(host, name):
        raise Conflict("image.exists", name=name)
    there = {volume.name for volume in pool.volumes()}
    for volume in volume_names(name):
        if volume in there:
            raise Conflict("image.volume_exists", name=name, volume=volume, pool=POOL)


def publish(
    host: Host, operation: Operation, manifest: ImageManifest, files: dict[str, str]
) -> ImageManifest:
    """Upload `files` (ending → path on this computer) and write the manifest, which is then returned whole.

    Undone by deleting the volumes. The steps are `STEPS`.
    """
    with operation.step("publish"):
        pools.ensure(host, POOL, pool_path(host), operation)
        refuse_taken(host, manifest.name)
        described = {f"{manifest.name}.{ending}": _describe(file) for ending, file in files.items()}
        operation.check_cancel()
        _upload_all(host, operation, {f"{manifest.name}.{ending}": file for ending, file in files.items()})
        manifest = msgspec.structs.replace(manifest, files=described)
    with operation.step("manifest"):
        operation.undo("volume.delete", pool=POOL, name=manifest_name(manifest.name))
        write_manifest(host, manifest)
    return manifest


def write_manifest(host: Host, manifest: ImageManifest) -> None:
    """Put the manifest into the pool."""
    name, text = manifest_name(manifest.name), to_json(manifest) + b"\n"
    volumes.create(host, POOL, name, len(text), "raw", mode=volumes.SHARED)
    volumes.lookup(host, POOL, name).upload(BytesIO(text), lambda _count: None)
    pools.ready(host, POOL).refresh()


def _describe(path: str) -> ImageFile:
    digest = local().run(["sha256sum", "--", path]).stdout.decode().lstrip("\\").split()[0]
    return ImageFile(size=local().files.size(path), sha256=digest)


def _upload_all(host: Host, operation: Operation, files: dict[str, str]) -> None:
    whole = sum(local().files.size(path) for path in files.values())
    sent = 0

    def count(piece: int) -> None:
        nonlocal sent
        sent += piece
        operation.progress("image.progress.publish", sent / whole)

    for volume, path in files.items():
        operation.check_cancel()
        operation.undo("volume.delete", pool=POOL, name=volume)
        # Raw and as long as the file: libvirt would write a header of its own into a volume of another format.
        volumes.create(host, POOL, volume, local().files.size(path), "raw", mode=volumes.SHARED)
        volumes.upload(host, POOL, volume, path, count)
    pools.ready(host, POOL).refresh()
