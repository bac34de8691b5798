"""Commands in a guest through a server: a shell whose other end is there."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import msgspec

from innkeeper.client.line import Lost
from innkeeper.client.problems import error_of
from innkeeper.client.sockets import opened
from innkeeper.guest.within.shells import Execution, Pieces
from innkeeper.routes import API, ROUTES
from innkeeper.schema.guest_agent import GuestCp, GuestExec, Via

if TYPE_CHECKING:
    from innkeeper.client.client import Client
    from innkeeper.operation import Reporter
    from innkeeper.verbs import Verb

__all__ = ["FarShell", "perform"]

_PIECE = 64 * 1024
"""Bytes of a message."""


class FarShell:
    """A way into one guest, by the agent or by ssh as the server's host has it. `way` and `user` are known once it was
    opened or ran; `files`: the way has to carry files."""

    def __init__(self, client: Client, asked: GuestExec | GuestCp, files: bool = False) -> None:
        self.name = asked.name
        self.user: str | None = asked.user
        self.way: Via = asked.via or "agent"
        self.truncated = False
        self._client, self._files, self._via, self._asked_user = client, files, asked.via, asked.user
        self._ready: _Run | None = None

    def open(self, words: Sequence[str], env: Mapping[str, str], timeout: float | None) -> None:
        """Ask for the command that runs next. Raises what speaks against it."""
        fields = {"command": tuple(words), "env": dict(env), "timeout": timeout}
        asked: dict[str, Any] = {name: value for name, value in fields.items() if value}
        asked |= {"user": self._asked_user} if self._asked_user else {}
        asked |= {"via": self._via} if self._via else {}
        self._ready = _Run(self._client, self.name, {"request": asked, "files": self._files})
        self.name, self.way, self.user = (self._ready.told[field] for field in ("name", "way", "user"))

    def run(
        self,
        words: Sequence[str],
        env: Mapping[str, str],
        source: Iterator[bytes] | None,
        timeout: float | None,
    ) -> Pieces:
        if self._ready is None:
            self.open(words, env, timeout)
        run, self._ready = self._ready, None
        assert run is not None
        try:
            ended = yield from run.pieces(source)
        finally:
            run.close()
        self.truncated = bool(ended["truncated"])
        return int(ended["status"])


class _Run:
    """One command, from its request to its end."""

    def __init__(self, client: Client, name: str, asked: dict[str, Any]) -> None:
        from innkeeper.client.client import path_of

        self._url = client.uri
        self._stack = ExitStack()
        path = API + path_of("guest.exec", ROUTES["guest.exec"], {"name": name})
        self._socket = self._stack.enter_context(opened(client, path))
        try:
            self._socket.send(msgspec.json.encode(asked).decode())
            kind, said = self._receive()
        except BaseException:
            self.close()
            raise
        assert kind == b"w", kind
        self.told: dict[str, Any] = msgspec.json.decode(said)

    def pieces(self, source: Iterator[bytes] | None) -> Any:
        """What it prints, and how it ended."""
        if source is None:
            self._socket.send(b"n")
        else:
            threading.Thread(target=self._feed, args=(source,), daemon=True).start()
        while True:
            kind, said = self._receive()
            if kind == b"s":
                return msgspec.json.decode(said)
            yield int(kind), said

    def close(self) -> None:
        """A command that still runs is ended in the guest."""
        self._stack.close()

    def _feed(self, source: Iterator[bytes]) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            for piece in source:
                for at in range(0, len(piece), _PIECE):
                    self._socket.send(b"d" + piece[at : at + _PIECE])
            self._socket.send(b"f")
        except ConnectionClosed:
            return  # it ended without reading all of it
        except BaseException:
            self._socket.close()  # half of an input is no input
            raise

    def _receive(self) -> tuple[bytes, bytes]:
        from websockets.exceptions import ConnectionClosed

        try:
            came = self._socket.recv()
        except ConnectionClosed as error:
            raise Lost("client.lost", url=self._url, reason=str(error)) from error
        packet = came if isinstance(came, bytes) else came.encode()
        if packet[:1] == b"p":
            raise error_of(msgspec.json.decode(packet[1:], type=dict[str, Any]), self._url)
        return packet[:1], packet[1:]


def perform(client: Client, _verb: Verb[Any, Any], request: GuestExec, _report: Reporter | None) -> Execution:
    """As `guest.exec` answers it: begun when it is first iterated over."""
    shell = FarShell(client, request)
    shell.open(request.command, request.env, request.timeout)
    execution = Execution(shell.name, shell, request.command, request.env, request.timeout)
    if request.stdin is not None:
        execution.source = iter([request.stdin])
    return execution
