"""`inn serve` in a test world, and a way to it from outside the world's network.

with Server(world) as server:
    server.client.get("/api/v1/guests").json()
    server.connect()          # a plain socket
"""

from __future__ import annotations

import ctypes
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpcore
import httpx

from tests.world import Inside

__all__ = ["Server", "connect"]

_CLONE_NEWNET = 0x40000000
_READY = re.compile(r"(https?://[^/]+)/#link=(\S+)")


def connect(pid: int, address: tuple[str, int], timeout: float | None = 30) -> socket.socket:
    """A TCP connection made in the network namespace of that process: a socket stays where it was made."""
    made: list[socket.socket | OSError] = []

    def there() -> None:
        namespace = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
        try:
            if ctypes.CDLL(None, use_errno=True).setns(namespace, _CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")  # noqa: TRY301  # caught for the other thread
            made.append(socket.create_connection(address, timeout))
        except OSError as error:
            made.append(error)
        finally:
            os.close(namespace)

    thread = threading.Thread(target=there)  # only this thread goes there, and it ends there
    thread.start()
    thread.join()
    if isinstance(made[0], OSError):
        raise made[0]
    return made[0]


class _There(httpcore.NetworkBackend):
    def __init__(self, pid: int) -> None:
        self._pid = pid

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        from httpcore._backends.sync import SyncStream

        try:
            return SyncStream(connect(self._pid, (host, port), timeout))
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error


class Server:
    """An `inn serve` of that world. `client` is an httpx client with its token; `environment` is for the process."""

    def __init__(self, world: Inside, *arguments: str, env: dict[str, str] | None = None) -> None:
        self.world = world
        self._arguments, self._env = arguments, env
        self._start(*arguments)

    def _start(self, *arguments: str) -> None:
        inn = str(Path(sys.executable).parent / "inn")
        self.process = self.world.popen(
            [inn, "serve", "--port", "0", *arguments], env=self._env, stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        found = _READY.search(said)
        assert found, f"the server did not start: {said!r}"
        self.url, self.link = found.groups()
        self.port = int(self.url.rpartition(":")[2])
        self.token = self._sign_in()
        self.client = self.browser(headers={"Authorization": f"Bearer {self.token}"})

    def browser(self, **options: Any) -> httpx.Client:
        """Another client, that nobody knows yet."""
        transport = httpx.HTTPTransport()
        transport._pool = httpcore.ConnectionPool(
            network_backend=_There(self.world.pid), ssl_context=httpx.create_ssl_context(verify=False)
        )
        return httpx.Client(transport=transport, base_url=self.url, timeout=60, **options)

    def fresh_link(self) -> str:
        """Another link that lets a browser in."""
        made = self.client.post("/api/v1/links")
        assert made.status_code == 200, made.text
        url: str = made.json()["url"]
        return url

    def _sign_in(self) -> str:
        """By its link, as a browser; then a token for what follows."""
        with self.browser() as browser:
            signed_in = browser.post("/api/v1/session", json={"link": self.link})
            assert signed_in.status_code == 200, signed_in.text
            asked = {"name": f"laptop-{secrets.token_hex(3)}", "role": "admin"}
            headers = {"X-CSRF-Token": signed_in.json()["csrf"]}
            made = browser.post("/api/v1/tokens", json=asked, headers=headers)
            assert made.status_code == 200, made.text
            token: str = made.json()["token"]
            return token

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def connect(self) -> socket.socket:
        """A plain TCP connection to it."""
        return connect(self.world.pid, ("127.0.0.1", self.port))

    def kill(self) -> None:
        """As `kill -9`."""
        self.close(signal.SIGKILL)

    def restart(self, *, same_port: bool = False) -> None:
        """Another one, with the same arguments and another port, unless it shall be the same."""
        self.close()
        self._start(*self._arguments, *(["--port", str(self.port)] if same_port else []))

    def close(self, number: int = signal.SIGTERM) -> None:
        self.client.close()
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        self.process.wait(timeout=60)
        if self.process.stdout is not None and not self.process.stdout.closed:
            self.process.stdout.read()  # until both of its processes are gone
            self.process.stdout.close()
