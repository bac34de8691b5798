"""A guest's screen through a server: a port of this computer's loopback that leads there."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from innkeeper.client.client import path_of
from innkeeper.client.sockets import opened
from innkeeper.errors import InnkeeperError
from innkeeper.routes import API, ROUTES
from innkeeper.schema.console import ConsoleTicket

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

    from innkeeper.client.client import Client

__all__ = ["bridge"]

_PIECE = 64 * 1024


@contextlib.contextmanager
def bridge(client: Client, name: str) -> Iterator[int]:
    """While the body runs, connections to this port reach the guest's screen (VNC). Raises what speaks against it."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        first = _ticket(client, name)
        threading.Thread(target=_serve, args=(door, client, name, first), daemon=True).start()
        try:
            yield int(door.getsockname()[1])
        finally:
            with contextlib.suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept


def _ticket(client: Client, name: str) -> ConsoleTicket:
    path = API + path_of("guest.console", ROUTES["guest.console"], {"name": name})
    asked = msgspec.json.encode({"kind": "vnc"})
    answer = client.asked("POST", path, asked, {"Content-Type": "application/json"})
    ticket: ConsoleTicket = client.decoded(answer.body, ConsoleTicket)
    return ticket


def _serve(door: socket.socket, client: Client, name: str, first: ConsoleTicket | None) -> None:
    """A ticket is good once: each viewer that connects gets one of its own."""
    with contextlib.suppress(OSError):  # the door was closed
        while True:
            visitor, _ = door.accept()
            threading.Thread(target=_relay, args=(visitor, client, name, first), daemon=True).start()
            first = None


def _relay(visitor: socket.socket, client: Client, name: str, ticket: ConsoleTicket | None) -> None:
    from websockets.exceptions import ConnectionClosed

    with (
        visitor,
        contextlib.suppress(OSError, ConnectionClosed, InnkeeperError),
    ):  # either side may go at any time
        with opened(client, (ticket or _ticket(client, name)).path) as screen:
            threading.Thread(target=_carry, args=(visitor, screen), daemon=True).start()
            for piece in screen:
                visitor.sendall(piece if isinstance(piece, bytes) else b"")
        visitor.shutdown(socket.SHUT_RDWR)


def _carry(visitor: socket.socket, screen: ClientConnection) -> None:
    from websockets.exceptions import ConnectionClosed

    with contextlib.suppress(OSError, ConnectionClosed):
        while data := visitor.recv(_PIECE):
            screen.send(data)
    screen.close()
