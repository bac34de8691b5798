"""How often somebody may ask: buckets that leak (a token bucket each), in memory."""

from __future__ import annotations

import time
from collections import OrderedDict

__all__ = ["Buckets"]

_MOST = 10_000
"""Names that are remembered; of more, those that asked longest ago are forgotten."""


class Buckets:
    """Each name has `burst` at once, and `rate` more a second. Not for several threads."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str) -> float:
        """Seconds until that name may ask; 0 when it may now. Nothing is taken."""
        left = self._now(name, time.monotonic())
        return 0.0 if left >= 1 else (1 - left) / self._rate

    def take(self, name: str) -> float:
        """Take one where there is one. Seconds until the next when there is none."""
        now = time.monotonic()
        left = self._now(name, now)
        if left < 1:
            return (1 - left) / self._rate
        self._left[name] = (left - 1, now)
        self._left.move_to_end(name)
        if len(self._left) > _MOST:
            self._left.popitem(last=False)
        return 0.0

    def _now(self, name: str, now: float) -> float:
        left, at = self._left.get(name, (self._burst, now))
        return min(self._burst, left + (now - at) * self._rate)
