"""What running guests take, as a server sees it: in place of `watching.rates.Sampler`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from innkeeper.schema.guest_screen import GuestTop, Rates
from innkeeper.verbs import verb

if TYPE_CHECKING:
    from innkeeper.client.client import Client
    from innkeeper.schema.guest_screen import Top

__all__ = ["FarSampler"]


class FarSampler:
    """Each sample takes `interval` seconds, and is whole: the server looks twice."""

    def __init__(self, client: Client, interval: float) -> None:
        self._client, self._interval = client, interval

    def sample(
        self, only: Collection[str] = (), _ask: Callable[[list[Rates]], Collection[str]] | None = None
    ) -> list[Rates]:
        """The running guests, of those names or UUIDs only when some are given."""
        return list(self.top(only).guests)

    def top(self, only: Collection[str] = ()) -> Top:
        """Raises `OutcomeUnknown("client.lost")` when the server is away."""
        found: Top = verb("guest.top").perform(
            self._client, GuestTop(names=tuple(only), interval=self._interval)
        )
        return found
