"""The offers of all catalogues: ours, and those that the setting `catalogues` names."""

from __future__ import annotations

from innkeeper.image.offers.offer import Offer

__all__ = ["all", "find"]


def all() -> list[Offer]:
    """Every offer, by name and architecture."""
    return []


def find(name: str, arch: str) -> Offer | None:
    """The offer of that name for that architecture (`x86_64`, `aarch64`), or None."""
    return next((offer for offer in all() if (offer.name, offer.arch) == (name, arch)), None)
