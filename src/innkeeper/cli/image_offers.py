"""`inn image list --available`: a row for each name of the catalogue."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli.output import clean, say, table, tell
from innkeeper.schema.sizes import format_size

if TYPE_CHECKING:
    from innkeeper.schema.image_offers import AvailableImages, OfferView

__all__ = ["draw"]


def draw(view: AvailableImages) -> None:
    """What is wrong with a catalogue, or with a distributor, goes to stderr, a line each."""
    rows = [_row(list(group)) for _, group in groupby(view.offers, lambda offer: offer.name)]
    table(
        ["name", "arch", "needs_memory", "needs_disk", "login", "there", "newest"],
        rows,
        ("needs_memory", "needs_disk"),
    )
    for problem in dict.fromkeys(offer.problem for offer in view.offers if offer.problem):
        tell(clean(problem))
    for fault in view.faults:
        tell(clean(fault))
    newer = sorted({offer.name for offer in view.offers if offer.newer})
    if newer:
        say("  → " + clean(messages.text("cli.image.offers.newer", names=" ".join(newer), name=newer[0])))
    else:
        say("  → " + messages.text("cli.image.offers.pull"))


def _row(offers: list[OfferView]) -> list[str]:
    """Of one name, for all its architectures: they differ in little. The one that is there speaks for its release."""
    told = next((offer for offer in offers if offer.there), offers[0])
    mark = messages.text("cli.image.offers.mark") if told.newer else ""
    return [
        told.name,
        " ".join(offer.arch for offer in offers),
        format_size(told.memory),
        format_size(told.disk),
        f"{told.login} {told.user or ''}".strip(),
        told.there or "-",
        f"{told.newest or '-'} {mark}".strip(),
    ]
