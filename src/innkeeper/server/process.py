"""The web side's process: Uvicorn, from its first connection to its end."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio.to_thread
import uvicorn

from innkeeper.server.events import Hub
from innkeeper.server.protocol import BoundedProtocol

__all__ = ["Process", "end_in_time"]

_GRACE, _LAST = 5, 9.0
"""Seconds that answers under way get at the end, and that the whole end may take."""


class Process(uvicorn.Server):
    """Uvicorn, with an end that comes in time. `ready` is called when it answers."""

    def __init__(self, app: Any, hub: Hub, tls: ssl.SSLContext | None, ready: Callable[[], object]) -> None:
        config = uvicorn.Config(
            app,
            http=BoundedProtocol,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            proxy_headers=False,  # any program of this computer could say that it asks for somebody else
            timeout_graceful_shutdown=_GRACE,
            ws="websockets-sansio",
            ws_per_message_deflate=False,  # keys and screens gain nothing by packing each piece of them
            ws_max_size=1 << 20,  # no frame of ours is as large
        )
        super().__init__(config)
        self._hub, self._tls, self._ready = hub, tls, ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn's own would raise the signal anew at the end; here the end is clean."""
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = [signal.signal(number, self.handle_exit) for number in numbers]
        try:
            yield
        finally:
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.ssl = self._tls
        await super().startup(sockets)
        if self.started:
            await anyio.to_thread.run_sync(self._ready)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        end_in_time()
        self._hub.close()  # streams of events end by themselves
        await super().shutdown(sockets)


def end_in_time(last: Callable[[], object] = lambda: None) -> None:
    """What is under way in a thread cannot be broken off: the process ends all the same, and what it did not finish is
    taken up after the next start."""

    def end() -> None:
        last()
        sys.stderr.flush()
        os._exit(0)

    timer = threading.Timer(_LAST, end)
    timer.daemon = True
    timer.start()
