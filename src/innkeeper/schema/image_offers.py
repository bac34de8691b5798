"""Views of what the image catalogue offers. Sizes are in bytes, times are Unix seconds."""

from __future__ import annotations

from innkeeper.schema.base import View

__all__ = ["AvailableImages", "OfferView"]


class OfferView(View, frozen=True, kw_only=True):
    """One image that can be had, for one architecture."""

    name: str
    title: str
    arch: str
    distributor: str
    os: str | None
    """short id of osinfo-db"""
    memory: int | None
    """the least that the OS needs, as are the next two; None where nobody says"""
    disk: int | None
    cpus: int | None
    firmware: tuple[str, ...]
    user: str | None
    login: str
    cloud_init: bool
    agent: bool
    supported_until: str | None
    """a day, `2028-06-30`"""
    signed_by: str | None
    """whose signature its sums bear; None: they are not signed, and the server's certificate alone vouches for them"""
    there: str | None
    """which release of it stands in the images pool under that name; None: none"""
    newest: str | None
    """the newest release that is known"""
    asked: float | None
    """when its distributor was asked for that"""
    newer: bool | None
    """whether `newest` comes after the one that is there; None where nobody can say"""
    problem: str | None = None
    """why its distributor could not be asked now"""
    catalogue: str


class AvailableImages(View, frozen=True, kw_only=True):
    """What all catalogues offer, and what is wrong with some of them."""

    offers: tuple[OfferView, ...]
    faults: tuple[str, ...] = ()
