"""The versions of an image: how one becomes the newest, and how one goes.

Who changes them holds the image's lock. A version's volumes never change, so that what stands on them stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from innkeeper import config
from innkeeper.errors import Invalid
from innkeeper.image.catalogue import (
    POOL,
    find,
    manifest_name,
    old_versions,
    read,
    version_name,
    versions,
)
from innkeeper.image.standing import standing_on
from innkeeper.schema.image import ImageManifest
from innkeeper.schema.names import RELEASE
from innkeeper.storage import volumes
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["keep", "prune", "settle", "superfluous", "undo_publish", "undo_version", "write"]


def keep() -> int:
    """How many old versions are kept beside the newest. Raises `Invalid("image.keep")`."""
    text = config.get("images_keep")
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Invalid("image.keep", value=text[:40])
    return int(text)


def write(host: Host, manifest: ImageManifest, volume: str) -> None:
    """Make that volume of the images pool hold the manifest, whatever it was before."""
    from io import BytesIO

    from innkeeper.schema.base import to_json

    text = to_json(manifest) + b"\n"
    volumes.delete(host, POOL, volume)
    volumes.create(host, POOL, volume, len(text), "raw", mode=volumes.SHARED)
    volumes.lookup(host, POOL, volume).upload(BytesIO(text), lambda _count: None)


def settle(host: Host, name: str) -> None:
    """Make NAME.json what the newest of the versions says. An image without versions stays as it is."""
    pool = storage.find_pool(host.virt, POOL)
    newest = next(iter(versions(host, name)), None)
    if pool is None or newest is None:
        return
    if read(host, pool, manifest_name(name)) != newest:
        write(host, newest, manifest_name(name))


def superfluous(host: Host, old: list[ImageManifest]) -> list[ImageManifest]:
    """Of an image's old versions, the last first: those that go by rule. `images_keep` stay, and all that something
    stands on."""
    return [one for one in old[keep() :] if not standing_on(host, one)]


def prune(host: Host, name: str, operation: Operation) -> None:
    """Take away the old versions that go by rule. What is begun is ended by whoever cleans up."""
    newest = find(host, name)
    for manifest in superfluous(host, old_versions(host, newest)) if newest else ():
        operation.undo("image.version", text=msgspec.json.encode(manifest).decode())
        drop(host, manifest)


def undo_version(host: Host, text: str) -> None:
    """End the removal of an old version."""
    drop(host, msgspec.json.decode(text, type=ImageManifest))


def drop(host: Host, manifest: ImageManifest) -> bool:
    """Take away a version, unless something stands on it: then it stays, or is put back. Whether it is gone.

    The manifest goes first. Whoever makes a guest of it looks for the manifest after its disk was made: one of us two
    sees the other (`guest.create`).
    """
    pool = storage.find_pool(host.virt, POOL)
    if pool is None or not pool.active:
        return True
    names = _naming(host, pool, manifest)
    if names and standing_on(host, manifest):
        return False
    for name in names:
        volumes.delete(host, POOL, name)
    if names and standing_on(host, manifest):
        for name in names:
            write(host, manifest, name)
        return False
    settle(host, manifest.name)
    for volume in manifest.files:
        volumes.delete(host, POOL, volume)
    return True


def _naming(host: Host, pool: storage.Pool, manifest: ImageManifest) -> list[str]:
    """The manifests of a version: its own, and NAME.json when it is the newest. Its own first, since NAME.json counts
    while it is there."""
    own = manifest_name(version_name(manifest))
    return [name for name in (own, manifest_name(manifest.name)) if _is(read(host, pool, name), manifest)]


def _is(one: ImageManifest | None, other: ImageManifest) -> bool:
    return one is not None and one.disk == other.disk


def undo_publish(host: Host, text: str, before: str | None) -> None:
    """Take away an image that was being published, and make the one `before` it what it was: the newest, or an image
    without versions. One that was whole, and that something stands on by now, stays."""
    manifest = msgspec.json.decode(text, type=ImageManifest)
    pool = storage.find_pool(host.virt, POOL)
    if pool is None or not pool.active:
        return
    pool.refresh()
    _drop_halves(host, pool, manifest.name)
    if drop(host, manifest) and before:
        volumes.delete(host, POOL, before)


def _drop_halves(host: Host, pool: storage.Pool, name: str) -> None:
    """Manifests of that image which are not whole."""
    own = manifest_name(name)
    for volume in [one.name for one in pool.volumes()]:
        ours = volume == own or (volume.startswith(f"{name}{RELEASE}") and volume.endswith(".json"))
        if ours and read(host, pool, volume) is None:
            volumes.delete(host, POOL, volume)
    settle(host, name)
