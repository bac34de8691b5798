"""Who looks at what: things that are shown to somebody are looked at each second."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

__all__ = ["Viewing"]

SECONDS = 5.0
"""For which one look counts."""
MOST = 1000
"""Things that are viewed at once. Of more, the later ones are seen as if nobody viewed them."""


class Viewing:
    """Kinds and ids, each until it was not viewed for a while. `on_new` is called when one begins to be viewed."""

    def __init__(self, on_new: Callable[[], None], seconds: float = SECONDS) -> None:
        self._on_new = on_new
        self._seconds = seconds
        self._until: dict[tuple[str, str], float] = {}
        self._lock = Lock()

    def see(self, kind: str, id: str) -> None:
        now = time.monotonic()
        with self._lock:
            new = self._until.get((kind, id), 0.0) < now
            if new and len(self._until) >= MOST and (kind, id) not in self._until:
                return
            self._until[kind, id] = now + self._seconds
        if new:
            self._on_new()

    def of(self, kind: str) -> list[str]:
        """Ids of that kind that somebody looks at now."""
        return [id for one, id in self._now() if one == kind]

    def anything(self) -> bool:
        """Whether somebody looks at anything at all."""
        return bool(self._now())

    def _now(self) -> list[tuple[str, str]]:
        now = time.monotonic()
        with self._lock:
            for key in [key for key, until in self._until.items() if until < now]:
                del self._until[key]
            return list(self._until)
