"""Counters of running domains: what libvirt knows of itself, and what it has to ask each QEMU for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import libvirt

from innkeeper.virt.border import border
from innkeeper.virt.connection import Connection
from innkeeper.virt.domains import STATES

__all__ = ["Asked", "Known", "asked", "known"]

_NETWORK = libvirt.VIR_DOMAIN_STATS_STATE | libvirt.VIR_DOMAIN_STATS_INTERFACE
"""Of these libvirt tells without QEMU (qemu_driver.c, qemuDomainGetStatsWorkers)."""
_INSIDE = libvirt.VIR_DOMAIN_STATS_BLOCK | libvirt.VIR_DOMAIN_STATS_BALLOON
_TELL_NETWORK = ("QEMU", "Xen")
"""Drivers whose bulk statistics name every network card."""
_ACTIVE = libvirt.VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE
_NOWAIT = libvirt.VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT
_GONE = (libvirt.VIR_ERR_NO_DOMAIN, libvirt.VIR_ERR_OPERATION_INVALID)
_UNABLE = (
    libvirt.VIR_ERR_NO_SUPPORT,
    libvirt.VIR_ERR_OPERATION_UNSUPPORTED,
    libvirt.VIR_ERR_INVALID_ARG,
    libvirt.VIR_ERR_CONFIG_UNSUPPORTED,
)
"""A driver that has no such statistics."""
_UNTOLD = (*_UNABLE, libvirt.VIR_ERR_OPERATION_INVALID, libvirt.VIR_ERR_INTERNAL_ERROR)
"""Or a host that counts nothing there: a container without that control group."""


class Known(NamedTuple):
    """Of a domain that runs, without asking QEMU. Memory in bytes, CPU time in nanoseconds, network in bytes so far."""

    raw: Any
    """libvirt's handle, for `asked`"""
    name: str
    uuid: str
    id: int
    state: str
    cpus: int
    cpu_time: int
    memory: int
    memory_most: int
    net_rx: int | None
    net_tx: int | None


class Asked(NamedTuple):
    """What QEMU itself was asked for: bytes and requests so far, bytes of memory. None: it did not say."""

    disk_read: int | None = None
    disk_write: int | None = None
    disk_reads: int | None = None
    disk_writes: int | None = None
    memory_used: int | None = None
    memory_host: int | None = None


def known(connection: Connection) -> list[Known]:
    """All that run. A QEMU that hangs does not hang this: CPU time is the kernel's, the network is the bridge's."""
    with border():
        tells = connection.driver in _TELL_NETWORK
        found = (_known(raw, stats if tells else None) for raw, stats in _bulk(connection.raw))
        return [one for one in found if one is not None]


def _bulk(connection: Any) -> list[tuple[Any, dict[str, Any]]]:
    """Handles with statistics; with none where the driver has no such call (LXC, ESX)."""
    try:
        return list(connection.getAllDomainStats(_NETWORK, _ACTIVE))
    except libvirt.libvirtError as error:
        if error.get_error_code() not in _UNABLE:
            raise
        return [(raw, {}) for raw in connection.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)]


def _known(raw: Any, stats: dict[str, Any] | None) -> Known | None:
    """None for a domain that ended since it was listed."""
    try:
        state, most, memory, cpus, time = raw.info()
        id = raw.ID()
        network = _network(raw, stats)
    except libvirt.libvirtError as error:
        if error.get_error_code() not in _GONE:
            raise
        return None
    if id < 0 or state == libvirt.VIR_DOMAIN_SHUTOFF:
        return None
    counted = (cpus, time, memory * 1024, most * 1024)
    return Known(raw, raw.name(), raw.UUIDString(), id, STATES.get(state, "unknown"), *counted, *network)


def _network(raw: Any, stats: dict[str, Any] | None) -> tuple[int | None, int | None]:
    if stats is not None:
        return _sum(stats, "net", "rx.bytes"), _sum(stats, "net", "tx.bytes")
    devices = [raw.interfaceStats(name) for name in _targets(raw, "interface")]
    return (sum(one[0] for one in devices), sum(one[4] for one in devices)) if devices else (None, None)


