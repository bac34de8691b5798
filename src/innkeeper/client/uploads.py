"""Files of this computer, sent to a server: the tus protocol (https://tus.io), by which what broke off goes on."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING

import msgspec

from innkeeper.client.following import GIVES_UP
from innkeeper.client.line import Lost
from innkeeper.client.problems import of_answer
from innkeeper.errors import Conflict, InnkeeperError, NotFound, Unsupported
from innkeeper.machine import local
from innkeeper.routes import API
from innkeeper.schema.upload import Upload

if TYPE_CHECKING:
    from innkeeper.client.client import Client

__all__ = ["drop", "send"]

_PATH = f"{API}/uploads"
_PART = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
_PIECE = 1 << 20
_STREAM_PART = 8 << 20
"""Bytes of a stream that are kept until the server has them: they cannot be read again."""
_PATIENCE = 600.0
"""Seconds for an answer: at the end of a large file it is brought to the disk there."""
_PAUSE = 1.0

Told = Callable[[str, float | None], None]
"""Told a text's id and how much is done."""


def send(client: Client, path: str, tell: Told) -> Upload:
    """A file, or standard input when it is `-`, whole on the server when this returns.

    Raises `NotFound("machine.file_missing")`, what the server refuses, and `OutcomeUnknown("client.lost")` when it
    stays away.
    """
    if path == "-":
        return _stream(client, sys.stdin.buffer, tell)
    size = local().files.size(path)
    with local().files.open(path) as file:
        upload = _begin(client, {"name": path, "size": size})
        try:
            while not upload.whole:
                at = upload.offset
                upload = _part(client, upload, size - at, lambda at=at: _pieces(file, at, size, tell))  # type: ignore[misc]  # a default keeps the value
        except BaseException:
            drop(client, upload)
            raise
    return upload


def drop(client: Client, upload: Upload) -> None:
    """It is not needed any more. One that an operation has is that operation's; one that is left goes after a day."""
    try:
        client.asked("DELETE", f"{_PATH}/{upload.id}")
    except InnkeeperError:
        return


def _begin(client: Client, fields: dict[str, object]) -> Upload:
    json = {"Content-Type": "application/json", "Tus-Resumable": "1.0.0"}
    answer = client.asked("POST", _PATH, msgspec.json.encode(fields), json)
    upload: Upload = client.decoded(answer.body, Upload)
    return upload


def _pieces(file: IO[bytes], offset: int, size: int, tell: Told) -> Iterator[bytes]:
    """The file from there on, and no more than was promised."""
    file.seek(offset)
    while offset < size and (piece := file.read(min(_PIECE, size - offset))):
        tell("client.progress.uploading", offset / size)
        offset += len(piece)
        yield piece


def _stream(client: Client, source: IO[bytes], tell: Told) -> Upload:
    """Part by part; how long it is, is known at its end."""
    upload = _begin(client, {"name": "-"})
    try:
        part = _read(source)
        while True:
            following = _read(source) if len(part) == _STREAM_PART else b""
            end = None if following else upload.offset + len(part)
            goal = upload.offset + len(part)
            while upload.offset < goal or (end is not None and not upload.whole):
                rest = part[len(part) - (goal - upload.offset) :]
                upload = _part(client, upload, len(rest), lambda rest=rest: iter([rest]), end)  # type: ignore[misc]  # a default keeps the value
                tell("client.progress.uploading", None)
            if end is not None:
                return upload
            part = following
    except BaseException:
        drop(client, upload)
        raise


def _read(source: IO[bytes]) -> bytes:
    """As much as a part holds, unless it ends."""
    part = b""
    while len(part) < _STREAM_PART and (piece := source.read(_STREAM_PART - len(part))):
        part += piece
    return part


def _part(
    client: Client, upload: Upload, length: int, pieces: Callable[[], Iterator[bytes]], end: int | None = None
) -> Upload:
    """Send what follows its offset. Where the line breaks: how much of it came, to go on from there."""
    headers = _PART | {"Upload-Offset": str(upload.offset), "Content-Length": str(length)}
    headers |= {"Upload-Length": str(end)} if end is not None else {}
    try:
        answer = client.line.ask("PATCH", f"{_PATH}/{upload.id}", pieces(), headers, _PATIENCE)
    except Lost as error:
        return _asked_again(client, upload, error)
    if answer.status >= 400:
        refusal = of_answer(answer, client.uri)
        if refusal.code not in ("upload.busy", "upload.offset"):
            raise refusal
        time.sleep(_PAUSE)  # the end of what came before the line broke is still being written
    return _show(client, upload)


def _asked_again(client: Client, upload: Upload, lost: Lost) -> Upload:
    """Raises what the server refused the rest for: it does not read on then, and the line breaks."""
    deadline = time.monotonic() + GIVES_UP
    while True:
        try:
            found = _show(client, upload)
        except (Lost, Unsupported):
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        except NotFound as error:
            raise Conflict("client.upload_gone", url=client.uri) from error
        else:
            if found.offset == upload.offset and not found.whole:
                time.sleep(_PAUSE)
                if time.monotonic() > deadline:
                    raise lost
            return found


def _show(client: Client, upload: Upload) -> Upload:
    found: Upload = client.decoded(client.asked("GET", f"{_PATH}/{upload.id}").body, Upload)
    return found
