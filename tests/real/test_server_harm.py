"""What does a server no harm: requests that are none, clients that are slow, too many, or go away."""

from __future__ import annotations

import contextlib
import json
import os
import random
import socket
import struct
import time
from collections.abc import Iterator

import pytest

from tests.server import Server
from tests.world import World

IDLE = 1000
SEED = int(os.environ.get("INNKEEPER_TEST_SEED") or 1221)
VALID = b"GET /api/v1/session HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[Server]:
    with Server(world) as made:
        yield made
        answers(made)


def answers(server: Server) -> None:
    """It serves those who ask well."""
    for _ in range(3):
        assert server.client.get("/api/v1/session").status_code == 200


def memory(server: Server) -> int:
    """Bytes that its processes hold."""
    place = json.loads(server.world.run(["cat", "/var/lib/innkeeper/server.json"], check=True).stdout)
    script = 'cat /proc/"$1"/status $(printf "/proc/%s/status " $(cat /proc/"$1"/task/"$1"/children))'
    told = server.world.run(["sh", "-c", script, "sh", str(place["pid"])], check=True).stdout
    held = [line.split()[1] for line in told.splitlines() if line.startswith("VmRSS:")]
    assert len(held) == 2, "keeper and web side"
    return sum(map(int, held)) * 1024


def said(channel: socket.socket, sent: bytes) -> bytes:
    """What comes back until the other side has said all; nothing when it just goes away."""
    answer = b""
    with contextlib.suppress(OSError):
        channel.sendall(sent)
        channel.shutdown(socket.SHUT_WR)
        while piece := channel.recv(65536):
            answer += piece
            if len(answer) > 1 << 20:
                break
    return answer


def mutations(server: Server) -> Iterator[bytes]:
    chance = random.Random(SEED)
    whole = VALID % server.token.encode()
    body = b'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 14\r\n\r\n{"link": "xy"}'
    for length in range(0, len(whole), 7):
        yield whole[:length]
    for length in range(0, len(body), 7):
        yield body[:length]
    for _ in range(150):
        broken = bytearray(chance.choice((whole, body)))
        for _ in range(chance.randint(1, 8)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        yield bytes(broken)
    for _ in range(50):
        yield chance.randbytes(chance.randint(1, 3000))
    yield b"GET / HTTP/9.9\r\n\r\n"
    yield b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    yield b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500
    yield b"GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    yield b"GET /api/v1/guests/%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n"
    yield b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"
    yield b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    yield b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n"
    yield b"GET /api/v1/session HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"
    yield b"GET http://evil.example/api/v1/session HTTP/1.1\r\nHost: evil.example\r\n\r\n"
    yield b"CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_requests_that_are_none(server: Server) -> None:
    for sent in mutations(server):
        with server.connect() as channel:
            channel.settimeout(60)
            answer = said(channel, sent)
        if answer:
            assert answer.startswith(b"HTTP/1.1 "), answer[:100]
            assert answer[9:10] != b"5", (sent, answer[:300])
    answers(server)


def test_endless_headers_and_bodies_end(server: Server) -> None:
    before = memory(server)
    endless = (
        b"GET /api/v1/session HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * (8 << 20),
        b"GET /" + b"a" * (8 << 20),
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * (1 << 20),
        b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n" + b"a" * (16 << 20),
        b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"100000\r\n" + b"a" * (1 << 20) + b"\r\n",
    )  # fmt: skip
    for sent in endless:
        with server.connect() as channel:
            channel.settimeout(60)
            answer = said(channel, sent)
        assert answer[:12] in (b"", b"HTTP/1.1 400", b"HTTP/1.1 413", b"HTTP/1.1 431"), answer[:200]
    answers(server)
    assert memory(server) - before < 100 << 20


def test_a_thousand_idle_connections(server: Server) -> None:
    before = memory(server)
    idle = []
    try:
        for number in range(IDLE):
            channel = server.connect()
            idle.append(channel)
            if number % 3 == 1:
                channel.sendall(b"GET /api/v1/session HTTP/1.1\r\nHos")
            elif number % 3 == 2:
                channel.sendall(
                    b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"
                )
        answers(server)
        assert memory(server) - before < 150 << 20
    finally:
        for number, channel in enumerate(idle):
            if number % 2:  # half of them as by a pulled cable
                channel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            channel.close()
    answers(server)


def test_readers_that_do_not_read(server: Server) -> None:
    before = memory(server)
    asked = b"GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n" * 20
    listens = b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
    word = server.token.encode()
    readers = [server.connect() for _ in range(40)]
    try:
        for number, channel in enumerate(readers):
            with contextlib.suppress(OSError):
                channel.sendall(asked % ((word,) * 20) if number % 2 else listens % word)
        time.sleep(1)
        answers(server)
        assert memory(server) - before < 150 << 20
    finally:
        for channel in readers:
            channel.close()
    answers(server)


def test_websockets_that_speak_nonsense(server: Server) -> None:
    chance = random.Random(SEED)
    shakes = b"GET %s HTTP/1.1\r\nHost: localhost\r\n%sUpgrade: websocket\r\nConnection: Upgrade\r\n"
    shakes += b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    path = b"/api/v1/consoles/" + b"A" * 43
    bearer = b"Authorization: Bearer %s\r\n" % server.token.encode()
    for extra in (b"", bearer, b"Origin: http://evil.example\r\n" + bearer, b"Cookie: innkeeper-1=x\r\n"):
        for _ in range(5):
            with server.connect() as channel:
                channel.settimeout(60)
                answer = said(channel, shakes % (path, extra) + chance.randbytes(chance.randint(0, 500)))
            if b"Bearer" not in extra or b"Origin" in extra:
                assert b" 101 " not in answer.partition(b"\r\n")[0]
            assert not answer.startswith(b"HTTP/1.1 5"), answer[:300]
    answers(server)
