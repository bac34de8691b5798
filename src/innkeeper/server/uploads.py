"""Uploads that may be cut off and gone on with: the tus protocol, version 1.0 (creation, deferred length, termination).

`POST /api/v1/uploads` answers an id. `PATCH` with `Upload-Offset` adds bytes, `HEAD` tells how many came, and `DELETE`
drops it. tus was taken, and not the IETF's draft, since its version is final, and there are clients that speak it. What
is not tus' own: a JSON body describes the upload, and a SHA-256 given there is compared when all has come.
"""

from __future__ import annotations

import os
from typing import Any

import anyio.to_thread
import msgspec
from litestar import Request, Response, delete, get, head, patch, post

from innkeeper.errors import Conflict, Invalid
from innkeeper.schema.base import build
from innkeeper.schema.upload import Upload, UploadCreate
from innkeeper.server.keeper import Keeper
from innkeeper.server.staging import Part, Uploads, checked_offset

__all__ = ["HANDLERS", "OPENAPI"]

_PATH = "/api/v1/uploads"
_VERSION = {"Tus-Resumable": "1.0.0"}
_PART = "application/offset+octet-stream"
_BATCH = 1 << 20
"""Bytes that are written at once."""
_BODY = 64 * 1024

Http = Request[Any, Any, Any]


def _uploads(request: Http) -> Uploads:
    keeper: Keeper = request.app.state.keeper
    return keeper.uploads


def _headers(upload: Upload | None, **more: str) -> dict[str, str]:
    told = _VERSION | {"Cache-Control": "no-store"} | more
    if upload is not None:
        told["Upload-Offset"] = str(upload.offset)
        told |= {"Upload-Defer-Length": "1"} if upload.size is None else {"Upload-Length": str(upload.size)}
    return told


def _answer(upload: Upload, **more: str) -> Response[bytes]:
    body = msgspec.json.encode(upload)
    return Response(body, headers=_headers(upload, **more), media_type="application/json")


@post(_PATH, name="upload.create", status_code=201, request_max_body_size=_BODY)
async def create(request: Http) -> Response[bytes]:
    """Begin an upload. `Upload-Length` tells its length, as tus has it, where the body does not."""
    try:
        fields = msgspec.json.decode(await request.body() or b"{}", type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid("request.invalid", field="body", reason=str(error)) from error
    if "upload-length" in request.headers and "size" not in fields:
        fields["size"] = checked_offset(request.headers["upload-length"], "Upload-Length")
    upload = await anyio.to_thread.run_sync(_uploads(request).create, build(UploadCreate, fields))
    return _answer(upload, Location=f"{_PATH}/{upload.id}")


@head(f"{_PATH}/{{id:str}}", name="upload.offset")
async def offset(request: Http, id: str) -> Response[None]:
    """How much of it came (`Upload-Offset`)."""
    upload = await anyio.to_thread.run_sync(_uploads(request).show, id)
    return Response(None, headers=_headers(upload))


@get(f"{_PATH}/{{id:str}}", name="upload.show")
async def show(request: Http, id: str) -> Response[bytes]:
    """What is known of it."""
    return _answer(await anyio.to_thread.run_sync(_uploads(request).show, id))


@patch(f"{_PATH}/{{id:str}}", name="upload.append", status_code=204, request_max_body_size=None)
async def append(request: Http, id: str) -> Response[None]:
    """Add the body at `Upload-Offset`, which is where it ends now. What came before the line broke stays."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _PART:
        error = Invalid("upload.type", wanted=_PART)
        error.http_status = 415
        raise error
    at = checked_offset(request.headers.get("upload-offset"), "Upload-Offset")
    length = request.headers.get("upload-length")
    size = None if length is None else checked_offset(length, "Upload-Length")
    uploads = _uploads(request)
    part, file = await anyio.to_thread.run_sync(uploads.begin, id, at, size)
    try:
        await _receive(request, uploads, part, file)
        upload = await anyio.to_thread.run_sync(uploads.end, part)
    finally:
        os.close(file)
    return Response(None, headers=_headers(upload))


async def _receive(request: Http, uploads: Uploads, part: Part, file: int) -> None:
    """Until the body ends. A client that leaves is an error of the stream's; what it sent until then is written."""
    waiting = bytearray()
    try:
        async for data in request.stream():
            waiting += data
            if part.size is not None and part.offset + len(waiting) > part.size:
                raise Conflict("upload.length", id=part.id, size=part.size)
            if len(waiting) >= _BATCH:
                waiting, full = bytearray(), waiting
                await anyio.to_thread.run_sync(_write, uploads, part, file, full)
    finally:
        if waiting and (part.size is None or part.offset + len(waiting) <= part.size):
            _write(uploads, part, file, waiting)


def _write(uploads: Uploads, part: Part, file: int, data: bytearray) -> None:
    rest = memoryview(data)
    while rest:
        try:
            written = os.pwrite(file, rest, part.offset)
        except OSError as error:
            uploads.give_up(part.id, error.strerror or str(error))
            raise  # it never comes here
        part.offset += written
        rest = rest[written:]


@delete(f"{_PATH}/{{id:str}}", name="upload.remove", status_code=204)
async def remove(request: Http, id: str) -> Response[None]:
    """Drop it. What an operation uses goes with that."""
    upload = await anyio.to_thread.run_sync(_uploads(request).show, id)
    if upload.operation:
        raise Conflict("upload.used", id=id, operation=upload.operation)
    await anyio.to_thread.run_sync(_uploads(request).remove, id)
    return Response(None, headers=_headers(None))


HANDLERS: list[Any] = [create, offset, show, append, remove]
_OFFSET = {
    "name": "Upload-Offset",
    "in": "header",
    "required": True,
    "description": "bytes that came already",
    "schema": {"type": "integer", "minimum": 0},
}
OPENAPI: dict[str, Any] = {
    "upload.create": {"request": UploadCreate, "response": Upload, "summary": "Begin an upload (tus 1.0)"},
    "upload.show": {"response": Upload, "summary": "An upload"},
    "upload.offset": {"summary": "How much of an upload came"},
    "upload.append": {
        "summary": "Add bytes to an upload",
        "parameters": [_OFFSET],
        "requestBody": {"required": True, "content": {_PART: {"schema": {}}}},
    },
    "upload.remove": {"summary": "Drop an upload"},
}