def asked(connection: Connection, found: Sequence[Known]) -> dict[str, Asked]:
    """UUID → what QEMU says. It may never come back while a QEMU hangs; but a guest of which another call waits already
    is passed over, with nothing known (NOWAIT). Guests that ended meanwhile are left out."""
    if not found:
        return {}
    try:
        stats = _list_stats(connection.raw, [one.raw for one in found])
    except libvirt.libvirtError as error:
        if error.get_error_code() not in (*_UNABLE, *_GONE):
            with border():
                raise
        return _singly(found)
    by_uuid = {raw.UUIDString(): one for raw, one in stats}
    if any(_empty(one) for one in by_uuid.values()) and connection.driver != "QEMU":
        return _singly(found)
    return {uuid: _asked(one) for uuid, one in by_uuid.items()}


def _list_stats(connection: Any, raws: list[Any]) -> list[tuple[Any, dict[str, Any]]]:
    try:
        return list(connection.domainListGetStats(raws, _INSIDE, _NOWAIT))
    except libvirt.libvirtError as error:
        if error.get_error_code() != libvirt.VIR_ERR_INVALID_ARG:
            raise
        return list(connection.domainListGetStats(raws, _INSIDE, 0))  # a driver that knows no such flag


def _empty(stats: dict[str, Any]) -> bool:
    return not any(key.startswith(("block.", "balloon.")) for key in stats)


def _asked(stats: dict[str, Any]) -> Asked:
    rss = stats.get("balloon.rss")
    if rss is None and not any(key.endswith(".rd.reqs") for key in stats):
        return Asked()
    fields = ("rd.bytes", "wr.bytes", "rd.reqs", "wr.reqs")
    free = stats.get("balloon.usable", stats.get("balloon.unused"))
    available = stats.get("balloon.available")
    used = (available - free) * 1024 if available and free is not None else None
    read, written, reads, writes = (_sum(stats, "block", field) for field in fields)
    return Asked(read, written, reads, writes, used, rss * 1024 if rss else None)


def _sum(stats: dict[str, Any], kind: str, field: str) -> int:
    """Over all devices of a kind. A disk's backing files are told apart only when asked for."""
    return sum(stats.get(f"{kind}.{number}.{field}", 0) for number in range(stats.get(f"{kind}.count", 0)))


def _singly(found: Sequence[Known]) -> dict[str, Asked]:
    """One by one, for drivers without bulk statistics."""
    answers = {}
    for one in found:
        try:
            answers[one.uuid] = _of(one.raw)
        except libvirt.libvirtError as error:
            if error.get_error_code() not in _GONE:
                with border(name=one.name):
                    raise
    return answers


def _of(raw: Any) -> Asked:
    disks = [one for one in (_may(raw.blockStats, name) for name in _targets(raw, "disk")) if one]
    memory = _may(raw.memoryStats) or {}
    rss = memory.get("rss")
    free, available = memory.get("usable", memory.get("unused")), memory.get("available")
    used = (available - free) * 1024 if available and free is not None else None
    # blockStats tells read requests, read bytes, write requests, write bytes (virDomainBlockStatsStruct)
    read, written, reads, writes = (
        sum(one[place] for one in disks) if disks else None for place in (1, 3, 0, 2)
    )
    return Asked(read, written, reads, writes, used, rss * 1024 if rss else None)


def _may(ask: Any, *arguments: str) -> Any:
    """None where the driver does not tell."""
    try:
        return ask(*arguments)
    except libvirt.libvirtError as error:
        if error.get_error_code() not in _UNTOLD:
            raise
        return None


def _targets(raw: Any, kind: str) -> list[str]:
    """Names of its devices of a kind, from its document."""
    from innkeeper.libvirtxml import Domain

    devices = Domain.from_xml(raw.XMLDesc()).devices
    if kind == "disk":
        return [disk.target_dev for disk in devices.disks if disk.target_dev]
    return [card.target_dev for card in devices.interfaces if card.target_dev]
