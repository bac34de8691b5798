"""What an offer's OS is and needs: by osinfo-db, and by the catalogue where this osinfo-db does not know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from innkeeper.schema.sizes import parse_size
from innkeeper.tools import osinfo

if TYPE_CHECKING:
    from innkeeper.image.offers.offer import Offer

__all__ = ["OsNeeds", "of"]


class OsNeeds(NamedTuple):
    """Sizes in bytes; None where neither says anything."""

    name: str
    """for people"""
    memory: int | None
    disk: int | None
    cpus: int | None
    supported_until: str | None
    """the day on which its distributor stops mending it, `2028-06-30`"""


def of(offer: Offer, words: dict[str, str] | None = None) -> OsNeeds:
    """The least that the OS needs; which OS it is may take a release's `words` to tell. A cloud image never gets less
    memory than it can boot with."""
    said = offer.entry.needs
    identity = offer.of_osinfo(offer.entry.osinfo, words)
    known = osinfo.find(identity, offer.arch) if identity else None
    memory = (known and known.memory) or _size(said.memory)
    return OsNeeds(
        name=(known and known.name) or offer.entry.title,
        memory=max(memory or 0, offer.min_memory or 0) or None,
        disk=(known and known.disk) or _size(said.disk),
        cpus=(known and known.cpus) or said.cpus,
        supported_until=known.supported_until if known else None,
    )


def _size(text: str | None) -> int | None:
    return parse_size(text) if text else None
