"""A listener that does not read, over a real connection: the server holds back, and tells it later to look again."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from litestar import Litestar

from innkeeper.server.events import HANDLERS, Hub

BURSTS, BURST = 150, 1000
PIECE = 100
"""Bytes of an event, about."""


@pytest.fixture
def served() -> Iterator[tuple[Hub, int]]:
    """A server of events alone, and its port."""
    hub = Hub()
    app = Litestar(HANDLERS, openapi_config=None)
    app.state.hub = hub
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield hub, listening.getsockname()[1]
        hub.close()
        server.should_exit = True
        thread.join(60)
        assert not thread.is_alive(), "a closed hub ends its streams"


def test_a_reader_that_stands_still_is_not_fed(served: tuple[Hub, int]) -> None:
    hub, port = served
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.settimeout(60)
        reader.connect(("127.0.0.1", port))
        reader.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in reader.recv(300)
        wait_for(lambda: hub.listeners == 1)
        for burst in range(BURSTS):
            for number in range(BURST):
                hub.publish("guest", str(burst * BURST + number), "changed")
            time.sleep(0.005)  # so that the other thread writes what it may
        hub.publish("guest", "the last one", "changed")
        came = read_until(reader, b"the last one", b"event: reset")
    assert came.count(b"event: reset") >= 1
    assert len(came) < BURSTS * BURST * PIECE / 2, "most of it was never written"


def read_until(reader: socket.socket, *ends: bytes) -> bytes:
    """Until one of these came; what was on its way before comes first."""
    came = b""
    while not any(end in came[-100_000:] for end in ends):
        piece = reader.recv(65536)
        assert piece, "it ended"
        came += piece
    return came


def wait_for(there: Any) -> None:
    deadline = time.monotonic() + 60
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.01)
