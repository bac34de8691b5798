"""The process that serves, from its first connection to its end."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from innkeeper.errors import InnkeeperError
from innkeeper.server.access.certificate import Certificate
from innkeeper.server.events import Hub
from innkeeper.server.protocol import BoundedProtocol
from innkeeper.token import place

__all__ = ["Process"]

_GRACE, _LAST = 5, 9.0
"""Seconds that answers under way get at the end, and that the whole end may take."""
_REFRESH = 100
"""Ticks of a tenth of a second between two looks at the certificate's files."""
_LOG = logging.getLogger("innkeeper.server")


class Process(uvicorn.Server):
    """Uvicorn, with an end that comes in time. `ready` is called when it answers."""

    def __init__(
        self, app: Any, hub: Hub, certificate: Certificate | None, ready: Callable[[], None]
    ) -> None:
        config = uvicorn.Config(
            app,
            http=BoundedProtocol,
            log_config=None,
            access_log=False,
            lifespan="on",
            server_header=False,
            proxy_headers=False,  # any program of this computer could say that it asks for somebody else
            timeout_graceful_shutdown=_GRACE,
            ws_per_message_deflate=False,  # keys and screens gain nothing by packing each piece of them
            ws_max_size=1 << 20,  # no frame of ours is as large
        )
        super().__init__(config)
        self._hub, self._certificate, self._ready = hub, certificate, ready

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
        self.config.ssl = self._certificate.context if self._certificate else None
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def on_tick(self, counter: int) -> bool:
        if self._certificate is not None and counter % _REFRESH == 0:
            _refresh(self._certificate)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        _end_in_time()
        self._hub.close()  # streams of events end by themselves
        await super().shutdown(sockets)


def _refresh(certificate: Certificate) -> None:
    try:
        if certificate.refresh():
            _LOG.warning("certificate taken anew: %s", certificate.fingerprint)
    except InnkeeperError as error:
        _LOG.error("certificate stays as it was: %s", error)


def _end_in_time() -> None:
    """What is under way in a thread cannot be broken off: the process ends all the same, and what it did not finish is
    taken up after the next start."""

    def end() -> None:
        place.forget()
        sys.stderr.flush()
        os._exit(0)

    timer = threading.Timer(_LAST, end)
    timer.daemon = True
    timer.start()
