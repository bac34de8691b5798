"""Views of what is always known: whether the host answers, and what was measured lately."""

from __future__ import annotations

from typing import Literal

from innkeeper.schema.base import View

__all__ = ["GuestCounters", "Link", "LinkStatus", "Measured", "Samples", "Span"]

LinkStatus = Literal["connected", "away", "hung"]
Span = Literal["minutes", "hour", "day"]


class Link(View, frozen=True, kw_only=True):
    """Whether libvirt on the host answers. What is shown meanwhile is what was last known."""

    state: LinkStatus
    """`away`: nobody answers there; `hung`: somebody is there, and does not answer"""
    since: float
    """Unix seconds"""
    detail: str
    """libvirt's own words, or nothing"""


class Samples(View, frozen=True, kw_only=True):
    """Columns of equal length; None where nothing was measured. Each value is the mean of its `step` seconds."""

    begins: float
    """Unix seconds at which the first step begins"""
    step: int
    """seconds: 5 in the last five minutes, 30 in the last hour, 300 in the last day"""
    cpu: tuple[float | None, ...]
    """percent of one processor, for the host of all it has"""
    memory: tuple[int | None, ...]
    """bytes in use: as the guest says, or else what it takes of the host's"""
    disk_read: tuple[int | None, ...]
    """this and what follows: bytes a second; for the host those of all its guests together"""
    disk_write: tuple[int | None, ...]
    net_rx: tuple[int | None, ...]
    net_tx: tuple[int | None, ...]


class GuestCounters(View, frozen=True, kw_only=True):
    """Of a guest that runs, since it was started. None: not told."""

    name: str
    uuid: str
    cpus: int
    cpu_seconds: float
    memory: int
    """bytes that it may use now"""
    memory_used: int | None
    """as it says itself"""
    memory_host: int | None
    """what it takes of the host's"""
    disk_read: int | None
    disk_write: int | None
    disk_reads: int | None
    disk_writes: int | None
    net_rx: int | None
    net_tx: int | None


class Measured(View, frozen=True, kw_only=True):
    """Counters as they were last read."""

    at: float
    """Unix seconds"""
    guests: tuple[GuestCounters, ...]
    cpu_busy: float | None
    """seconds of all processors of the host"""
    cpu_idle: float | None
    memory_used: int | None
    memory: int | None
