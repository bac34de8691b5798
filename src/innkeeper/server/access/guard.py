"""Nobody passes unrecognised, too often, or beyond their role."""

from __future__ import annotations

import asyncio
import hmac
import math
import time
from collections import OrderedDict
from typing import Any

import anyio.to_thread
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from innkeeper import config
from innkeeper.errors import Denied, InnkeeperError, Invalid
from innkeeper.schema.token import Role
from innkeeper.server.access import roles
from innkeeper.server.access.identity import Identity
from innkeeper.server.access.limits import Buckets
from innkeeper.token import words
from innkeeper.token.records import Bearer, Records, Session

__all__ = ["CSRF", "Access", "Guard", "cookie_name", "still_known", "until_refused"]

CSRF = "x-csrf-token"
_KNOWN_FOR = 2.0
"""Seconds that an answer of the database holds: what was revoked is refused after that at the latest."""
_MOST = 1024
"""Identities that are remembered."""
_LONGEST = 200
"""Characters of a secret word that is looked up."""
_SAFE = ("GET", "HEAD", "OPTIONS")


class Access:
    """Who is who: records in the database, a short memory of them, and how often each may ask."""

    def __init__(self, records: Records, tls: bool) -> None:
        self.records, self.tls = records, tls
        self.failures = Buckets(rate=0.5, burst=20)
        rate = _rate(config.get("requests_per_second"))
        self.requests = Buckets(rate=rate, burst=2 * rate)
        self._known: OrderedDict[str, tuple[float, Identity]] = OrderedDict()

    async def recognise(self, word: str) -> Identity | None:
        """Whose word that is."""
        if not word or len(word) > _LONGEST:
            return None
        key = words.digest(word)
        until, known = self._known.get(key, (0.0, None))
        if known is not None and time.monotonic() < until:
            return known
        find = self.records.session if word.startswith(words.SESSION) else self.records.token
        found = await anyio.to_thread.run_sync(find, word)
        if found is None:
            self._known.pop(key, None)
            return None
        identity = _identity(found)
        self._known[key] = (time.monotonic() + _KNOWN_FOR, identity)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return identity

    def forget(self) -> None:
        """Ask the database again: something was revoked."""
        self._known.clear()


def _rate(said: str) -> float:
    try:
        rate = float(said)
    except ValueError:
        rate = 0.0
    if not 0 < rate < math.inf:
        raise Invalid("request.invalid", field="requests_per_second", reason=f"{said!r} is no rate")
    return rate


def _identity(found: Session | Bearer) -> Identity:
    if isinstance(found, Session):
        return Identity(name=found.user, kind="owner", role=found.role, session=found.id)
    return Identity(name=found.name, kind="token", role=found.role, token=found.id)


def cookie_name(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Browsers send a cookie to every port of a computer, so that the port is in its name; and with TLS its prefix has
    them refuse one that anybody else set."""
    server = connection.scope.get("server")
    port = server[1] if server else 0
    tls = connection.app.state.access.tls
    return f"__Host-innkeeper-{port}" if tls else f"innkeeper-{port}"


async def still_known(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether who opened a stream may still have it."""
    return await _refusal(connection) is None


async def until_refused(connection: ASGIConnection[Any, Any, Any, Any]) -> Denied:
    """Waits for as long as who opened a stream may have it, and then answers why not."""
    while not (refusal := await _refusal(connection)):
        await asyncio.sleep(_KNOWN_FOR)
    return refusal


async def _refusal(connection: ASGIConnection[Any, Any, Any, Any]) -> Denied | None:
    """While the database is away, nobody is sent away."""
    access: Access = connection.app.state.access
    try:
        identity = await access.recognise(_word(connection)[0])
    except InnkeeperError:
        return None
    return _stranger() if identity is None else _beyond(identity, _wanted(connection))


class Guard(AbstractAuthenticationMiddleware):
    """A bearer's token, or the cookie of a session: with that, whoever changes something has to prove that it is a page
    of ours that asks."""

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        access: Access = connection.app.state.access
        word, by_cookie = _word(connection)
        identity = await access.recognise(word)
        if identity is None:
            raise _unknown(connection, access, bool(word))
        connection.scope["user"] = identity  # for the log, should it be refused now
        wait = access.requests.take(identity.token or identity.session or identity.name)
        if wait:
            raise too_often(connection, wait)
        if by_cookie:
            _refuse_foreign(connection, word)
        if refusal := _beyond(identity, _wanted(connection)):
            raise refusal
        return AuthenticationResult(user=identity, auth=word if by_cookie else None)


def _wanted(connection: ASGIConnection[Any, Any, Any, Any]) -> Role:
    """The least role that may have it."""
    handler = connection.scope["route_handler"]
    said: Role | None = handler.opt.get("role")
    return said or roles.needed(handler.name or getattr(handler, "operation_id", None) or "")


def _word(connection: ASGIConnection[Any, Any, Any, Any]) -> tuple[str, bool]:
    """The secret word that came along, and whether as a cookie."""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    if kind:
        is_token = kind.lower() == "bearer" and token.strip().startswith(words.TOKEN)
        return (token.strip() if is_token else "?"), False
    cookie = connection.cookies.get(cookie_name(connection), "")
    return (cookie if not cookie or cookie.startswith(words.SESSION) else "?"), True


def _unknown(connection: ASGIConnection[Any, Any, Any, Any], access: Access, said: bool) -> InnkeeperError:
    """Whoever tries words that are not known may do so a few times. One that is known is never refused for that."""
    if said:
        wait = access.failures.take(client(connection))
        if wait:
            return too_often(connection, wait)
    add_header(connection, "WWW-Authenticate", 'Bearer realm="innkeeper"')
    return _stranger()


def _stranger() -> Denied:
    error = Denied("caller.unknown")
    error.http_status = 401
    return error


def _beyond(identity: Identity, wanted: Role) -> Denied | None:
    if roles.may(identity.role, wanted):
        return None
    return Denied("caller.role", name=identity.name, role=identity.role, needed=wanted)


def _refuse_foreign(connection: ASGIConnection[Any, Any, Any, Any], session: str) -> None:
    """A browser sends cookies along with what other pages have it ask for."""
    if connection.scope["type"] == ScopeType.WEBSOCKET:
        if not connection.headers.get("origin"):  # which the gate compared
            raise Denied("caller.origin", origin="-")
        return
    if connection.scope.get("method") in _SAFE:
        return
    said = connection.headers.get(CSRF, "").encode(errors="surrogateescape")
    if not hmac.compare_digest(said, words.cross_site(session).encode()):
        raise Denied("caller.csrf", header=CSRF)


def too_often(connection: ASGIConnection[Any, Any, Any, Any], wait: float) -> InnkeeperError:
    """Status 429, and when to come again (RFC 6585)."""
    seconds = max(1, math.ceil(wait))
    add_header(connection, "Retry-After", str(seconds))
    error = Denied("caller.too_often", seconds=seconds)
    error.http_status = 429
    return error


def add_header(connection: ASGIConnection[Any, Any, Any, Any], name: str, value: str) -> None:
    """Of the answer, also when that is a refusal."""
    added: Any = connection.scope.get("innkeeper.headers", [])
    added.append((name.lower().encode(), value.encode()))


def client(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The address that the request came from."""
    address = connection.scope.get("client")
    return address[0] if address else ""
