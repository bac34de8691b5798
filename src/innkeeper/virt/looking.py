"""All there is on a host in few calls, and one thing alone: what live state is made of. None of these calls reaches a
guest's QEMU, so that one which hangs holds up no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import libvirt

from innkeeper.virt import domains
from innkeeper.virt.border import border
from innkeeper.virt.connection import Connection

__all__ = [
    "Flags",
    "Load",
    "Place",
    "Seen",
    "documents",
    "guest",
    "guests",
    "kept_states",
    "leases",
    "load",
    "network",
    "networks",
    "pool",
    "pools",
    "volumes",
]

T = TypeVar("T")

_GONE = (
    libvirt.VIR_ERR_NO_DOMAIN,
    libvirt.VIR_ERR_NO_NETWORK,
    libvirt.VIR_ERR_NO_STORAGE_POOL,
    libvirt.VIR_ERR_NO_STORAGE_VOL,
    libvirt.VIR_ERR_NO_DOMAIN_SNAPSHOT,
    libvirt.VIR_ERR_NO_DOMAIN_CHECKPOINT,
    libvirt.VIR_ERR_OPERATION_INVALID,
)
_OFF = ("stopped", "crashed")
_UNABLE = (libvirt.VIR_ERR_NO_SUPPORT, libvirt.VIR_ERR_INVALID_ARG, libvirt.VIR_ERR_OPERATION_UNSUPPORTED)


class Flags(NamedTuple):
    """What libvirt tells of many guests by listing only those that have it."""

    autostart: bool
    saved: bool
    transient: bool
    snapshots: bool
    checkpoints: bool


_LISTED = Flags(
    *(
        getattr(libvirt, f"VIR_CONNECT_LIST_DOMAINS_{name}")
        for name in ("AUTOSTART", "MANAGEDSAVE", "TRANSIENT", "HAS_SNAPSHOT", "HAS_CHECKPOINT")
    )
)


class Seen(NamedTuple):
    """A guest as a list tells it."""

    raw: Any
    """libvirt's handle, for the other calls of this module"""
    row: domains.Row
    flags: Flags


class Place(NamedTuple):
    """A network or a pool."""

    raw: Any
    name: str
    active: bool
    print: int
    """other when anything of it is other"""


def guests(connection: Connection) -> list[Seen]:
    """All of them, in a call for each flag and one or two for the rest."""
    with border():
        flagged = [_listed(connection.raw, flag) for flag in _LISTED]
    found = domains.rows_with_handles(connection)
    return [Seen(raw, row, Flags(*(row.uuid in uuids for uuids in flagged))) for raw, row in found]


def _listed(raw: Any, flag: Any) -> set[str]:
    """UUIDs; none where the driver does not know that flag."""
    try:
        return {one.UUIDString() for one in raw.listAllDomains(flag)}
    except libvirt.libvirtError as error:
        if error.get_error_code() not in _UNABLE:
            raise
        return set()


def guest(connection: Connection, uuid: str) -> Seen | None:
    """One alone; None when there is no such guest."""
    with border(name=uuid):
        try:
            raw = connection.raw.lookupByUUIDString(uuid)
            row = domains.row_of(raw)
            return None if row is None else Seen(raw, row, _flags(raw))
        except libvirt.libvirtError as error:
            if error.get_error_code() != libvirt.VIR_ERR_NO_DOMAIN:
                raise
            return None


def _flags(raw: Any) -> Flags:
    return Flags(
        bool(_may(raw.autostart)),
        bool(_may(raw.hasManagedSaveImage)),
        not _may(raw.isPersistent),
        bool(_may(raw.snapshotNum)),
        bool(_may(lambda: raw.listAllCheckpoints())),
    )


def _may(ask: Callable[[], Any]) -> Any:
    """None where the driver does not tell."""
    try:
        return ask()
    except libvirt.libvirtError as error:
        if error.get_error_code() not in (*_UNABLE, libvirt.VIR_ERR_OPERATION_INVALID):
            raise
        return None


def _unless_gone(name: str, ask: Callable[[], T], otherwise: T) -> T:
    """What went away meanwhile is no error."""
    with border(name=name):
        try:
            return ask()
        except libvirt.libvirtError as error:
            if error.get_error_code() not in _GONE:
                raise
        return otherwise


def documents(seen: Seen) -> tuple[str, str] | None:
    """Its stored document and that of its present run ("" when it is off), without secrets. None when it is gone."""

    def ask() -> tuple[str, str] | None:
        stored = str(seen.raw.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE))
        return stored, "" if seen.row.state in _OFF else str(seen.raw.XMLDesc(0))

    return _unless_gone(seen.row.name, ask, None)


