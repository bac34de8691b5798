"""`pool.list` and `pool.show`: where volumes are, how much room there is, and how much of it is promised."""

from __future__ import annotations

import shlex
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from innkeeper import libvirtxml
from innkeeper.errors import NotFound, Unsupported
from innkeeper.schema.pool import PoolList, PoolRow, PoolShow, PoolView
from innkeeper.storage import pools
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS"]

LOCAL = ("dir", "fs", "logical")
"""Kinds that are looked at anew: libvirt tells space and volumes as they were when it last did. One that fails is
stopped by it, so those on servers are left alone."""


def _facts(pool: storage.Pool, document: libvirtxml.Pool) -> dict[str, Any]:
    active = pool.active
    whole = free = volumes = None
    if active:
        if document.type in LOCAL:
            pools.freshen(pool)
        whole, free = pool.space()
        volumes = pool.count()
    return {
        "name": pool.name,
        "kind": document.type or "",
        "active": active,
        "autostart": pool.autostart,
        "persistent": pool.persistent,
        "path": document.target_path,
        "capacity": whole,
        "allocation": None if whole is None or free is None else whole - free,
        "available": free,
        "volumes": volumes,
    }


def _check_list(_host: Host, _request: PoolList) -> None:
    """Looking is always allowed."""


def _list(host: Host, _request: PoolList, _operation: Operation) -> list[PoolRow]:
    """None where the driver keeps no storage."""
    rows: list[PoolRow] = []
    connection = host.virt  # a libvirt that is away is refused: that is not "none"
    try:
        found = storage.pools(connection)
    except Unsupported:
        return rows
    for pool in found:
        with suppress(NotFound):  # it went meanwhile
            rows.append(PoolRow(**_facts(pool, libvirtxml.Pool.from_xml(pool.xml()))))
    return rows


def _check_show(host: Host, request: PoolShow) -> storage.Pool:
    return pools.known(host, request.name)


def _show(_host: Host, _request: PoolShow, operation: Operation) -> PoolView:
    pool: storage.Pool = operation.decided
    document = libvirtxml.Pool.from_xml(pool.xml())
    facts = _facts(pool, document)
    sizes = pool.sizes() if facts["active"] else None
    return PoolView(
        uuid=document.uuid,
        source=_source(document),
        promised=None if sizes is None else sum(max(size) for size in sizes),
        taken=None if sizes is None else sum(allocation for _capacity, allocation in sizes),
        **facts,
    )


def _source(document: libvirtxml.Pool) -> tuple[str, ...]:
    source = document.source
    if not source.exists:
        return ()
    hosts = (f"{host.name}:{host.port}" if host.port else host.name for host in source.hosts)
    return tuple(part for part in (*hosts, *source.devices, source.dir, source.name) if part)


def _plan_list(_host: Host, _request: PoolList, _decided: None) -> Plan:
    return Plan(["list the storage pools"], {}, ["virsh pool-list --all --details"])


def _plan_show(_host: Host, request: PoolShow, _pool: storage.Pool) -> Plan:
    name = shlex.quote(request.name)
    commands = [f"virsh pool-info --bytes {name}", f"virsh pool-dumpxml {name}"]
    return Plan([f"show storage pool {request.name}"], {}, commands)


VERBS = {
    "pool.list": Verb(
        "pool.list", PoolList, list[PoolRow], _check_list, _list, target=lambda _: "", plan=_plan_list
    ),
    "pool.show": Verb("pool.show", PoolShow, PoolView, _check_show, _show, plan=_plan_show),
}
