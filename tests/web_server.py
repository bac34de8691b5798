"""A web server that misbehaves on purpose: what it has, and how it answers, is a table.

Run as a program, `python web_server.py DIRECTORY`, it prints its port and serves until its standard input ends; in a
test, `with WebServer(files) as url:`.
"""

import http.server
import os
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PARTIAL, CIRCLE, AWAY, LIAR, SILENT = "partial", "circle", "away", "liar", "silent"
"""First parts of paths: cut off in the middle, redirected in a circle, to a file of the host, claims a huge size,
says nothing."""
ODD = (PARTIAL, CIRCLE, AWAY, LIAR, SILENT)


class Handler(http.server.BaseHTTPRequestHandler):
    files: Mapping[str, bytes] = {}
    directory: str | None = None
    silence = 5.0

    def log_message(self, *_: Any) -> None:
        """Tests do not read it."""

    def do_GET(self) -> None:
        way, _, rest = self.path.lstrip("/").partition("/")
        path = rest if way in ODD else self.path.lstrip("/")
        data = self.find(path)
        if way == CIRCLE:
            return self.redirect(self.path)
        if way == AWAY:
            return self.redirect("file:///etc/passwd")
        if way == SILENT:
            time.sleep(self.silence)
            return None
        if way.isdigit():
            return self.send_error(int(way))
        if data is None:
            return self.send_error(404)
        self.send_response(200)
        self.send_header("Content-Length", str(1 << 40 if way == LIAR else len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if way == PARTIAL else data)
        return None

    def redirect(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.end_headers()

    def find(self, path: str) -> bytes | None:
        if self.directory is None:
            return self.files.get(path)
        file = Path(self.directory, path)
        return file.read_bytes() if file.is_file() else None


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Who asks may go away in the middle."""


class WebServer:
    """A server of these files for the time of a test; `url` is where it is."""

    def __init__(
        self, files: Mapping[str, bytes], directory: str | None = None, silence: float = 5.0
    ) -> None:
        handler = type("Mine", (Handler,), {"files": files, "directory": directory, "silence": silence})
        self._server = Server(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self.url

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


if __name__ == "__main__":
    with WebServer({}, sys.argv[1], silence=60) as started:
        print(started, flush=True)
        os.read(0, 1)
