"""From an offer to its newest release, by what its distributor publishes."""

from __future__ import annotations

from innkeeper.image.offers.offer import Offer
from innkeeper.image.offers.release import Get, Release

__all__ = ["newer", "resolve"]


def newer(one: str, other: str) -> bool:
    """Whether version `one` is later than `other`: numbers count as numbers."""
    raise NotImplementedError


def resolve(offer: Offer, get: Get) -> Release:
    """The newest release of that offer."""
    raise NotImplementedError
