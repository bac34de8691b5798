"""A running `inn serve`, with whoever asks it: one request after the other, many at a steady rate, or events."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from benchmarks.programs import INN

__all__ = ["Served", "at_a_rate"]

_LINK = re.compile(r"http://[^:]+:(\d+)/#link=(\S+)")
_PATIENCE = 300.0


class Served:
    """`inn serve` for a libvirt URI, in a state directory of its own. Its limit of requests is out of the way."""

    def __init__(self, uri: str, state: Path) -> None:
        environment = os.environ | {
            "INNKEEPER_STATE_DIR": str(state),
            "INNKEEPER_REQUESTS_PER_SECOND": "100000",
        }
        argv = [INN, "-c", uri, "serve", "--port", "0"]
        self._process = subprocess.Popen(
            argv, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout is not None
        found = _LINK.search(self._process.stdout.readline())
        assert found, "the server did not start"
        self.port = int(found[1])
        self.token = self._signed_in(found[2])
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(60)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _signed_in(self, link: str) -> str:
        """By its link, as a browser; then a token for what follows."""
        browser = self.connection()
        asked = {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{self.port}"}
        browser.request("POST", "/api/v1/session", json.dumps({"link": link}), asked)
        signed_in = browser.getresponse()
        known = {"Cookie": (signed_in.headers["Set-Cookie"] or "").partition(";")[0]}
        known |= {"X-CSRF-Token": json.loads(signed_in.read())["csrf"]}
        body = json.dumps({"name": "bench", "role": "admin"})
        browser.request("POST", "/api/v1/tokens", body, asked | known)
        token: str = json.loads(browser.getresponse().read())["token"]
        browser.close()
        return token

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)

    def get(self, connection: http.client.HTTPConnection, path: str) -> bytes:
        """A body, over a connection that stays open."""
        connection.request("GET", path, headers=self.headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body[:300]!r}")
        return body

    def post(self, path: str, asked: dict[str, Any]) -> Any:
        """What is answered."""
        connection = self.connection()
        words = self.headers | {"Content-Type": "application/json"}
        connection.request("POST", path, json.dumps(asked), words)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body[:300]!r}")
        return json.loads(body)

    def link(self) -> str:
        """One that lets a browser in, once."""
        connection = self.connection()
        connection.request("POST", "/api/v1/links", headers=self.headers)
        url: str = json.loads(connection.getresponse().read())["url"]
        connection.close()
        return url

    def until_connected(self, guests: int) -> None:
        """All of them are listed."""
        connection, deadline = self.connection(), time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            link = json.loads(self.get(connection, "/api/v1/hosts/local/link"))
            if link["state"] == "connected":
                rows = json.loads(self.get(connection, "/api/v1/guests?fields=uuid"))
                if len(rows) >= guests:
                    connection.close()
                    return
            time.sleep(0.2)
        raise RuntimeError("the server did not see its guests")

    def memory(self) -> float:
        """MB resident, of both processes; what they share counts once."""
        keeper = self._process.pid
        children = Path(f"/proc/{keeper}/task/{keeper}/children").read_text(encoding="ascii").split()
        return sum(_resident(pid) for pid in (str(keeper), *children)) * 1024 / 1e6

    def listen(self, hear: Callable[[dict[str, Any], float], None]) -> threading.Thread:
        """Each event with the moment at which it came, until the server ends. Returns when it listens."""
        connection, ready = self.connection(), threading.Event()

        def read() -> None:
            connection.request("GET", "/api/v1/events", headers=self.headers)
            with connection.getresponse() as answer:
                ready.set()
                while line := answer.readline():
                    if line.startswith(b"data: "):
                        hear(json.loads(line[6:]), time.perf_counter())

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        ready.wait(_PATIENCE)
        return thread


def at_a_rate(served: Served, paths: Sequence[str], rate: float, askers: int = 16) -> list[float]:
    """Seconds of each request, counted from when it was due: whoever waits behind a slow one waited, too."""
    began = time.perf_counter() + 0.5
    took: list[float] = []
    places = iter(range(len(paths)))

    def ask() -> None:
        connection = served.connection()
        for place in places:  # the next one, of whichever asker is free
            due = began + place / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            served.get(connection, paths[place])
            took.append(time.perf_counter() - due)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(askers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def _resident(pid: str) -> int:
    """Its proportional share, in KiB (proc(5), smaps_rollup)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
