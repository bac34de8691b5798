"""An offer: one name of the catalogue for one architecture."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["Offer"]


class Offer(Struct, frozen=True, kw_only=True):
    """What a catalogue says of an image."""

    name: str
    arch: str
