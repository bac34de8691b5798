"""Connections to a server: kept alive, bounded in time, and over TLS only to whom they were meant for."""

from __future__ import annotations

import hashlib
import http.client
import select
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from innkeeper.errors import Denied, Invalid, OutcomeUnknown, Unsupported

if TYPE_CHECKING:
    import ssl

__all__ = ["PATIENCE", "Answer", "Line", "Lost", "address", "is_loopback"]

PATIENCE = 60.0
"""Seconds that an answer may take, when nothing else is said."""
_KEPT = 4
"""Connections that wait for the next request, at most."""

_SAFE = ("GET", "HEAD")
_TRIES = 2


class Answer(NamedTuple):
    """What a server said. Names of headers are looked up in any case."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Lost(OutcomeUnknown):
    """The line broke after something was asked: whether the server heard it is not known."""


class Address(NamedTuple):
    """A server's URL in its parts; `base` is what its paths begin with, without a slash at the end."""

    secure: bool
    host: str
    port: int
    base: str

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}{self.base}"


def address(url: str) -> Address:
    """The parts of a server's URL; what stands behind `#` or `?` is none of it.

    Raises `Invalid("client.url")` for what is none, `Denied("client.plain")` for one without TLS to another computer.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Invalid("client.url", url=url) from error
    if parts.scheme not in ("http", "https") or not host or parts.username or not host.isprintable():
        raise Invalid("client.url", url=url)
    secure = parts.scheme == "https"
    if not secure and not is_loopback(host):
        raise Denied("client.plain", url=url)
    return Address(secure, host, port or (443 if secure else 80), parts.path.rstrip("/"))


def is_loopback(host: str) -> bool:
    """Whether what is sent there stays on this computer."""
    return host in ("localhost", "::1") or (host.startswith("127.") and host.replace(".", "").isdigit())


class Line:
    """Requests to one server, from any thread: each has a connection for itself."""

    def __init__(
        self, url: str, headers: Mapping[str, str], *, ca: str | None = None, fingerprint: str | None = None
    ) -> None:
        self.address = address(url)
        self.url = self.address.url
        self.headers = dict(headers)
        self._ca, self._fingerprint = ca, fingerprint
        self._idle: list[http.client.HTTPConnection] = []

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        patience: float = PATIENCE,
    ) -> Answer:
        """One request and its whole answer. What is safe to ask twice, by its method or by its key, is asked again
        where the line broke.

        Raises `Unsupported("client.unreachable")` when nobody is there, `Lost("client.lost")` when the line broke
        after it was asked, `Denied("client.certificate")` when the server is not who it should be.
        """
        safe = method in _SAFE or (headers is not None and "Idempotency-Key" in headers)
        again = _TRIES if safe and (body is None or isinstance(body, bytes)) else 1
        lost: Lost | None = None
        while again:
            again -= 1
            connection = self._take(fresh=lost is not None)
            try:
                answer = self._ask(connection, method, path, body, headers, patience)
            except Lost as error:
                connection.close()
                lost = error
            except BaseException as error:
                connection.close()
                raise lost or error from error
            else:
                self._give(connection)
                return answer
        assert lost is not None
        raise lost

    @contextmanager
    def open(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, patience: float = PATIENCE
    ) -> Iterator[http.client.HTTPResponse]:
        """An answer that is read piece by piece. Raises as `ask`."""
        connection = self._take(fresh=True)
        try:
            yield self._send(connection, method, path, None, headers, patience)
        finally:
            connection.close()

    def connect(self, patience: float = PATIENCE) -> socket.socket:
        """A socket to the server, with TLS where its URL says so. Raises `Unsupported("client.unreachable")`."""
        connection = self._connection()
        self._reach(connection, patience)
        made: socket.socket = connection.sock
        return made

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _take(self, fresh: bool = False) -> http.client.HTTPConnection:
        """One that was used before, as long as the server has not closed it; else a new one."""
        while not fresh:
            try:
                connection = self._idle.pop()
            except IndexError:
                break
            if not select.select([connection.sock], [], [], 0)[0]:
                return connection
            connection.close()  # readable while nothing was asked: it ended
        return self._connection()

    def _give(self, connection: http.client.HTTPConnection) -> None:
        if connection.sock is not None and len(self._idle) < _KEPT:
            self._idle.append(connection)
        else:
            connection.close()

    def _ask(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None,
        headers: Mapping[str, str] | None,
        patience: float,
    ) -> Answer:
        response = self._send(connection, method, path, body, headers, patience)
        try:
            return Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException) as error:
            raise self._lost(error) from error

    def _send(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None,
        headers: Mapping[str, str] | None,
        patience: float,
    ) -> http.client.HTTPResponse:
        if connection.sock is None:
            self._reach(connection, patience)
        connection.sock.settimeout(patience)
        try:
            connection.request(method, self.address.base + path, body, self.headers | dict(headers or {}))
            return connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise self._lost(error) from error

    def _lost(self, error: Exception) -> Lost:
        return Lost("client.lost", url=self.url, reason=_reason(error))

    def _connection(self) -> http.client.HTTPConnection:
        where = self.address
        if not where.secure:
            return http.client.HTTPConnection(where.host, where.port, timeout=PATIENCE)
        return http.client.HTTPSConnection(
            where.host, where.port, timeout=PATIENCE, context=_context(self._ca, self._fingerprint)
        )

    def _reach(self, connection: http.client.HTTPConnection, patience: float) -> None:
        connection.timeout = min(patience, 20.0)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            if self.address.secure:
                from innkeeper.client.certificates import told

                told(error, self.url)
            raise Unsupported("client.unreachable", url=self.url, reason=_reason(error)) from error
        if self._fingerprint:
            secured: ssl.SSLSocket = connection.sock  # type: ignore[assignment]  # of an HTTPSConnection
            found = hashlib.sha256(secured.getpeercert(binary_form=True) or b"").hexdigest()
            if found != self._fingerprint:
                connection.close()
                raise Denied("client.certificate_changed", url=self.url, fingerprint=found)


def _context(ca: str | None, fingerprint: str | None) -> ssl.SSLContext:
    import ssl

    context = ssl.create_default_context(cafile=ca)
    if fingerprint:  # who it is, is said by the certificate itself, and compared before anything is sent
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
