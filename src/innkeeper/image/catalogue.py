"""Images that are there: volumes of one pool, each image with a manifest that says what it is.

An image that was replaced has versions. Each has a manifest NAME@RELEASE.json, which never changes; NAME.json is the
newest's. libvirt cannot put a volume in another's place: while NAME.json is written anew, the newest of the others
counts, so that no reader sees a moment without the image.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec

from innkeeper.errors import Conflict, Invalid, NotFound
from innkeeper.schema.image import ImageList, ImageManifest, ImageShow, ImageView
from innkeeper.schema.names import RELEASE, check_name
from innkeeper.storage import volumes
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.schema.image_offers import AvailableImages

__all__ = [
    "POOL",
    "VERBS",
    "find",
    "lookup",
    "manifest_name",
    "manifests",
    "old_versions",
    "read",
    "refuse_gone",
    "release_of",
    "version_name",
    "versions",
    "view",
]

POOL = "innkeeper-images"
"""the libvirt pool that holds all images"""

_ENDING = ".json"


def manifest_name(name: str) -> str:
    """The volume that holds the manifest of NAME, or of NAME@RELEASE."""
    return f"{name}{_ENDING}"


def release_of(manifest: ImageManifest) -> str:
    """Which version it is: what it says, else when it was built, such as `20261122T101500Z`."""
    return manifest.release or time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(manifest.built))


def version_name(manifest: ImageManifest) -> str:
    """NAME@RELEASE."""
    return f"{manifest.name}{RELEASE}{release_of(manifest)}"


def _order(manifest: ImageManifest) -> int:
    return manifest.order


def lookup(host: Host, name: str) -> ImageManifest:
    """The image NAME, or its version NAME@RELEASE. Raises `Invalid("request.name")`, `NotFound("image.unknown")` naming
    those there are."""
    plain, at, release = name.partition(RELEASE)
    check_name(plain, "image")
    if at:
        check_name(release, "image")
    found = find(host, name)
    if found is None:
        there = versions(host, plain) if at else []
        names = [version_name(one) for one in there] or [manifest.name for manifest in manifests(host)]
        raise NotFound("image.unknown", name=name, choices=", ".join(names) or "-")
    return found


def find(host: Host, name: str) -> ImageManifest | None:
    """The image NAME, or its version NAME@RELEASE; None while no manifest of it is there and whole."""
    pool = storage.find_pool(host.virt, POOL)
    if pool is None or not pool.active:
        return None
    found = _find(host, pool, name)
    if found is None:
        pool.refresh()
        found = _find(host, pool, name)
    return found


def _find(host: Host, pool: storage.Pool, name: str) -> ImageManifest | None:
    """NAME.json first: it changes only when the manifest that it held stands, or comes to stand, under its own name."""
    plain, at, release = name.partition(RELEASE)
    newest = read(host, pool, manifest_name(plain))
    if at:
        if newest and release_of(newest) == release:
            return newest
        return read(host, pool, manifest_name(name))
    return newest or max(_versions(host, pool, plain), key=_order, default=None)


def read(host: Host, pool: storage.Pool, volume: str) -> ImageManifest | None:
    """A manifest; None for one that is not there, or not whole: who wrote it died, or is at it."""
    if pool.find(volume) is None:
        return None
    try:
        return msgspec.json.decode(volumes.read(host, POOL, volume), type=ImageManifest)
    except (NotFound, msgspec.DecodeError):
        return None
    except Conflict as error:
        if error.code != "libvirt.invalid_now":
            raise
        return None  # libvirt makes the volume in this very moment


def versions(host: Host, name: str) -> list[ImageManifest]:
    """Every version of an image that has a manifest of its own, the newest first; none of an image that never was
    replaced."""
    pool = storage.find_pool(host.virt, POOL)
    if pool is None or not pool.active:
        return []
    return sorted(_versions(host, pool, name), key=_order, reverse=True)


def _versions(host: Host, pool: storage.Pool, name: str) -> list[ImageManifest]:
    names = [volume.name for volume in pool.volumes()]
    ours = [one for one in names if one.startswith(f"{name}{RELEASE}") and one.endswith(_ENDING)]
    return [manifest for one in sorted(ours) if (manifest := read(host, pool, one))]


def refuse_gone(host: Host, manifest: ImageManifest) -> None:
    """Raises `NotFound("image.unknown")` when an image that was there is being removed, or is gone."""
    pool = storage.find_pool(host.virt, POOL)
    for name in (manifest_name(manifest.name), manifest_name(version_name(manifest))):
        there = read(host, pool, name) if pool else None
        if there and there.disk == manifest.disk:
            return
    raise NotFound("image.unknown", name=manifest.name, choices="-")


def manifests(host: Host, old: bool = False) -> list[ImageManifest]:
    """Every whole image, by name; with `old`, behind each the versions that came before it, the last first."""
    pool = storage.find_pool(host.virt, POOL)
    if pool is None or not pool.active:
        return []
    pool.refresh()
    volumes_there = [volume.name for volume in pool.volumes()]
    stems = {name.removesuffix(_ENDING) for name in volumes_there if name.endswith(_ENDING)}
    found: list[ImageManifest] = []
    for name in sorted({stem.partition(RELEASE)[0] for stem in stems}):
        newest = _find(host, pool, name)
        if newest is None:
            continue
        found.append(newest)
        if old:
            found += old_versions(host, newest)
    return found


def old_versions(host: Host, newest: ImageManifest) -> list[ImageManifest]:
    """The versions before the newest, the last first."""
    return [one for one in versions(host, newest.name) if one.disk != newest.disk]


def view(
    manifest: ImageManifest,
    guests: tuple[str, ...] | None = None,
    old: bool = False,
    versions: tuple[str, ...] | None = None,
) -> ImageView:
    """What is shown of an image, with the guests that stand on it and its old versions when somebody looked."""
    known = {
        field: getattr(manifest, field) for field in ImageView.__struct_fields__ if hasattr(manifest, field)
    }
    known |= {"release": release_of(manifest), "old": old, "versions": versions}
    size = sum(file.size for file in manifest.files.values())
    return ImageView(size=size, direct_boot=manifest.kernel is not None, guests=guests, **known)


def _nothing(_host: Host, _request: ImageShow) -> None:
    """Looking changes nothing; what is not there is said while looking."""


def _check_list(_host: Host, request: ImageList) -> None:
    if request.all and request.available:
        raise Invalid("request.together", first="--all", second="--available")
    if request.refresh and not request.available:
        raise Invalid("request.needs", first="--refresh", second="--available")


def _list(host: Host, request: ImageList, _operation: Operation) -> list[ImageView] | AvailableImages:
    if request.available:
        from innkeeper.image.getting import Getter
        from innkeeper.image.offers.listing import available

        return available(host, Getter() if request.refresh else None)
    views: list[ImageView] = []
    for manifest in manifests(host, old=request.all):
        views.append(view(manifest, old=bool(views) and views[-1].name == manifest.name))
    return views


def _show(host: Host, request: ImageShow, _operation: Operation) -> ImageView:
    from innkeeper.image.standing import standing_on

    manifest = lookup(host, request.name)
    newest = find(host, manifest.name) or manifest
    before = tuple(version_name(one) for one in old_versions(host, newest) if one.disk != manifest.disk)
    return view(manifest, tuple(standing_on(host, manifest)), newest.disk != manifest.disk, before)


def _plan_list(_host: Host, request: ImageList, _decided: None) -> Plan:
    """Every manifest is an image; what can be had is in no pool."""
    if request.available:
        return Plan(["list what the catalogue offers"], {}, [])
    return Plan(["list the images"], {}, [f"virsh pool-refresh {POOL}", f"virsh vol-list {POOL}"])


def _plan_show(host: Host, request: ImageShow, _decided: None) -> Plan:
    manifest = lookup(host, request.name)
    newest = find(host, manifest.name)
    whole = manifest.name if newest is None or newest.disk == manifest.disk else version_name(manifest)
    name = manifest_name(whole)
    commands = [f"virsh vol-download --pool {POOL} {name} {name}", f"cat {name}"]
    return Plan([f"show image {request.name}"], {}, commands)


VERBS = {
    "image.list": Verb("image.list", ImageList, Any, _check_list, _list, plan=_plan_list),
    "image.show": Verb("image.show", ImageShow, ImageView, _nothing, _show, plan=_plan_show),
}
