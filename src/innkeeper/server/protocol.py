"""HTTP on a connection, with bounds: whoever is slow, endless or too many costs nothing."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["HEAD_MOST", "HEAD_TIME", "MOST", "BoundedProtocol"]

HEAD_TIME = 20.0
"""Seconds from connecting, or from the first byte of another request, to the end of its headers."""
HEAD_MOST = 64 * 1024
"""Bytes of a request's first line and headers."""
BODY_TIME = 60.0
"""Seconds without any of a body that is still to come."""
WRITE_TIME = 120.0
"""Seconds that a reader may take nothing at all of what is written to it."""
MOST = 4000
"""Connections at once; those that send nothing end by themselves."""
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """Uvicorn's, which has no such bounds of its own."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._head = 0
        self._in_head, self._body_due = True, False
        self._reading: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if len(self.connections) > MOST:
            transport.abort()
            return
        self._expect(HEAD_TIME)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        self._relax()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._head += len(data) if self._in_head else 0
        if self._in_head and self._reading is None:
            self._expect(HEAD_TIME)
        elif self._body_due:
            self._expect(BODY_TIME)
        super().data_received(data)
        if self._in_head and self._head > HEAD_MOST and not self.transport.is_closing():
            self._end(_TOO_LARGE)

    def handle_websocket_upgrade(self) -> None:
        self._expect(None)
        super().handle_websocket_upgrade()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        if len(self.url) + len(name) + len(value) > HEAD_MOST:
            raise ValueError("too long")  # which the parser makes a 400

    def on_headers_complete(self) -> None:
        self._in_head, self._body_due, self._head = False, True, 0
        self._expect(BODY_TIME)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_head, self._body_due = True, False
        self._expect(None)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._relax()
        self._writing = self.loop.call_later(WRITE_TIME, self.transport.abort)

    def resume_writing(self) -> None:
        self._relax()
        super().resume_writing()

    def _relax(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None

    def _expect(self, seconds: float | None) -> None:
        """Something more within that time, or the connection ends."""
        if self._reading is not None:
            self._reading.cancel()
        self._reading = None if seconds is None else self.loop.call_later(seconds, self._late)

    def _late(self) -> None:
        self._reading = None
        if self.transport.is_closing():
            return
        cycle: Any = self.cycle  # None before the first request, whatever its type says
        if self._body_due and cycle is not None and not cycle.response_complete:
            if self.flow.read_paused:  # it is the handler that takes its time
                self._expect(BODY_TIME)
                return
            self.transport.abort()  # its handler learns of it as of any client that goes away
            return
        self._end(_TOO_SLOW if self._head else b"")

    def _end(self, answer: bytes) -> None:
        if answer:
            self.transport.write(answer)
        self.transport.close()