def kept_states(seen: Seen) -> tuple[str, ...]:
    """Its snapshots and checkpoints by name, and which snapshot it is on."""
    if not (seen.flags.snapshots or seen.flags.checkpoints):
        return ()

    def ask() -> tuple[str, ...]:
        found = [f"snapshot {one.getName()}" for one in _may(seen.raw.listAllSnapshots) or ()]
        found += [f"checkpoint {one.getName()}" for one in _may(seen.raw.listAllCheckpoints) or ()]
        if _may(seen.raw.hasCurrentSnapshot):
            found.append(f"on {seen.raw.snapshotCurrent().getName()}")
        return tuple(sorted(found))

    return _unless_gone(seen.row.name, ask, ())


def networks(connection: Connection) -> list[Place]:
    """All networks; none where the driver has none."""
    with border():
        found = _may(connection.raw.listAllNetworks) or ()
    return [one for raw in found if (one := _place(raw, libvirt.VIR_NETWORK_XML_INACTIVE)) is not None]


def pools(connection: Connection) -> list[Place]:
    """All pools, with their space and the names of their volumes; none where the driver has none."""
    with border():
        found = _may(connection.raw.listAllStoragePools) or ()
    return [one for raw in found if (one := _pool(raw)) is not None]


def network(connection: Connection, name: str) -> Place | None:
    """One alone; None when there is none of that name."""
    raw = _unless_gone(name, lambda: connection.raw.networkLookupByName(name), None)
    return None if raw is None else _place(raw, libvirt.VIR_NETWORK_XML_INACTIVE)


def pool(connection: Connection, name: str) -> Place | None:
    """One alone; None when there is none of that name."""
    raw = _unless_gone(name, lambda: connection.raw.storagePoolLookupByName(name), None)
    return None if raw is None else _pool(raw)


def _place(raw: Any, inactive: int) -> Place | None:
    name = str(raw.name())

    def ask() -> Place | None:
        active = bool(raw.isActive())
        live = raw.XMLDesc(0) if active else ""
        stored = _may(lambda: raw.XMLDesc(inactive)) if raw.isPersistent() else ""
        return Place(raw, name, active, hash((active, _may(raw.autostart), live, stored)))

    return _unless_gone(name, ask, None)


def _pool(raw: Any) -> Place | None:
    place = _place(raw, libvirt.VIR_STORAGE_XML_INACTIVE)
    if place is None or not place.active:
        return place

    def ask() -> Place:
        names = hash(frozenset(raw.listVolumes()))
        return place._replace(print=hash((place.print, tuple(raw.info()), names)))

    return _unless_gone(place.name, ask, place)


def volumes(place: Place, most: int) -> dict[str, int]:
    """The volumes of a pool: name → other when anything of it is other. Of more than `most` only the names."""

    def ask() -> dict[str, int]:
        listed = place.raw.listAllVolumes()
        few = len(listed) <= most
        return {str(raw.name()): _volume(raw) if few else 0 for raw in listed}

    return _unless_gone(place.name, ask, {}) if place.active else {}


def _volume(raw: Any) -> int:
    return _unless_gone(str(raw.name()), lambda: hash(tuple(raw.info())), 0)


def leases(place: Place) -> int:
    """Other when its DHCP server has given out, renewed or taken back any address."""

    def ask() -> int:
        found = _may(place.raw.DHCPLeases) or ()
        return hash(
            frozenset(tuple(sorted((key, str(value)) for key, value in one.items())) for one in found)
        )

    return _unless_gone(place.name, ask, 0) if place.active else 0


class Load(NamedTuple):
    """What the host itself does: processor time in nanoseconds so far, memory in bytes. None: not told."""

    busy: int | None
    idle: int | None
    memory_used: int | None
    memory: int | None


def load(connection: Connection) -> Load:
    """Memory that serves as cache is free (virNodeGetMemoryStats)."""
    with border():
        times = _may(lambda: connection.raw.getCPUStats(libvirt.VIR_NODE_CPU_STATS_ALL_CPUS)) or {}
        memory = _may(lambda: connection.raw.getMemoryStats(libvirt.VIR_NODE_MEMORY_STATS_ALL_CELLS)) or {}
    resting = {"idle", "iowait"}
    busy = sum(value for name, value in times.items() if name not in (*resting, "utilization"))
    total = memory.get("total")
    free = sum(memory.get(name, 0) for name in ("free", "buffers", "cached"))
    return Load(
        busy if times else None,
        sum(times.get(name, 0) for name in resting) if times else None,
        (total - free) * 1024 if total else None,
        total * 1024 if total else None,
    )
