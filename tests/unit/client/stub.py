"""A server that says what a test has it say, and writes down what it was asked."""

from __future__ import annotations

import json
import socketserver
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple

import pytest

from innkeeper import Client
from innkeeper.errors import InnkeeperError

__all__ = ["DROP", "Asked", "Stub", "problem", "raised"]

DROP = object()
"""As an answer: the line is cut without one."""


class Asked(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Says = Callable[[Asked], Any]
"""What is answered: (status, body as JSON), (status, bytes), or DROP."""


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Stub:
    """Listens until it is closed; `asked` are all requests so far."""

    def __init__(self, says: Says, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.says, self.asked = says, list[Asked]()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = Asked(self.command, self.path, dict(self.headers.items()), body)
                stub.asked.append(asked)
                said = stub.says(asked)
                if said is DROP:
                    self.close_connection = True
                    return
                status, told = said
                data = told if isinstance(told, bytes) else json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_arguments: object) -> None:
                """Nobody reads it."""

        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            setattr(Handler, f"do_{method}", Handler.answer)
        self._server = _Threads(("127.0.0.1", port), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = int(self._server.server_address[1])
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self) -> Stub:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def refuse(self) -> None:
        """Nobody listens from now on."""
        self._server.socket.close()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def raised(stub: Stub, call: Callable[[Client], Any]) -> InnkeeperError:
    """What comes of it."""
    with Client(stub.url) as client, pytest.raises(InnkeeperError) as caught:
        call(client)
    return caught.value


def problem(status: int, code: str, **more: Any) -> tuple[int, Any]:
    return status, {"status": status, "code": code, "title": f"words of {code}", "remedy": "do that"} | more
