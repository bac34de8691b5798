"""A WebSocket into a world's server, as any client has it."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.server import Server

__all__ = ["Terminal", "open_socket", "ticket"]


def ticket(server: Server, guest: str, token: str | None = None, **asked: Any) -> dict[str, Any]:
    """A ticket for that guest's console, for the server's token or another one."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = server.client.post(f"/api/v1/guests/{guest}/console", json=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def open_socket(
    server: Server, path: str, token: str | None = None, *, cookie: str = "", **options: Any
) -> ClientConnection:
    """The WebSocket at that path, with the server's token for who it is, another one, or a browser's cookie."""
    known = {"Authorization": f"Bearer {token or server.token}"}
    if cookie:
        known = {"Cookie": cookie, "Origin": server.url}
    return connect(
        f"ws://127.0.0.1:{server.port}{path}",
        sock=server.connect(),
        additional_headers=known,
        compression=None,
        max_size=None,
        legacy=True,
        **options,
    )


class Terminal:
    """A serial console over the network: what it said so far, and its notices."""

    def __init__(self, server: Server, guest: str, token: str | None = None, **asked: Any) -> None:
        self.said = b""
        self.notices: list[dict[str, Any]] = []
        self.socket = open_socket(server, ticket(server, guest, token, **asked)["path"], token)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def type(self, text: str) -> None:
        self.socket.send(text.encode())

    def wait_for(self, wanted: bytes, timeout: float = 90) -> None:
        """Until that was said."""
        deadline = time.monotonic() + timeout
        while wanted not in self.said:
            self.take(deadline)

    def wait_for_notice(self, event: str, timeout: float = 90) -> dict[str, Any]:
        deadline = time.monotonic() + timeout
        while not (found := [one for one in self.notices if one["event"] == event]):
            self.take(deadline)
        return found[0]

    def take(self, deadline: float) -> None:
        try:
            frame = self.socket.recv(max(0.1, deadline - time.monotonic()))
        except TimeoutError:
            raise AssertionError(f"it did not come: {self.said[-1000:]!r} {self.notices}") from None
        if isinstance(frame, str):
            self.notices.append(json.loads(frame))
        else:
            self.said += frame

    def wait_for_end(self, timeout: float = 90, typing: str = "") -> tuple[int, str]:
        """Code and reason of its end. `typing` is typed whenever nothing comes: libvirt does not tell everyone whose
        console was taken, but refuses what they type."""
        deadline = time.monotonic() + timeout
        try:
            while True:
                if typing and time.monotonic() < deadline:
                    with suppress(AssertionError):
                        self.take(time.monotonic() + 2)
                        continue
                    self.type(typing)
                else:
                    self.take(deadline)
        except ConnectionClosed as closed:
            end = closed.rcvd
        assert end is not None, "it was cut off"
        return end.code, end.reason
