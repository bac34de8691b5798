"""On whose behalf something is done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["on_behalf_of", "who"]

_WHO: ContextVar[str] = ContextVar("who", default="")


@contextmanager
def on_behalf_of(name: str) -> Iterator[None]:
    """What the body does in this thread, a server does for whoever has that name."""
    before = _WHO.set(name)
    try:
        yield
    finally:
        _WHO.reset(before)


def who() -> str:
    """Whom a server does it for; else the user whose process this is."""
    return _WHO.get() or _user()


def _user() -> str:
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # of a container, often
        return str(os.getuid())
