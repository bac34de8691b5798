"""Pictures of screens, shared: whoever asks within a second of another gets the same, and QEMU is asked once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from innkeeper.errors import InnkeeperError
from innkeeper.schema.guest import Screenshot

__all__ = ["FRESH", "Screens"]

FRESH = 1.0
"""Seconds that a picture, or why there is none, is the answer to everybody."""
_DROPPED = 10.0


class _Shot:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.at = 0.0
        self.told: Screenshot | InnkeeperError | None = None


class Screens:
    """Its method may be called from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._shots: dict[str, _Shot] = {}
        self._lock = threading.Lock()
        self._clock = clock

    def picture(self, name: str, take: Callable[[], Screenshot]) -> Screenshot:
        """That guest's screen; `take` asks for it. Raises what that raises, or has just raised."""
        with self._lock:
            self._drop()
            shot = self._shots.setdefault(name, _Shot())
        with shot.lock:
            if shot.told is None or self._clock() - shot.at > FRESH:
                began = self._clock()
                try:
                    shot.told, shot.at = take(), began
                except InnkeeperError as error:  # who waited for a QEMU that hangs does not wait for it again
                    shot.told, shot.at = error, self._clock()
            told = shot.told
        if isinstance(told, InnkeeperError):
            raise told
        return told

    def _drop(self) -> None:
        """What nobody asks for any more."""
        late = self._clock() - _DROPPED
        for name in [name for name, shot in self._shots.items() if shot.at < late and not shot.lock.locked()]:
            del self._shots[name]
