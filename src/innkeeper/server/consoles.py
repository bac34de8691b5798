"""Consoles over WebSocket: a ticket, good once and for seconds, and then the bytes of a serial port or of a screen.

`POST /api/v1/guests/{name}/console` answers the ticket; the WebSocket at its path carries binary frames both ways. Of a
serial port text frames are notices (JSON): who types, how many bytes were missed. A screen is RFB as it is.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import secrets
import socket as sockets
import time
from typing import Any

import anyio.to_thread
import msgspec
from litestar import Request, Response, WebSocket, post, websocket

from innkeeper.errors import Busy, InnkeeperError
from innkeeper.schema.base import build
from innkeeper.schema.console import ConsoleOpen, ConsoleTicket
from innkeeper.server.access.identity import Identity
from innkeeper.server.asking import json_object
from innkeeper.server.keeper import Keeper
from innkeeper.server.relaying import relay

__all__ = ["CLOSE_CODES", "HANDLERS", "LIFETIME", "OPENAPI", "Tickets"]

LIFETIME = 30.0
"""Seconds a ticket is good for."""
TICKETS = 1000
"""that are not used yet"""
CLOSE_CODES = {
    "": 1001,
    "guest.not_running": 4001,
    "guest.console_taken": 4002,
    "libvirt.lost": 4003,
    "caller.unknown": 4004,
    "caller.role": 4004,
}
"""why a console ended → the code of the WebSocket's close frame, where the reason stands too; else 4000"""
_PATH = "/api/v1/consoles"
_PIECE = 64 * 1024
_REASON = 120
"""Bytes of a close frame's reason (RFC 6455 §5.5: 125 with the code)."""
_DATA, _NOTICE = ord("d"), ord("n")


class Ticket(msgspec.Struct, frozen=True):
    """Who may open what, until when (monotonic seconds)."""

    identity: Identity
    uuid: str
    asked: ConsoleOpen
    until: float


class Tickets:
    """Those that are not used yet. What is kept of a token is its digest."""

    def __init__(self, lifetime: float = LIFETIME) -> None:
        self._lifetime = lifetime
        self._open: dict[str, Ticket] = {}

    def issue(self, identity: Identity, uuid: str, asked: ConsoleOpen) -> str:
        """A token. Raises `Busy("console.tickets")`."""
        now = time.monotonic()
        self._open = {key: one for key, one in self._open.items() if one.until > now}
        if len(self._open) >= TICKETS:
            raise Busy("console.tickets", most=TICKETS)
        token = secrets.token_urlsafe(32)
        self._open[_digest(token)] = Ticket(identity, uuid, asked, now + self._lifetime)
        return token

    def take(self, token: str, identity: Identity) -> Ticket | None:
        """Whoever shows it, it is used. None: unknown, used, too old, or somebody else's."""
        ticket = self._open.pop(_digest(token), None)
        if ticket is None or ticket.until <= time.monotonic() or _who(ticket.identity) != _who(identity):
            return None
        return ticket


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()


def _who(identity: Identity) -> tuple[str, str, str | None]:
    return identity.kind, identity.name, identity.token


def _tickets(connection: Request[Any, Any, Any] | WebSocket[Any, Any, Any]) -> Tickets:
    state = connection.app.state
    if "tickets" not in state:
        state.tickets = Tickets()
    tickets: Tickets = state.tickets
    return tickets


@post("/api/v1/guests/{name:str}/console", name="guest.console", status_code=200)
async def open_console(request: Request[Any, Any, Any], name: str) -> Response[bytes]:
    """A ticket for a WebSocket to the guest's serial port or screen: good once, half a minute, for whoever asked."""
    asked = build(ConsoleOpen, await json_object(request))
    keeper: Keeper = request.app.state.keeper
    if request.query_params.get("dry_run") == "true":
        view: Any = await anyio.to_thread.run_sync(keeper.consoles.plan, name, asked)
    else:
        guest = await anyio.to_thread.run_sync(keeper.consoles.reserve, name, asked, LIFETIME)
        token = _tickets(request).issue(request.user, guest.uuid, asked)
        view = ConsoleTicket(
            path=f"{_PATH}/{token}",
            token=token,
            expires=time.time() + LIFETIME,
            kind=asked.kind,
            name=guest.name,
            uuid=guest.uuid,
            read_only=asked.read_only,
        )
    return Response(
        msgspec.json.encode(view), media_type="application/json", headers={"Cache-Control": "no-store"}
    )


