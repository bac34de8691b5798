"""The lines of the list, as a server tells them: `inn list` is counted in milliseconds, so no verb is loaded for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.routes import ROUTES
from innkeeper.schema.guest import GuestRow

if TYPE_CHECKING:
    from innkeeper.client.client import Client

__all__ = ["rows"]


def rows(client: Client, deleted: bool = False, everything: bool = False) -> list[GuestRow]:
    """Guests by name: without those in the bin, only those in the bin (`deleted`), or both (`everything`)."""
    said = {"deleted": deleted, "all": everything}
    answer = client.get(ROUTES["guest.list"].path, {name: "true" for name, on in said.items() if on})
    found: list[GuestRow] = client.decoded(answer.body, list[GuestRow])
    return found
