"""Request and view of `image.pull`."""

from __future__ import annotations

from typing import Literal

from innkeeper.schema.base import Request, View
from innkeeper.schema.image import ImageView

__all__ = ["ImagePull", "Pulled"]


class ImagePull(Request, frozen=True, kw_only=True):
    """Fetch an image that the catalogue offers."""

    name: str
    """of the offer"""
    new_name: str | None = None
    """the image's; the offer's when none is said"""
    arch: str | None = None
    """`x86_64` or `aarch64`; the host's when none is said"""
    refresh: bool = False
    """take a newer release when there is one; the image that is there becomes an old version"""


class Pulled(View, frozen=True, kw_only=True):
    """The image as it is now, and what was done for it."""

    image: ImageView
    outcome: Literal["pulled", "there", "current"]
    """`there`: it was fetched before, and nobody asked for a newer one. `current`: it is the newest"""
    version: str | None = None
    """of the release, as its distributor counts; None where nobody asked"""
    signed: str | None = None
    """by whose key its checksum was signed; None where nobody asked, or it is not signed"""
