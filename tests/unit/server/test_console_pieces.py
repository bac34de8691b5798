"""What a console said last is read, however it was closed."""

from __future__ import annotations

import asyncio
import socket

import pytest

from innkeeper.server.consoles import _piece


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_SEQPACKET])
def test_last_words_of_one_who_did_not_read_all(kind: socket.SocketKind) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
    ours.setblocking(False)
    ours.send(b"typed")
    theirs.send(b"last words")
    theirs.close()

    async def read() -> list[bytes]:
        return [await _piece(ours), await _piece(ours)]

    assert asyncio.run(asyncio.wait_for(read(), 20)) == [b"last words", b""]
    ours.close()
