"""What is common to the deputies that act on a guest when we are gone (`thawing`, `ending`)."""

from __future__ import annotations

import time
from collections.abc import Callable

from innkeeper.errors import InnkeeperError
from innkeeper.machine.deputy import needed
from innkeeper.virt.connection import Connection

__all__ = ["serve"]

_PATIENCE = 600.0
"""Seconds for which a deputy tries."""
_PAUSE = 0.5


def serve(uri: str, deed: Callable[[Connection], object], longest: float | None = None) -> None:
    """In the deputy: does it when it is needed (`machine.deputy.needed`), over a connection of its own, again and again
    until somebody answers."""
    Connection(uri).close()
    if not needed(longest):
        return
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            deed(Connection(uri))
        except InnkeeperError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return
