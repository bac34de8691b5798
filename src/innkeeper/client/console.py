"""A guest's serial console through a server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import msgspec

from innkeeper.client.line import Lost
from innkeeper.client.sockets import opened
from innkeeper.errors import Denied
from innkeeper.schema.console import ConsoleTicket

if TYPE_CHECKING:
    from innkeeper.client.client import Client
    from innkeeper.operation import Reporter
    from innkeeper.verbs import Verb

__all__ = ["FarConsole", "perform"]

_LOST = 4003
"""Close code of a console whose libvirt went away (`innkeeper.server.consoles`)."""
_REFUSED = 4004
"""Close code where whoever opened it may have it no more (the same)."""
_DROPPED = 1006
"""What a close is taken for that nobody said (RFC 6455 §7.4.1)."""


class FarConsole:
    """Both directions of a console, as `virt.console.Console` has them. `on_notice` gets what the server says beside:
    who types, how many bytes were missed."""

    def __init__(
        self, client: Client, ticket: ConsoleTicket, on_notice: Callable[[dict[str, Any]], None] | None = None
    ) -> None:
        self._url = client.uri
        self._stack = ExitStack()
        self._socket = self._stack.enter_context(opened(client, ticket.path))
        self._rest = b""
        self._closed = False
        self.on_notice = on_notice

    def send(self, data: bytes) -> None:
        """All of it."""
        from websockets.exceptions import ConnectionClosed

        try:
            self._socket.send(data)
        except ConnectionClosed as error:
            if not self._ended(error):
                raise Lost("client.lost", url=self._url, reason=str(error)) from error

    def receive(self, size: int = 4096) -> bytes:
        """Up to that many bytes as soon as there are some; none when the console ended, or was closed here.

        Raises `OutcomeUnknown("client.lost")` when the line broke, `Denied("client.no_longer")` when it was taken away.
        """
        from websockets.exceptions import ConnectionClosed

        while not self._rest:
            try:
                came = self._socket.recv()
            except ConnectionClosed as error:
                if error.rcvd is not None and error.rcvd.code == _REFUSED:
                    raise Denied("client.no_longer", url=self._url) from error
                if self._closed or self._ended(error):
                    return b""
                raise Lost("client.lost", url=self._url, reason=str(error)) from error
            if isinstance(came, bytes):
                self._rest = came
            elif self.on_notice is not None:
                self.on_notice(msgspec.json.decode(came, type=dict[str, Any]))
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece

    def close(self) -> None:
        """Let go of the console. Twice is fine."""
        self._closed = True
        self._stack.close()

    @staticmethod
    def _ended(error: Any) -> bool:
        """Whether the server said its end, and not that of its own line to the host."""
        return error.rcvd is not None and error.rcvd.code not in (_LOST, _DROPPED)


def perform(client: Client, verb: Verb[Any, Any], request: Any, _report: Reporter | None) -> FarConsole:
    """A ticket, and the WebSocket that it is for."""
    ticket: ConsoleTicket = client.decoded(client.send(verb, request).body, ConsoleTicket)
    return FarConsole(client, ticket)
