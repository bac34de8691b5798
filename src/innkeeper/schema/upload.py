"""Requests and views of uploads to a server. Sizes are in bytes, times are Unix seconds."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from innkeeper.schema.base import Request, View

__all__ = ["Upload", "UploadCreate"]

Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Bytes = Annotated[int, Meta(ge=0, le=1 << 50)]


class UploadCreate(Request, frozen=True, kw_only=True):
    purpose: Literal["file"] = "file"
    """a file for a request that names `upload:ID`"""
    name: Annotated[str, Meta(max_length=4096)] | None = None
    """what its sender calls it, and what is told of it: nothing is opened by this name"""
    size: Bytes | None = None
    """none: said later, by `Upload-Length` of the last part"""
    sha256: Sha256 | None = None
    """compared when it is whole"""


class Upload(View, frozen=True, kw_only=True):
    """A file on its way to the server, or there."""

    id: str
    reference: str
    """`upload:ID`: what a request says instead of a path"""
    name: str | None
    size: int | None
    offset: int
    """bytes that came"""
    sha256: str | None
    whole: bool
    operation: str | None
    """the one that it is for, and goes with"""
    created: float
    expires: float
    """when it is removed, unless more of it comes"""
