"""The bytes of volumes, as a download that may be cut off and gone on with (RFC 9110 §14: ranges)."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from typing import Any, NamedTuple
from urllib.parse import quote

import anyio.to_thread
from litestar import Request, Response, get
from litestar.response import Stream

from innkeeper.server.keeper import Keeper

__all__ = ["HANDLERS", "OPENAPI"]

_PATH = "/api/v1/hosts/local/pools/{pool:str}/volumes/{name:str}/content"
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)
_PIECE = 256 * 1024

Http = Request[Any, Any, Any]


class Span(NamedTuple):
    """Bytes from `first` to before `end`."""

    first: int
    end: int


def span(said: str | None, size: int) -> Span | None:
    """What a Range header asks for: all of it where it says nothing that is understood, as RFC 9110 §14.2 has it. None:
    nothing of what it asks for is there."""
    asked = _RANGE.fullmatch(said or "")
    if asked is None or not (asked[1] or asked[2]):
        return Span(0, size)
    if not asked[1]:
        last = int(asked[2])
        return Span(max(0, size - last), size) if last and size else None
    first, end = int(asked[1]), int(asked[2]) + 1 if asked[2] else size
    if asked[2] and end <= first:
        return Span(0, size)
    return Span(first, min(end, size)) if first < size else None


@get(_PATH, name="volume.download", media_type="application/octet-stream")
async def content(request: Http, pool: str, name: str) -> Response[Any]:
    """The volume's file as it is: a qcow2 file is not the disk in it. `Range` asks for a part, `If-Range` for the rest
    of what has not changed."""
    keeper: Keeper = request.app.state.keeper
    found = await anyio.to_thread.run_sync(keeper.contents.look, pool, name)
    tag = f'"{found.tag}"'
    headers = {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    ranged = request.headers.get("range") if request.headers.get("if-range", tag) == tag else None
    wanted = span(ranged, found.size)
    if wanted is None:
        return Response(b"", status_code=416, headers=headers | {"Content-Range": f"bytes */{found.size}"})
    length = wanted.end - wanted.first
    headers["Content-Length"] = str(length)
    part = length < found.size
    if part:
        headers["Content-Range"] = f"bytes {wanted.first}-{wanted.end - 1}/{found.size}"
    if not length:
        return Response(b"", headers=headers)
    end = await anyio.to_thread.run_sync(keeper.contents.read, pool, name, wanted.first, length)
    return Stream(_bytes(end, length), status_code=206 if part else 200, headers=headers)


async def _bytes(end: socket.socket, length: int) -> AsyncIterator[bytes]:
    """Just so many: where fewer come the connection breaks, and the client knows. Whoever leaves ends the reading."""
    loop = asyncio.get_running_loop()
    end.setblocking(False)
    try:
        while length and (data := await loop.sock_recv(end, min(_PIECE, length))):
            length -= len(data)
            yield data
    finally:
        end.close()


HANDLERS: list[Any] = [content]
OPENAPI: dict[str, Any] = {
    "volume.download": {
        "summary": "The bytes of a volume",
        "parameters": [
            {
                "name": "Range",
                "in": "header",
                "required": False,
                "description": "a part: bytes=FIRST-LAST",
                "schema": {"type": "string"},
            }
        ],
        "responses": {
            "206": {"description": "a part of it"},
            "416": {"description": "nothing of that part is there"},
        },
    }
}
