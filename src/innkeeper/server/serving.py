"""The process `inn serve`."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable

from innkeeper.errors import Failed
from innkeeper.server.app import make
from innkeeper.server.keeper import Keeper

__all__ = ["LOOPBACK", "serve"]

LOOPBACK = "127.0.0.1"


def serve(uri: str, address: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT. Port 0 takes one that is free; `on_ready` gets the server's URL, with a token.

    Raises `Failed("server.address")` when nothing can listen there.
    """
    import uvicorn

    listening = _listen(address, port)
    host = f"[{address}]" if ":" in address else address
    token = secrets.token_urlsafe(32)
    app = make(Keeper(uri), token)
    config = uvicorn.Config(app, log_config=None, lifespan="on", server_header=False)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                on_ready(f"http://{host}:{listening.getsockname()[1]}/#token={token}")

    Server(config).run([listening])


def _listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
    except OSError as error:
        listening.close()
        raise Failed("server.address", address=address, port=port, reason=error.strerror) from error
    return listening
