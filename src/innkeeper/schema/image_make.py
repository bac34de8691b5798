"""The request for an image that is made of a guest."""

from __future__ import annotations

from innkeeper.schema.base import Request
from innkeeper.schema.image import Login

__all__ = ["ImageMake"]


class ImageMake(Request, frozen=True, kw_only=True):
    """Make an image of a guest that is off. What is not said is taken from the guest and from the image it is of."""

    guest: str
    name: str
    """of the image"""
    disk: str | None = None
    """target of the disk to take, such as `vda`, where it has several"""
    keep_identity: bool = False
    """take the disk as it is: machine id, host keys, logs and histories stay in it"""
    replace: bool = False
    """an image of that name becomes an old version"""
    os: str | None = None
    user: str | None = None
    login: Login | None = None
    boot_pattern: str | None = None
    cloud_init: bool | None = None
    agent: bool | None = None
