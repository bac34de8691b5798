"""Files that a server has, read to the end: what the line breaks goes on where it was."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from innkeeper.client.following import GIVES_UP
from innkeeper.client.line import Lost
from innkeeper.client.problems import of_answer
from innkeeper.errors import Failed, OutcomeUnknown, Unsupported

if TYPE_CHECKING:
    from innkeeper.client.client import Client

__all__ = ["fetch"]

_PIECE = 1 << 20
_PAUSE = 1.0


def fetch(client: Client, path: str, write: Callable[[bytes], object], tell: Callable[[float], None]) -> int:
    """All of it, in order; its length. A line that breaks is tried again for a while.

    Raises what the server refuses, `Failed("client.changed")` when it was written meanwhile, `OutcomeUnknown`.
    """
    came, heard, tag = 0, time.monotonic(), None
    while True:
        headers = {"Range": f"bytes={came}-"} | ({"If-Range": tag} if tag else {}) if came else None
        try:
            with client.line.open("GET", path, headers) as answer:
                if answer.status >= 400:
                    raise of_answer(_whole(answer), client.uri)
                if came and answer.status != 206:
                    raise Failed("client.changed", path=path)
                tag = answer.headers.get("ETag")
                rest = int(answer.headers["Content-Length"])
                size = came + rest
                while rest and (piece := answer.read(min(_PIECE, rest))):
                    write(piece)
                    came, rest, heard = came + len(piece), rest - len(piece), time.monotonic()
                    tell(came / size)
            if not rest:
                return came
        except (OSError, http.client.HTTPException, Lost, Unsupported) as error:
            if time.monotonic() - heard > GIVES_UP:
                raise OutcomeUnknown("client.lost", url=client.uri, reason=str(error)) from error
            time.sleep(_PAUSE)


def _whole(answer: http.client.HTTPResponse) -> Any:
    from innkeeper.client.line import Answer

    return Answer(answer.status, answer.headers, answer.read())
