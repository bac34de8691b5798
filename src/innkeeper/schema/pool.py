"""Requests and views of storage pools. Sizes are in bytes."""

from __future__ import annotations

from innkeeper.schema.base import Request, View

__all__ = ["PoolList", "PoolRow", "PoolShow", "PoolView"]


class PoolList(Request, frozen=True, kw_only=True):
    pass


class PoolShow(Request, frozen=True, kw_only=True):
    name: str


class PoolRow(View, frozen=True, kw_only=True):
    """What is None is known of an active pool only."""

    name: str
    kind: str
    """libvirt's: dir, fs, netfs, logical …"""
    active: bool
    autostart: bool
    """it starts with the host"""
    persistent: bool
    """false: it is gone when it is stopped"""
    path: str | None
    """the directory, or directory of devices, that its volumes are in"""
    capacity: int | None
    allocation: int | None
    """what is taken, also by what is no volume of it"""
    available: int | None
    volumes: int | None


class PoolView(PoolRow, frozen=True, kw_only=True):
    """A pool, and what its volumes may come to."""

    uuid: str | None
    source: tuple[str, ...] = ()
    """what it is made of: devices, servers, directories there, a volume group's name"""
    promised: int | None
    """what its volumes would take if all of them were full; more than its capacity can run out"""
    taken: int | None
    """what its volumes take now"""
