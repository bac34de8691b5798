"""What a WebSocket carries both ways, for as long as whoever opened it may have it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from litestar import WebSocket

from innkeeper.errors import Denied
from innkeeper.server.access.guard import until_refused

__all__ = ["relay"]

_LAST_WORDS = 5.0
"""Seconds for what the other side sent before it left."""


async def relay(
    socket: WebSocket[Any, Any, Any],
    said: Coroutine[Any, Any, str | None],
    typed: Coroutine[Any, Any, None],
) -> str | Denied | None:
    """Until either ends, or the token, session or right that it was opened with is gone.

    Answers what `said` does, that refusal, or None when the other side left.
    """
    saying, refusing = asyncio.create_task(said), asyncio.create_task(until_refused(socket))
    hearing = asyncio.create_task(typed)
    tasks = (saying, refusing, hearing)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if saying.done():
            if saying.result() is None:
                await asyncio.wait((hearing,), timeout=_LAST_WORDS)
            return saying.result()
        return refusing.result() if refusing.done() else None
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
