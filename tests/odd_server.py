"""A web server that behaves as badly as it is told, file by file, and writes down what it was asked.

Run as a program, `python odd_server.py DIRECTORY`, it prints its URL and serves until its standard input ends; in a
test, `with OddServer(directory) as server`. What `DIRECTORY/.ways` says of a file holds from the next request on; each
request is a line of `DIRECTORY/.asked`.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.server
import json
import os
import ssl
import sys
import threading
import time
from pathlib import Path
from typing import Any

PIECE = 1 << 16
ENDLESS = 1 << 27
"""Bytes that stand for endlessly many."""
SECONDS = 30.0
"""For how long a server says nothing."""


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Tests do not read it."""

    def do_GET(self) -> None:
        self.close_connection = True
        scheme, _, rest = self.path.partition("://")
        path = "/" + (rest.partition("/")[2] if rest else scheme.lstrip("/"))
        way, *words = self.server.ways().get(path.lstrip("/"), ["plain"])
        asked = {
            name: self.headers.get(name) for name in ("Range", "If-Range", "Accept-Encoding", "Authorization")
        }
        self.before = sum(line["path"] == path for line in self.server.asked())
        self.server.write_down({"path": path, "proxied": bool(rest), **asked})
        getattr(self, f"way_{way}")(path.lstrip("/"), *words)

    # --- ways: each gets the file's name and what else was said of it

    def way_plain(self, name: str, *, most: int | None = None, rate: float | None = None) -> None:
        """As a good server does: ranges, If-Range with its tag or its date. At most so many bytes of each answer."""
        file = self.server.directory / name
        if not file.is_file():
            return self.send_error(404)
        size, tag = file.stat().st_size, _tag(file)
        start = self.asked_start()
        if start and self.headers.get("If-Range") not in (None, tag):
            start = 0
        if start and start >= size:
            return self.answer(416, {"Content-Range": f"bytes */{size}", "Content-Length": 0})
        headers: dict[str, Any] = {"ETag": tag, "Content-Length": size - start}
        if start:
            headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
        self.answer(206 if start else 200, headers)
        self.send_file(file, start, most, rate)
        return None

    def way_cut(self, name: str, most: int) -> None:
        self.way_plain(name, most=most)

    def way_slow(self, name: str, rate: float) -> None:
        """Bytes per second."""
        self.way_plain(name, rate=rate)

    def way_paced(self, name: str, rate: int) -> None:
        """As by a link of so many bytes a second."""
        file, began = self.server.directory / name, time.monotonic()
        size, step = file.stat().st_size, 1 << 20
        self.answer(200, {"Content-Length": size})
        for start in range(0, size, step):
            self.send_file(file, start, min(step, size - start), None)
            time.sleep(max(0.0, began + start / rate - time.monotonic()))

    def way_stall(self, name: str, most: int) -> None:
        self.way_plain(name, most=most)
        time.sleep(SECONDS)

    def way_held(self, name: str, most: int) -> None:
        """So many bytes, and the rest once it is told another way."""
        file = self.server.directory / name
        size, start = file.stat().st_size, self.asked_start()
        self.way_plain(name, most=max(most - start, 0))
        deadline = time.monotonic() + 10 * SECONDS
        while self.server.ways().get(name, ["plain"])[0] == "held" and time.monotonic() < deadline:
            time.sleep(0.05)
        self.send_file(file, max(most, start), size - max(most, start), None)

    def way_silent(self, _name: str) -> None:
        time.sleep(SECONDS)

    def way_whole(self, name: str, most: int | None = None) -> None:
        """Knows no ranges."""
        file = self.server.directory / name
        self.answer(200, {"Content-Length": file.stat().st_size})
        self.send_file(file, 0, most, None)

    def way_other_range(self, name: str) -> None:
        """Sends another part than the one that was asked for."""
        file = self.server.directory / name
        size, start = file.stat().st_size, self.asked_start()
        if not start:
            return self.way_plain(name, most=size // 2)
        headers = {"Content-Range": f"bytes 0-{size - 1}/{size}", "Content-Length": size}
        self.answer(206, headers)
        return self.send_file(file, 0, None, None)

    def way_not_satisfiable(self, name: str) -> None:
        if self.asked_start():
            return self.answer(416, {"Content-Length": 0})
        return self.way_plain(name)

    def way_says(self, name: str, length: int) -> None:
        """Lies about how much comes."""
        self.answer(200, {"Content-Length": length})
        self.send_file(self.server.directory / name, 0, None, None)

    def way_unsized(self, name: str) -> None:
        self.answer(200, {})
        self.send_file(self.server.directory / name, 0, None, None)

    def way_endless(self, _name: str) -> None:
        """Far more than any test takes; whoever takes all of it fails instead of hanging."""
        self.answer(200, {})
        for _ in range(ENDLESS // PIECE):
            self.send(bytes(PIECE))

    def way_endless_headers(self, _name: str) -> None:
        self.send_response_only(200)
        self.flush_headers()
        for number in range(ENDLESS // 1000):
            self.send(f"X-{number}: {'x' * 1000}\r\n".encode())

    def way_packed(self, name: str) -> None:
        data = gzip.compress((self.server.directory / name).read_bytes())
        self.answer(200, {"Content-Encoding": "gzip", "Content-Length": len(data)})
        self.send(data)

    def way_called_packed(self, name: str) -> None:
        """As some servers do with `.gz`: the file is what it is, and called encoded."""
        file = self.server.directory / name
        self.answer(200, {"Content-Encoding": "x-gzip", "Content-Length": file.stat().st_size})
        self.send_file(file, 0, None, None)

    def way_status(self, name: str, status: int, times: int = 1 << 30) -> None:
        """So often; then as a good one."""
        return self.send_error(status) if self.before < times else self.way_plain(name)

    def way_changes(self, name: str, most: int) -> None:
        """The first answer is cut off, and then it is another file."""
        if not self.before:
            return self.way_plain(name, most=most)
        file = self.server.directory / name
        fresh = self.server.directory / f"{name}.new"
        if fresh.exists():
            fresh.replace(file)
        return self.way_plain(name)

    def way_to(self, name: str, where: str) -> None:
        """Redirected; `{count}` in the address grows."""
        count = sum(1 for _ in self.server.asked())
        self.answer(302, {"Location": where.format(count=count, name=name), "Content-Length": 0})

    # --- parts of an answer

    def asked_start(self) -> int:
        asked = self.headers.get("Range") or ""
        return int(asked.removeprefix("bytes=").partition("-")[0]) if asked.startswith("bytes=") else 0

    def answer(self, status: int, headers: dict[str, Any]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Connection": "close"}.items():
            self.send_header(name, str(value))
        self.end_headers()

    def send_file(self, file: Path, start: int, most: int | None, rate: float | None) -> None:
        left = file.stat().st_size - start if most is None else most
        piece = PIECE if rate is None else max(1, int(rate / 10))
        with file.open("rb") as source:
            source.seek(start)
            if rate is None:
                self.wfile.flush()
                if left > 0:
                    self.connection.sendfile(source, start, left)
                return
            while left > 0 and (data := source.read(min(piece, left))):
                self.send(data)
                left -= len(data)
                time.sleep(0.1)

    def send(self, data: bytes) -> None:
        self.wfile.write(data)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    directory: Path

    def __init__(self, directory: Path, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.directory = directory
        self._lock = threading.Lock()

    def ways(self) -> dict[str, list[Any]]:
        try:
            found: dict[str, list[Any]] = json.loads((self.directory / ".ways").read_text())
        except FileNotFoundError:
            return {}
        return found

    def asked(self) -> list[dict[str, Any]]:
        try:
            return [json.loads(line) for line in (self.directory / ".asked").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def write_down(self, asked: dict[str, Any]) -> None:
        with self._lock, (self.directory / ".asked").open("a") as file:
            file.write(json.dumps(asked) + "\n")

    def handle_error(self, *_: Any) -> None:
        """Who asks may go away in the middle."""


class OddServer:
    """One of these, for the time of a test; `url` is where it is."""

    def __init__(self, directory: Path, certificate: Path | None = None, port: int = 0) -> None:
        self.directory = directory
        self._server = Server(directory, port)
        scheme, host = "http", "127.0.0.1"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            scheme, host = "https", "localhost"
        self.url = f"{scheme}://{host}:{self._server.server_port}"

    def __enter__(self) -> OddServer:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def put(self, name: str, data: bytes, *way: Any) -> str:
        """A file, and how it is served; its URL."""
        file = self.directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return self.set(name, *way)

    def set(self, name: str, *way: Any) -> str:
        set_way(self.directory, name, *way)
        return f"{self.url}/{name}"

    def asked(self, name: str) -> list[dict[str, Any]]:
        """What was asked of that file, in order."""
        return [line for line in self._server.asked() if line["path"] == f"/{name}"]


def set_way(directory: Path, name: str, *way: Any) -> None:
    file = directory / ".ways"
    ways = json.loads(file.read_text()) if file.exists() else {}
    spare = directory / ".ways.new"
    spare.write_text(json.dumps({**ways, name: way or ("plain",)}))
    spare.replace(file)


def _tag(file: Path) -> str:
    """Of its content, as far as its first and last bytes tell; a large file is not read."""
    size = file.stat().st_size
    with file.open("rb") as source:
        head = source.read(4096)
        source.seek(max(0, size - 4096))
        return f'"{hashlib.sha256(head + source.read() + str(size).encode()).hexdigest()[:16]}"'


if __name__ == "__main__":
    place, *ports = sys.argv[1:]
    with (
        contextlib.suppress(KeyboardInterrupt),
        OddServer(Path(place), port=int(ports[0]) if ports else 0) as started,
    ):
        print(started.url, flush=True)
        os.read(0, 1)
