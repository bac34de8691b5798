"""The web UI's files, around the API: whatever is not under /api or /metrics is a page.

They are all read before the web side gives up its rights, and held in memory, packed as they were built (`script/web`).
"""

from __future__ import annotations

import json
import mimetypes
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from innkeeper import messages

__all__ = ["FILES", "WebPages", "files", "load"]

FILES = Path(__file__).with_name("web_files")
"""Made by `script/web`; a checkout in which it did not run has none."""
_API = ("/api", "/metrics")
_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    b"font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Styles of elements are set by components that place things; nothing comes from elsewhere."""
_BUILT_WITH = ("made-from", "preloads.json")
"""Files that are none of the pages'."""
_FOR_EVER = b"private, max-age=31536000, immutable"


class File(NamedTuple):
    """As it is, packed where that helps, and how it is sent."""

    plain: bytes
    packed: bytes | None
    headers: list[tuple[bytes, bytes]]
    tag: bytes


def load() -> None:
    """Read all that is sent, while it may be read."""
    files()
    _preloads()


@cache
def files() -> dict[str, File]:
    """Path → file; empty when the pages were not built."""
    found = (path for path in sorted(FILES.rglob("*")) if path.is_file() and path.name not in _BUILT_WITH)
    return {f"/{path.relative_to(FILES)}": _file(path) for path in found if path.suffix != ".gz"}


def _file(path: Path) -> File:
    plain = path.read_bytes()
    packed = path.with_name(f"{path.name}.gz")
    media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if path.suffix == ".js":
        media = "text/javascript"
    # What is in assets/ has the sum of its content in its name.
    kept = _FOR_EVER if path.parent.name == "assets" else b"no-cache"
    tag = b'"' + sha256(plain).hexdigest()[:24].encode() + b'"'
    headers = [
        (b"content-type", media.encode() + (b"; charset=utf-8" if media.startswith("text/") else b"")),
        (b"cache-control", kept),
        (b"etag", tag),
        (b"vary", b"accept-encoding"),
    ]
    if path.suffix == ".html":
        headers.append((b"content-security-policy", _POLICY))
    return File(plain, packed.read_bytes() if packed.exists() else None, headers, tag)


@cache
def _preloads() -> dict[str, bytes]:
    """Folder of a page → the header that names the files it is made of, beyond those which index.html names."""
    path = FILES / "preloads.json"
    found: dict[str, list[str]] = json.loads(path.read_bytes()) if path.exists() else {}
    return {folder: ", ".join(map(_preload, names)).encode() for folder, names in found.items()}


def _preload(name: str) -> str:
    return f"</{name}>; " + (
        "rel=preload; as=style; crossorigin" if name.endswith(".css") else "rel=modulepreload"
    )


def _folder(path: str) -> str:
    """Of the page at that address, as web/src/app/routes.tsx has it."""
    first, _, rest = path.strip("/").partition("/")
    return "guest" if first == "guests" and rest else first or "overview"


class WebPages:
    """An ASGI application around another, which gets what is no page."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        is_page = scope["type"] == "http" and not any(
            path == one or path.startswith(f"{one}/") for one in _API
        )
        if not is_page or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        asked = dict(scope["headers"])
        found = files().get(path)
        told = b""
        if found is None and "." not in path.rpartition("/")[2]:
            found = files().get("/index.html")  # an address within the pages: they know what it means
            told = _preloads().get(_folder(path), b"")
            if found is None:
                await _send(
                    send, scope, 503, [(b"content-type", b"text/plain; charset=utf-8")], _unbuilt(asked)
                )
                return
        if found is None:
            await self.app(scope, receive, send)
            return
        headers = [*found.headers, (b"link", told)] if told else found.headers
        if asked.get(b"if-none-match") == found.tag:
            await _send(send, scope, 304, headers, b"")
        elif found.packed is not None and b"gzip" in asked.get(b"accept-encoding", b""):
            await _send(send, scope, 200, [*headers, (b"content-encoding", b"gzip")], found.packed)
        else:
            await _send(send, scope, 200, headers, found.plain)


def _unbuilt(asked: dict[bytes, bytes]) -> bytes:
    language = "zh" if asked.get(b"accept-language", b"").lower().startswith(b"zh") else "en"
    return f"{messages.text('server.no_pages', language)}\n".encode()


async def _send(send: Any, scope: Any, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    said = [*headers, (b"content-length", b"%d" % len(body))] if status != 304 else headers
    await send({"type": "http.response.start", "status": status, "headers": said})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
