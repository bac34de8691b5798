"""WebSockets to a server, by the line that its requests take: the same TLS, the same token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPMessage
from typing import TYPE_CHECKING

from innkeeper.client.line import Answer
from innkeeper.client.problems import of_answer
from innkeeper.errors import Unsupported

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

    from innkeeper.client.client import Client

__all__ = ["opened"]

_HEADERS = ("Authorization", "Accept-Language")
_PATIENCE = 20.0
"""Seconds until it stands."""


@contextmanager
def opened(client: Client, path: str) -> Iterator[ClientConnection]:
    """A WebSocket at a path of the server, for the body.

    Raises `Unsupported("client.unreachable")`, and what the server refuses it for.
    """
    from websockets.exceptions import InvalidHandshake, InvalidStatus
    from websockets.sync.client import connect

    line, where = client.line, client.line.address
    host = f"[{where.host}]" if ":" in where.host else where.host
    wanted = {name: value for name, value in line.headers.items() if name in _HEADERS}
    try:
        # Plain by its URL: the socket has its TLS already.
        standing = connect(
            f"ws://{host}:{where.port}{where.base}{path}",
            sock=line.connect(_PATIENCE),
            additional_headers=wanted,
            compression=None,
            open_timeout=_PATIENCE,
            max_size=None,
        )
    except InvalidStatus as error:
        said = error.response
        raise of_answer(Answer(said.status_code, HTTPMessage(), bytes(said.body or b"")), line.url) from error
    except (InvalidHandshake, OSError) as error:
        raise Unsupported("client.unreachable", url=line.url, reason=str(error)) from error
    with standing as socket:
        yield socket
