"""What an operation made for whoever asked for it, such as an export: fetched once, by as many parts as it takes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

import anyio.to_thread
from litestar import Request, Response, delete, get
from litestar.response import Stream

from innkeeper.server.downloads import span
from innkeeper.server.keeper import Keeper

__all__ = ["HANDLERS", "OPENAPI"]

_PATH = "/api/v1/downloads/{id:str}"
_PIECE = 1 << 20

Http = Request[Any, Any, Any]


@get(_PATH, name="download.content", media_type="application/octet-stream")
async def content(request: Http, id: str) -> Response[Any]:
    """The file of `download:ID`. `Range` asks for a part of it."""
    keeper: Keeper = request.app.state.keeper
    size, file = await anyio.to_thread.run_sync(keeper.results.open, id)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        "Content-Disposition": "attachment",
        "X-Content-Type-Options": "nosniff",
    }
    wanted = span(request.headers.get("range"), size)
    if wanted is None:
        os.close(file)
        return Response(b"", status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    headers["Content-Length"] = str(wanted.end - wanted.first)
    part = wanted.end - wanted.first < size
    if part:
        headers["Content-Range"] = f"bytes {wanted.first}-{wanted.end - 1}/{size}"
    pieces = _pieces(file, wanted.first, wanted.end)
    return Stream(pieces, status_code=206 if part else 200, headers=headers)


async def _pieces(file: int, first: int, end: int) -> AsyncIterator[bytes]:
    try:
        while first < end:
            data = await anyio.to_thread.run_sync(os.pread, file, min(_PIECE, end - first), first)
            if not data:
                return  # it was cut off meanwhile: fewer bytes than promised, and the client knows
            first += len(data)
            yield data
    finally:
        os.close(file)


@delete(_PATH, name="download.remove", status_code=204)
async def remove(request: Http, id: str) -> None:
    """It is not needed any more."""
    keeper: Keeper = request.app.state.keeper
    await anyio.to_thread.run_sync(keeper.results.remove, id)


HANDLERS: list[Any] = [content, remove]
_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
OPENAPI: dict[str, Any] = {
    "download.content": {
        "summary": "The file that an operation made",
        "parameters": [
            _ID,
            {
                "name": "Range",
                "in": "header",
                "required": False,
                "description": "a part: bytes=FIRST-LAST",
                "schema": {"type": "string"},
            },
        ],
        "responses": {
            "206": {"description": "a part of it"},
            "416": {"description": "nothing of that part is there"},
        },
    },
    "download.remove": {"summary": "Drop the file that an operation made", "parameters": [_ID]},
}
"""handler's name → what the document says of it"""
