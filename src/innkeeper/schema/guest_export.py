"""Request and view of `guest.export`."""

from __future__ import annotations

from typing import Literal

from innkeeper.schema.base import Request, View
from innkeeper.schema.kept import Note

__all__ = ["Compress", "GuestExport", "GuestExported"]

Compress = Literal["zstd", "gzip", "none"]


class GuestExport(Request, frozen=True, kw_only=True):
    """A guest as one file or stream, from which it can be made again here or elsewhere."""

    name: str
    file: str
    """a new file of this computer, or `-` for standard output"""
    compress: Compress = "zstd"
    without: tuple[str, ...] = ()
    """disks, by target, that stay behind"""
    freeze: bool = True
    """of a running guest: have its agent freeze its file systems for the moment that is exported"""


class GuestExported(View, frozen=True, kw_only=True):
    name: str
    file: str
    size: int | None
    """bytes of the file; None of a stream"""
    data: int
    """bytes of the guest's files that were read"""
    state: str
    """of the guest at the moment that was exported"""
    frozen: bool
    notes: tuple[Note, ...]
    """what is not in it, or not as it was"""
