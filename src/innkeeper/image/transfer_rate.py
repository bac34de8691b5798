"""How fast a transfer is and how long it will still take, told to whoever watches."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from innkeeper.schema.sizes import format_size

if TYPE_CHECKING:
    from innkeeper.operation import Operation

__all__ = ["Meter"]

_EVERY = 0.2
"""Seconds between two words."""
_WINDOW = 15.0
"""Seconds that the rate is the mean of."""
_SURE = 2.0
"""Seconds until a rate says something."""


class Meter:
    """Of one transfer, which may begin more than once."""

    def __init__(self, operation: Operation, url: str, size: int | None) -> None:
        self._operation, self._size = operation, size
        self._server = urlsplit(url).hostname or url
        self._told = 0.0
        self._seen: deque[tuple[float, int]] = deque()

    def begin(self, at: int, size: int | None) -> None:
        """From that byte on, of so many."""
        self._size = size
        self._seen.clear()
        self._seen.append((time.monotonic(), at))
        text = "image.progress.go_on" if at else "image.progress.download"
        facts = {"server": self._server, "size": format_size(size), "came": format_size(at)}
        self._operation.progress(text, self._fraction(at), **facts)

    def came(self, have: int) -> None:
        """So many bytes are there."""
        now = time.monotonic()
        if now - self._told < _EVERY:
            return
        self._told = now
        self._seen.append((now, have))
        while len(self._seen) > 2 and now - self._seen[0][0] > _WINDOW:
            self._seen.popleft()
        since, before = self._seen[0]
        if now - since < _SURE:
            return
        rate = (have - before) / (now - since)
        left = (self._size - have) / rate if self._size and rate > 0 else None
        facts = {"came": format_size(have), "size": format_size(self._size), "rate": format_size(int(rate))}
        told = "image.progress.downloading"
        self._operation.progress(told, self._fraction(have), left=_clock(left), **facts)

    def _fraction(self, have: int) -> float | None:
        return min(have / self._size, 1.0) if self._size else None


def _clock(seconds: float | None) -> str:
    """`0:42`, `1:02:03`."""
    if seconds is None or seconds > 99 * 3600:
        return "?"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