@websocket(f"{_PATH}/{{token:str}}", name="console")
async def console(socket: WebSocket[Any, Any, Any], token: str) -> None:
    """What the ticket is for, until either side ends it."""
    ticket = _tickets(socket).take(token, socket.user)
    if ticket is None:
        await socket.close(4403, "console.ticket")  # before it is accepted: HTTP 403
        return
    word = "binary" if "binary" in socket.scope.get("subprotocols", []) else None
    keeper: Keeper = socket.app.state.keeper
    ours = (ticket.uuid, ticket.asked, ticket.identity.name)
    try:
        end = await anyio.to_thread.run_sync(keeper.consoles.open, *ours)
    except InnkeeperError as error:
        await socket.accept(word)  # since a browser tells no page why a WebSocket was not accepted
        await _close(socket, error.code)
        return
    try:
        await socket.accept(word)
        end.setblocking(False)
        said = _carry_framed(socket, end) if ticket.asked.kind == "serial" else _carry(socket, end)
        why = await relay(socket, said, _carry_typed(socket, end))
        await _close(socket, why.code if isinstance(why, InnkeeperError) else why)
    finally:
        end.close()


async def _carry_framed(socket: WebSocket[Any, Any, Any], end: sockets.socket) -> str | None:
    """Why the console ended, or None when the other side left."""
    while packet := await _piece(end):
        try:
            if packet[0] == _DATA:
                await socket.send_bytes(packet[1:])
            elif packet[0] == _NOTICE:
                await socket.send_text(packet[1:].decode())
            else:
                return packet[1:].decode()
        except OSError:
            return None
    return "console.ended"


async def _carry(socket: WebSocket[Any, Any, Any], end: sockets.socket) -> str | None:
    while data := await _piece(end):
        try:
            await socket.send_bytes(data)
        except OSError:
            return None
    return "console.ended"


async def _piece(end: sockets.socket) -> bytes:
    """Nothing at its end. Who closed it without having read all is told once, before what is still to be read."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            return await loop.sock_recv(end, _PIECE)
        except ConnectionResetError:
            continue
        except OSError:
            return b""


async def _carry_typed(socket: WebSocket[Any, Any, Any], end: sockets.socket) -> None:
    """Text is what a terminal types, in UTF-8; bytes are as they are."""
    loop = asyncio.get_running_loop()
    while (event := await socket.receive())["type"] == "websocket.receive":
        text = event.get("text")
        typed = memoryview(event.get("bytes") or b"" if text is None else text.encode())
        for at in range(0, len(typed), _PIECE):
            try:
                await loop.sock_sendall(end, typed[at : at + _PIECE])
            except OSError:  # the console ended: its last words, which are on their way, say why
                break


async def _close(socket: WebSocket[Any, Any, Any], reason: str | None) -> None:
    if reason is None:
        return
    try:
        await socket.close(CLOSE_CODES.get(reason, 4000), reason.encode()[:_REASON].decode())
    except (OSError, RuntimeError):  # it left in this moment
        return


class _Unsaid(logging.Filter):
    """A ticket is a secret until it is used, and stands in the address that Uvicorn's log tells."""

    pattern = re.compile(rf"({_PATH}/)[^\s\"?]+")

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if _PATH in said:
            record.msg, record.args = self.pattern.sub(r"\1…", said), ()
        return True


for _name in ("uvicorn.error", "uvicorn.access"):
    logging.getLogger(_name).addFilter(_Unsaid())

HANDLERS: list[Any] = [open_console, console]
OPENAPI: dict[str, Any] = {
    "guest.console": {
        "request": ConsoleOpen,
        "response": ConsoleTicket,
        "summary": "A ticket for a WebSocket to its serial port or screen",
    },
    "console": {
        "summary": "The serial port or screen that a ticket is for, as a WebSocket",
        "description": "Open it within half a minute, as who got the ticket. What a serial port prints comes as binary "
        "messages, notices about it as texts of JSON; what is sent is typed, as bytes or as text. A screen's bytes "
        "are RFB's, both ways. The close frame's reason is a code such as `guest.not_running`.",
    },
}
"""handler's name → what the document says of it"""
