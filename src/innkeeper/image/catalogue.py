"""Images that are there: volumes of one pool, each image with a manifest that says what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from innkeeper.errors import NotFound
from innkeeper.schema.image import ImageList, ImageManifest, ImageShow, ImageView
from innkeeper.schema.names import check_name
from innkeeper.storage import volumes
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["POOL", "VERBS", "lookup", "manifest_name", "manifests", "refuse_gone", "view"]

POOL = "innkeeper-images"
"""the libvirt pool that holds all images"""

_ENDING = ".json"


def manifest_name(name: str) -> str:
    """The volume that holds the manifest of the image of that name."""
    return f"{name}{_ENDING}"


def lookup(host: Host, name: str) -> ImageManifest:
    """The image of that name. Raises `Invalid("request.name")`, `NotFound("image.unknown")` naming those there are."""
    check_name(name, "image")
    found = find(host, name)
    if found is None:
        names = ", ".join(manifest.name for manifest in manifests(host))
        raise NotFound("image.unknown", name=name, choices=names or "-")
    return found


def find(host: Host, name: str) -> ImageManifest | None:
    """The image of that name, or None while its manifest is not there or not whole."""
    pool = storage.find_pool(host.virt, POOL)
    if pool is None or not pool.active:
        return None
    if pool.find(manifest_name(name)) is None:
        pool.refresh()
    if pool.find(manifest_name(name)) is None:
        return None
    return _decode(volumes.read(host, POOL, manifest_name(name)))


def refuse_gone(host: Host, name: str) -> None:
    """Raises `NotFound("image.unknown")` when an image that was there is being removed, or is gone."""
    pool = storage.find_pool(host.virt, POOL)
    if pool is None or pool.find(manifest_name(name)) is None:
        raise NotFound("image.unknown", name=name, choices="-")


def manifests(host: Host) -> list[ImageManifest]:
    """Every whole image, by name."""
    pool = storage.find_pool(host.virt, POOL)
    if pool is None or not pool.active:
        return []
    pool.refresh()
    names = sorted(volume.name for volume in pool.volumes() if volume.name.endswith(_ENDING))
    found = (_decode(volumes.read(host, POOL, name)) for name in names)
    return [manifest for manifest in found if manifest is not None]


def view(manifest: ImageManifest, guests: tuple[str, ...] | None = None) -> ImageView:
    """What is shown of an image, with the guests that stand on it when somebody looked."""
    known = {
        field: getattr(manifest, field) for field in ImageView.__struct_fields__ if hasattr(manifest, field)
    }
    size = sum(file.size for file in manifest.files.values())
    return ImageView(size=size, direct_boot=manifest.kernel is not None, guests=guests, **known)


def _decode(text: bytes) -> ImageManifest | None:
    """A manifest that is not whole is one that a dying process left: its image does not exist."""
    try:
        return msgspec.json.decode(text, type=ImageManifest)
    except msgspec.DecodeError:
        return None


def _nothing(_host: Host, _request: ImageList | ImageShow) -> None:
    """Looking changes nothing; what is not there is said while looking."""


def _list(host: Host, _request: ImageList, _operation: Operation) -> list[ImageView]:
    return [view(manifest) for manifest in manifests(host)]


def _show(host: Host, request: ImageShow, _operation: Operation) -> ImageView:
    from innkeeper.image.removal import standing_on

    manifest = lookup(host, request.name)
    return view(manifest, tuple(standing_on(host, manifest)))


def _plan_list(_host: Host, _request: ImageList, _decided: None) -> Plan:
    """Every manifest is an image."""
    return Plan(["list the images"], {}, [f"virsh pool-refresh {POOL}", f"virsh vol-list {POOL}"])


def _plan_show(host: Host, request: ImageShow, _decided: None) -> Plan:
    name = manifest_name(lookup(host, request.name).name)
    commands = [f"virsh vol-download --pool {POOL} {name} {name}", f"cat {name}"]
    return Plan([f"show image {request.name}"], {}, commands)


VERBS = {
    "image.list": Verb("image.list", ImageList, list[ImageView], _nothing, _list, plan=_plan_list),
    "image.show": Verb("image.show", ImageShow, ImageView, _nothing, _show, plan=_plan_show),
}
