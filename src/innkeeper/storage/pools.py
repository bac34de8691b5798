"""Storage pools."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from innkeeper import libvirtxml
from innkeeper.errors import Conflict, InnkeeperError, NotFound, Unsupported
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["ensure", "ready", "target", "undo_ensure"]


def ready(host: Host, name: str) -> storage.Pool:
    """The pool of that name, active.

    Raises `NotFound("pool.unknown")` naming those there are, `Conflict("pool.inactive")`.
    """
    pool = storage.find_pool(host.virt, name)
    if pool is None:
        names = ", ".join(pool.name for pool in storage.pools(host.virt))
        raise NotFound("pool.unknown", name=name, choices=names or "-")
    if not pool.active:
        raise Conflict("pool.inactive", name=name)
    return pool


def ensure(host: Host, name: str, path: str, operation: Operation) -> storage.Pool:
    """The directory pool of that name, made, started and autostarted where it is missing."""
    pool = storage.find_pool(host.virt, name)
    if pool is None:
        operation.undo("pool.delete", name=name)
        document = libvirtxml.Pool.new(type="dir", name=name)
        document.target_path = path
        pool = storage.define_pool(host.virt, document.to_xml(), name)
        pool.build()
    if not pool.active:
        pool.start()
    if not pool.autostart:
        pool.autostart = True
    return pool


def undo_ensure(host: Host, name: str) -> None:
    """Take away a pool that an operation made, unless somebody put volumes in it since."""
    pool = storage.find_pool(host.virt, name)
    if pool is None:
        return
    if pool.active:
        pool.refresh()
        if pool.volumes():
            return
        pool.stop()
    with suppress(InnkeeperError):  # not empty, or never built: what is in it is not ours
        pool.delete()
    pool.undefine()


def target(pool: storage.Pool) -> str:
    """The directory (or device directory) that its volumes are in.

    Raises `Unsupported("pool.no_path")` for pools whose volumes are no paths on the host.
    """
    path = libvirtxml.Pool.from_xml(pool.xml()).target_path
    if not path:
        raise Unsupported("pool.no_path", name=pool.name)
    return path.rstrip("/")
