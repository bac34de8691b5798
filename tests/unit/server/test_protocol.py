"""Clients that are slow: bounded in time, each in its way, while the others are answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from innkeeper.server import protocol
from innkeeper.server.protocol import BoundedProtocol

Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
PATIENCE = 30.0


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the length of the body, or with much."""
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    body = b"a" * (64 << 20) if scope["path"] == "/much" else str(length).encode()
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]}
    )
    await send({"type": "http.response.body", "body": body})


def run(client: Client) -> None:
    async def main() -> None:
        config, state = uvicorn.Config(app, log_config=None, lifespan="off"), ServerState()
        config.load()
        server = await asyncio.get_running_loop().create_server(
            lambda: BoundedProtocol(config=config, server_state=state, app_state={}), "127.0.0.1", 0
        )
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            await asyncio.wait_for(client(reader, writer), PATIENCE)
        finally:
            writer.close()
            server.close()
            for connection in list(state.connections):
                if connection.transport is not None:
                    connection.transport.abort()
            await asyncio.sleep(0)

    asyncio.run(main())


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEAD_TIME", "BODY_TIME", "WRITE_TIME"):
        monkeypatch.setattr(protocol, name, 0.3)


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HT", GET[:-2], b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"]
)
def test_whoever_does_not_go_on_is_cut_off(sent: bytes) -> None:
    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        try:
            answer = await reader.read()
        except ConnectionError:
            answer = b""
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")

    run(client)


def test_a_byte_now_and_then_does_not_help() -> None:
    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        over = asyncio.ensure_future(reader.read())
        for byte in b"GET / HTTP/1.1\r\nX: " + b"a" * 10_000:
            if over.done():
                break
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)
        assert over.done(), "its headers had a time to end in"
        assert over.exception() is None or isinstance(over.exception(), ConnectionError)

    run(client)


def test_a_slow_body_that_goes_on_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes longer than a pause in it may."""
    monkeypatch.setattr(protocol, "BODY_TIME", 2.0)

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n")
        for _ in range(10):
            await asyncio.sleep(0.25)
            writer.write(b"ab")
        assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 200")

    run(client)


def test_requests_follow_each_other_on_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_TIME", PATIENCE)

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(3):
            writer.write(GET)
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
            assert await reader.readexactly(1) == b"0"

    run(client)


def test_whoever_does_not_read_is_cut_off() -> None:
    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a transport of sockets has it
        writer.write(GET.replace(b" / ", b" /much "))
        await asyncio.sleep(3)
        writer.transport.resume_reading()  # type: ignore[attr-defined]  # likewise
        length = 0
        try:
            while piece := await reader.read(1 << 20):
                length += len(piece)
        except ConnectionError:
            pass
        assert length < 64 << 20

    run(client)


def test_too_long_a_head_is_refused() -> None:
    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"GET / HTTP/1.1\r\nX: " + b"a" * (1 << 20))
        try:
            answer = await reader.read()
        except ConnectionError:
            answer = b""
        assert answer[:12] in (b"", b"HTTP/1.1 431", b"HTTP/1.1 400")

    run(client)
