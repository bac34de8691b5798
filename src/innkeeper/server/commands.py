"""Commands in guests with their streams, over a WebSocket: what `inn exec` and `inn cp` go through.

The first message is the request, as JSON: `{"request": GuestExec without its name, "files": false}`. Then binary frames
both ways, each as `command_doors` tells them by its first byte.
"""

from __future__ import annotations

import asyncio
import socket as sockets
from typing import Any

import anyio.to_thread
import msgspec
from litestar import WebSocket, websocket

from innkeeper.errors import InnkeeperError, Invalid
from innkeeper.schema.base import build
from innkeeper.schema.guest_agent import GuestExec
from innkeeper.server.keeper import Keeper
from innkeeper.server.problems import of_error
from innkeeper.server.relaying import relay

__all__ = ["HANDLERS"]

_LONGEST = 1 << 20
"""Bytes of a packet, as the keeper's side reads it."""


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first message."""

    request: dict[str, Any]
    files: bool = False


@websocket("/api/v1/guests/{name:str}/exec", name="guest.exec_stream")
async def exec_stream(socket: WebSocket[Any, Any, Any], name: str) -> None:
    """A command in a guest, until it ends or either side leaves."""
    await socket.accept()
    keeper: Keeper = socket.app.state.keeper
    try:
        asked = _asked(await socket.receive_data(mode="text"))
        request = build(GuestExec, asked.request | {"name": name})
        end = await anyio.to_thread.run_sync(keeper.commands.open, request, asked.files)
    except InnkeeperError as error:
        await socket.send_bytes(b"p" + msgspec.json.encode(of_error(error, "en")))
        await socket.close()
        return
    try:
        end.setblocking(False)
        why = await relay(socket, _carry(socket, end), _carry_typed(socket, end))
        if isinstance(why, InnkeeperError):
            await socket.send_bytes(b"p" + msgspec.json.encode(of_error(why, "en")))
        if why is not None:
            await socket.close()
    finally:
        end.close()


def _asked(said: Any) -> Asked:
    try:
        return msgspec.json.decode(said, type=Asked)
    except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as error:
        raise Invalid("request.json", reason=str(error)) from error


async def _carry(socket: WebSocket[Any, Any, Any], end: sockets.socket) -> str | None:
    """Nothing when the command ended, None when the other side left."""
    loop = asyncio.get_running_loop()
    try:
        while packet := await loop.sock_recv(end, _LONGEST):
            await socket.send_bytes(packet)
    except OSError:
        return None
    return ""


async def _carry_typed(socket: WebSocket[Any, Any, Any], end: sockets.socket) -> None:
    """Until the other side leaves. What a command does not read any more is dropped."""
    loop, over = asyncio.get_running_loop(), False
    while (event := await socket.receive())["type"] == "websocket.receive":
        packet = event.get("bytes") or b""
        if packet and not over:
            try:
                await loop.sock_sendall(end, packet)
            except OSError:
                over = True


HANDLERS: list[Any] = [exec_stream]
