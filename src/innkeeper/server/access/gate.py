"""What every request has to look like before anybody reads it, and what every answer says to browsers.

It stands around the whole application, WebSockets too, and writes the access log: one line of JSON for each request on
stderr, without queries, headers and bodies, in which secrets may be.
"""

from __future__ import annotations

import logging
import re
import time
from typing import Any

import msgspec

from innkeeper.errors import Denied, InnkeeperError, Invalid
from innkeeper.server.access.hosts import Names
from innkeeper.server.problems import of_error

__all__ = ["HEADERS", "Gate"]

HEADERS = {
    b"content-security-policy": b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"cache-control": b"no-store",
}
"""Of every answer that does not say otherwise itself. No header of CORS is ever sent."""
_FOREIGN = (b"cross-site", b"same-site")
"""What a browser calls requests of other sites (Fetch Metadata); another port of this computer is `same-site`."""
_WORD = re.compile(r"[A-Za-z0-9_-]{40,}")
"""What may be a ticket or a token in a path; no UUID is as long."""
_LOG = logging.getLogger("innkeeper.access")


class Gate:
    """An ASGI application around another."""

    def __init__(self, app: Any, names: Names) -> None:
        self.app, self._names = app, names

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        began, said = time.monotonic(), {"status": 0, "bytes": 0}
        added: list[tuple[bytes, bytes]] = []
        scope["innkeeper.headers"] = added  # what the guard wants answers to say

        async def told(message: Any) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                message["headers"] = [*_completed(message.get("headers", ())), *added]
                said["status"] = message["status"]
            elif message["type"] == "http.response.body":
                said["bytes"] += len(message.get("body", b""))
            elif message["type"] == "websocket.accept":
                said["status"] = 101
            elif message["type"] == "websocket.close" and not said["status"]:
                said["status"] = 403
            await send(message)

        try:
            problem = self._judge(scope)
            if problem is None:
                await self.app(scope, receive, told)
            else:
                await _refuse(scope, problem, told)
        finally:
            _log(scope, said, time.monotonic() - began)

    def _judge(self, scope: Any) -> InnkeeperError | None:
        headers: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name, []).append(value)
        hosts = [value.decode("latin-1") for value in headers.get(b"host", ())]
        if len(hosts) != 1 or not self._names.knows(hosts[0]):
            return _status(Invalid("caller.host", host=", ".join(hosts)[:100] or "-"), 421)
        origins = [value.decode("latin-1") for value in headers.get(b"origin", ())]
        if any(not self._names.same(origin, hosts[0]) for origin in origins):
            return Denied("caller.origin", origin=origins[0][:100])
        foreign = headers.get(b"sec-fetch-site", [b""])[0] in _FOREIGN
        if foreign and scope["path"].startswith("/api/"):
            return Denied("caller.origin", origin=headers[b"sec-fetch-site"][0].decode())
        return None


def _status(error: InnkeeperError, status: int) -> InnkeeperError:
    error.http_status = status
    return error


def _completed(headers: Any) -> list[tuple[bytes, bytes]]:
    there = [(bytes(name).lower(), bytes(value)) for name, value in headers]
    names = {name for name, _value in there}
    return [*there, *((name, value) for name, value in HEADERS.items() if name not in names)]


async def _refuse(scope: Any, error: InnkeeperError, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    wanted = dict(scope["headers"]).get(b"accept-language", b"").lower()
    problem = of_error(error, "zh" if wanted.startswith(b"zh") else "en")
    body = msgspec.json.encode(problem)
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body))]
    # What is left of the request is not read: nobody knows where the next one would begin.
    headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _log(scope: Any, said: dict[str, int], seconds: float) -> None:
    user = scope.get("user")
    line = {
        "at": round(time.time(), 3),
        "from": (scope.get("client") or ("",))[0],
        "who": getattr(user, "name", None),
        "method": scope.get("method", "WEBSOCKET"),
        "path": _WORD.sub("…", scope["path"][:300]),
        "status": said["status"],
        "bytes": said["bytes"],
        "ms": round(seconds * 1000, 1),
    }
    _LOG.info("%s", msgspec.json.encode(line).decode())
