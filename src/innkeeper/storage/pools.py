"""Storage pools."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from innkeeper import libvirtxml
from innkeeper.errors import Busy, Conflict, InnkeeperError, NotFound, Unsupported
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["ensure", "freshen", "known", "ready", "target", "undo_ensure"]

_PATIENCE = 10.0
_FRESH = 3.0
"""Seconds for which one look is enough."""
_looked_at: dict[str, float] = {}
"""UUID of a pool → when it was looked at last"""


def ready(host: Host, name: str) -> storage.Pool:
    """The pool of that name, active.

    Raises what `known` raises, and `Conflict("pool.inactive")`.
    """
    pool = known(host, name)
    if not pool.active:
        raise Conflict("pool.inactive", name=name)
    return pool


def known(host: Host, name: str) -> storage.Pool:
    """The pool of that name, active or not.

    Raises `NotFound("pool.unknown")` naming those there are, `NotFound("pool.none")`.
    """
    pool = storage.find_pool(host.virt, name)
    if pool is None:
        names = ", ".join(pool.name for pool in storage.pools(host.virt))
        if not names:
            raise NotFound("pool.none", name=name)
        raise NotFound("pool.unknown", name=name, choices=names)
    return pool


def freshen(pool: storage.Pool) -> None:
    """Have libvirt look again at what is there, unless this process had it look a moment ago: whoever shows a pool
    asks often, and each look opens the file of every volume."""
    now = time.monotonic()
    if _looked_at.get(pool.uuid, 0.0) + _FRESH < now:
        pool.refresh()
        _looked_at[pool.uuid] = time.monotonic()


def ensure(host: Host, name: str, path: str, operation: Operation) -> storage.Pool:
    """The directory pool of that name, made, started and autostarted where it is missing.

    Who else wants it made at this moment is waited for.
    """
    pool = storage.find_pool(host.virt, name)
    if pool is not None and pool.active and pool.autostart:
        return pool
    with _alone(host, name):
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


@contextmanager
def _alone(host: Host, name: str) -> Iterator[None]:
    """Holds the pool's lock. Raises `Busy("operation.busy")` when it does not come free in ten seconds."""
    deadline = time.monotonic() + _PATIENCE
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(host.lock(f"pool:{name}", f"pool {name}"))
                break
            except Busy:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        yield


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


def is_directory(pool: storage.Pool) -> bool:
    """Whether its volumes are files in a directory."""
    return libvirtxml.Pool.from_xml(pool.xml()).type in ("dir", "fs", "netfs")


def target(pool: storage.Pool) -> str:
    """The directory (or device directory) that its volumes are in.

    Raises `Unsupported("pool.no_path")` for pools whose volumes are no paths on the host.
    """
    path = libvirtxml.Pool.from_xml(pool.xml()).target_path
    if not path:
        raise Unsupported("pool.no_path", name=pool.name)
    return path.rstrip("/")
