"""Volumes: disk bytes go through libvirt's storage API, so that a remote host needs no ssh for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from innkeeper import libvirtxml
from innkeeper.errors import Conflict, Failed, NotFound
from innkeeper.machine import local
from innkeeper.storage import pools
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = [
    "copy",
    "create",
    "create_from_file",
    "delete",
    "describe",
    "is_uploaded",
    "link",
    "lookup",
    "read",
    "upload",
]

PRIVATE, SHARED = 0o600, 0o644
"""Modes of a guest's own volume, and of one that many guests read, such as an image."""


def create(
    host: Host,
    pool: str,
    name: str,
    capacity: int,
    format: str = "qcow2",
    *,
    backing: tuple[str, str] | None = None,
    mode: int = PRIVATE,
) -> str:
    """Make a volume of `capacity` bytes and return its path. `backing` is the path and format it stands on.

    Raises `Conflict("volume.exists")`, and `Failed` when the pool is full.
    """
    document = describe(name, capacity, format, backing=backing, mode=mode)
    return pools.ready(host, pool).create(document.to_xml(), name).path


def describe(
    name: str, capacity: int, format: str, *, backing: tuple[str, str] | None = None, mode: int = PRIVATE
) -> libvirtxml.Volume:
    """The document of a volume to be made."""
    document = libvirtxml.Volume.new(name=name)
    document.capacity = capacity
    if format == "raw":
        document.allocation = 0
    document.format = format
    document.permissions.mode = mode
    if backing:
        document.backing_path, document.backing_format = backing
    return document


def copy(host: Host, image_volume: str, pool: str, name: str, capacity: int) -> str:
    """A qcow2 volume with the content of a volume of the images pool, grown to `capacity` bytes; its path."""
    from innkeeper.image.catalogue import POOL

    source = lookup(host, POOL, image_volume)
    document = describe(name, capacity, "qcow2")
    volume = pools.ready(host, pool).create_from(document.to_xml(), name, source)
    if volume.capacity() < capacity:
        volume.resize(capacity)
    return volume.path


def create_from_file(host: Host, pool: str, name: str, local_path: str, mode: int = PRIVATE) -> str:
    """A raw volume with the content of a file of this computer; its path."""
    path = create(host, pool, name, local().files.size(local_path), "raw", mode=mode)
    upload(host, pool, name, local_path)
    return path


def upload(
    host: Host, pool: str, name: str, local_path: str, on_bytes: Callable[[int], None] = lambda _count: None
) -> None:
    """Fill a volume with a file of this computer."""
    with local().files.open(local_path) as source:
        lookup(host, pool, name).upload(source, on_bytes)


def is_uploaded(path: str) -> bool:
    """Whether that file was uploaded to the server of this computer, which keeps it for one request only."""
    return path.startswith(f"{local().state_dir}/uploads/")


def link(host: Host, pool: str, name: str, local_path: str) -> bool:
    """Whether what was uploaded to this computer's server is the volume by a second name, without a copy of it: the
    pool is a directory on the same file system, and the files in it are ours. Raises `Conflict("volume.exists")`."""
    found = pools.ready(host, pool)
    ours = host.machine is local() and (local().is_root or host.is_session)
    if not (ours and is_uploaded(local_path) and pools.is_directory(found)):
        return False
    if found.find(name) is not None:
        raise Conflict("volume.exists", name=name, pool=pool)
    path = f"{pools.target(found)}/{name}"
    try:
        local().files.link(local_path, path)
    except Failed:  # another file system
        return False
    found.refresh()
    if found.find(name) is None:  # half a minute of another's work in the pool, or no file that libvirt lists
        local().files.remove(path)
        return False
    return True


def read(host: Host, pool: str, name: str) -> bytes:
    """The whole content of a small volume."""
    pieces: list[bytes] = []
    lookup(host, pool, name).download(pieces.append)
    return b"".join(pieces)


def lookup(host: Host, pool: str, name: str) -> storage.Volume:
    """Looks again at what the pool holds before it says `NotFound("volume.unknown")`."""
    found = pools.ready(host, pool)
    volume = found.find(name)
    if volume is None:
        found.refresh()
        volume = found.find(name)
    if volume is None:
        raise NotFound("volume.unknown", name=name, pool=pool)
    return volume


def delete(host: Host, pool: str, name: str) -> None:
    """Missing is fine, also when the pool is. Raises `Conflict("pool.inactive")`: what is in it cannot be known."""
    found = storage.find_pool(host.virt, pool)
    if found is None:
        return
    if not found.active:
        raise Conflict("pool.inactive", name=pool)
    volume = found.find(name)
    if (
        volume is None
    ):  # a process that died while libvirt made it may have left a file that the pool does not list
        found.refresh()
        volume = found.find(name)
    if volume is not None:
        volume.delete()
