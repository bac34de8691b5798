"""`volume.list` and `volume.remove`: what a pool holds, who uses it, and taking out what nobody does."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from innkeeper import libvirtxml
from innkeeper.errors import Conflict, InnkeeperError, NotFound
from innkeeper.schema.names import DELETED, unmark
from innkeeper.schema.volume import VolumeList, VolumeRemove, VolumeView
from innkeeper.storage import pools, volumes
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import domains, storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS", "refuse_used", "view"]


def refuse_used(host: Host, pool: str, volume: storage.Volume) -> None:
    """Raises `Conflict("volume.in_use")`."""
    used = _users(host, [volume.path])[volume.path]
    if used:
        raise Conflict("volume.in_use", name=volume.name, pool=pool, users=", ".join(used))


def view(host: Host, pool: str, volume: storage.Volume, used: tuple[str, ...] | None = None) -> VolumeView:
    """What is known of it; `used` where that is known already."""
    document = libvirtxml.Volume.from_xml(volume.xml())
    return VolumeView(
        pool=pool,
        name=volume.name,
        format=document.format,
        capacity=document.capacity or 0,
        allocation=document.allocation or 0,
        modified=float(document.modified) if document.modified else None,
        used_by=_users(host, [volume.path])[volume.path] if used is None else used,
    )


def _users(
    host: Host, paths: list[str], look: Callable[[storage.Pool], None] = storage.Pool.refresh
) -> dict[str, tuple[str, ...]]:
    """Path → who needs what is there. `look` has libvirt look at a pool again."""
    guests = {name: _paths(host, documents) for name, documents in _documents(host).items()}
    backing = _backing(host, look)
    found: dict[str, tuple[str, ...]] = {}
    for path in paths:
        ours, standing = {path}, dict[str, str]()
        while more := {
            one: named for one, (under, named) in backing.items() if under in ours and one not in standing
        }:
            standing |= more
            ours |= set(more)
        direct = {name: used for name, used in guests.items() if used & ours}
        taken = {one for used in direct.values() for one in used}
        rest = [named for one, named in standing.items() if one not in taken]
        found[path] = (*sorted(map(_readable, direct)), *sorted(rest))
    return found


def _backing(host: Host, look: Callable[[storage.Pool], None]) -> dict[str, tuple[str, str]]:
    """Path of a volume → the file below it, and POOL/VOLUME."""
    found: dict[str, tuple[str, str]] = {}
    for pool in storage.pools(host.virt):
        if not pool.active:
            continue
        look(pool)
        for volume in pool.volumes():
            with suppress(NotFound):  # it went meanwhile
                below = libvirtxml.Volume.from_xml(volume.xml()).backing_path
                if below:
                    found[volume.path] = (below, f"{pool.name}/{volume.name}")
    return found


def _readable(name: str) -> str:
    plain, kind, _ = unmark(name)
    return f"{plain} (in the bin)" if kind == DELETED else plain


def _documents(host: Host) -> dict[str, list[str]]:
    """Name → stored document of every guest, and that of its present run."""
    found = {name: [text] for name, text in domains.all_documents(host.virt).items()}
    for name in found:
        with suppress(InnkeeperError):  # it went meanwhile
            domain = domains.lookup(host.virt, name)
            if domain.active:
                found[name].append(domain.xml(live=True))
    return found


def _paths(host: Host, documents: list[str]) -> set[str]:
    found: set[str] = set()
    for text in documents:
        domain = libvirtxml.Domain.from_xml(text)
        found |= {path for path in (domain.os.kernel, domain.os.initrd) if path}
        for source in domain.node.iterfind("devices/disk//source"):
            found |= {path for path in (source.get("file"), source.get("dev")) if path}
            if source.get("pool"):
                with suppress(NotFound):
                    pool = storage.lookup_pool(host.virt, source.get("pool") or "")
                    found.add(pool.lookup(source.get("volume") or "").path)
    return found


def _check_list(host: Host, request: VolumeList) -> storage.Pool:
    return pools.ready(host, request.pool)


def _list(host: Host, request: VolumeList, operation: Operation) -> list[VolumeView]:
    pool: storage.Pool = operation.decided
    pools.freshen(pool)
    found = sorted(pool.volumes(), key=lambda volume: volume.name)
    used = _users(host, [volume.path for volume in found], pools.freshen)
    rows: list[VolumeView] = []
    for volume in found:
        with suppress(NotFound):  # it went meanwhile
            rows.append(view(host, request.pool, volume, used[volume.path]))
    return rows


def _check_remove(host: Host, request: VolumeRemove) -> storage.Volume:
    volume = volumes.lookup(host, request.pool, request.name)
    refuse_used(host, request.pool, volume)
    return volume


def _remove(host: Host, request: VolumeRemove, operation: Operation) -> VolumeView:
    volume: storage.Volume = operation.decided
    gone = view(host, request.pool, volume, ())
    volume.delete()
    return gone


def _plan_list(_host: Host, request: VolumeList, _pool: storage.Pool) -> Plan:
    pool = shlex.quote(request.pool)
    return Plan([f"list the volumes of pool {request.pool}"], {}, [f"virsh vol-list {pool} --details"])


def _plan_remove(_host: Host, request: VolumeRemove, _volume: storage.Volume) -> Plan:
    command = shlex.join(["virsh", "vol-delete", "--pool", request.pool, request.name])
    return Plan([f"remove volume {request.name} of pool {request.pool}, for good"], {}, [command])


VERBS = {
    "volume.list": Verb(
        "volume.list",
        VolumeList,
        list[VolumeView],
        _check_list,
        _list,
        target=lambda request: request.pool,
        plan=_plan_list,
    ),
    "volume.remove": Verb(
        "volume.remove",
        VolumeRemove,
        VolumeView,
        _check_remove,
        _remove,
        target=lambda request: f"{request.pool}/{request.name}",
        plan=_plan_remove,
    ),
}
