"""Requests and views of volumes. Sizes are in bytes, times are Unix seconds."""

from __future__ import annotations

from innkeeper.schema.base import Request, View

__all__ = ["VolumeDownload", "VolumeDownloaded", "VolumeList", "VolumeRemove", "VolumeUpload", "VolumeView"]


class VolumeList(Request, frozen=True, kw_only=True):
    pool: str


class VolumeUpload(Request, frozen=True, kw_only=True):
    pool: str
    name: str
    file: str
    """of this computer"""
    format: str | None = None
    """what the file is; found out when not said"""
    replace: bool = False
    """take the place of one that nobody uses"""


class VolumeDownload(Request, frozen=True, kw_only=True):
    pool: str
    name: str
    file: str
    """a new one of this computer, or `-` for standard output"""


class VolumeRemove(Request, frozen=True, kw_only=True):
    pool: str
    name: str


class VolumeView(View, frozen=True, kw_only=True):
    pool: str
    name: str
    format: str | None
    """as libvirt found it: `raw`, `qcow2`, `iso` …"""
    capacity: int
    """what a guest sees"""
    allocation: int
    """what it takes of the pool"""
    modified: float | None
    used_by: tuple[str, ...]
    """guests whose disk it is or stands on, and POOL/VOLUME of volumes that stand on it and are of no guest"""


class VolumeDownloaded(View, frozen=True, kw_only=True):
    pool: str
    name: str
    file: str
    size: int
