"""A storage pool by its name: {"xml", "active", "autostart"}, or None when there is none. Its volumes stay."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from innkeeper.doctor.repairs import Kind
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND"]


def _look(site: Site, name: str) -> dict[str, Any] | None:
    pool = storage.find_pool(site.host.virt, name)
    if pool is None:
        return None
    return {
        "xml": pool.stored_xml(),
        "active": pool.active,
        "autostart": pool.persistent and pool.autostart,
    }


def _put(site: Site, name: str, value: dict[str, Any] | None) -> None:
    """What the value does not name stays as it is. Raises `Failed` when libvirt cannot start it."""
    pool = storage.find_pool(site.host.virt, name)
    if value is None:
        _remove(pool)
        return
    if pool is None:
        pool = storage.define_pool(site.host.virt, value["xml"], name)
    if value.get("active", pool.active) != pool.active:
        if value["active"]:
            pool.start()
        else:
            pool.stop()
    # What libvirt saw of a directory while the pool was active it keeps in its document.
    if not pool.active and value.get("xml", pool.stored_xml()) != pool.stored_xml():
        pool = storage.define_pool(site.host.virt, value["xml"], name)
    if value.get("autostart", pool.autostart) != pool.autostart:
        pool.autostart = value["autostart"]


def _remove(pool: storage.Pool | None) -> None:
    if pool is None:
        return
    persistent = pool.persistent
    if pool.active:
        pool.stop()
    if persistent:
        pool.undefine()


def _commands(name: str, value: dict[str, Any] | None) -> list[str]:
    word = shlex.quote(name)
    if value is None:
        return [f"virsh pool-destroy {word}", f"virsh pool-undefine {word}"]
    lines = []
    if "xml" in value:
        lines.append(f"printf %s {shlex.quote(value['xml'])} | virsh pool-define /dev/stdin")
    if value.get("active") is not None:
        lines.append(f"virsh {'pool-start' if value['active'] else 'pool-destroy'} {word}")
    if value.get("autostart") is not None:
        lines.append(f"virsh pool-autostart {word}{'' if value['autostart'] else ' --disable'}")
    return lines


def _done(now: dict[str, Any] | None, value: dict[str, Any] | None) -> bool:
    if now is None or value is None:
        return now is value
    return all(now[piece] == wanted for piece, wanted in value.items() if piece != "xml")


KIND = Kind(_look, _put, _commands, _done)
