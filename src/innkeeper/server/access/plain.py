"""Who speaks plain HTTP where TLS is spoken is told so, instead of being left without a word."""

from __future__ import annotations

import ssl
from typing import Any

import msgspec

from innkeeper.errors import Invalid
from innkeeper.server.problems import of_error

__all__ = ["Context", "refusal"]

_PLAIN = ("HTTP_REQUEST", "HTTPS_PROXY_REQUEST")
"""How OpenSSL calls it where GET, POST, HEAD, PUT or CONNECT stands instead of a handshake (`SSL_R_HTTP_REQUEST`)."""


class _Handshake(ssl.SSLObject):
    answer: bytes
    outgoing: ssl.MemoryBIO

    def do_handshake(self) -> None:
        """The answer goes out as bytes that wait for more of a handshake do: after an error nothing would be sent. Who
        says more then, or nothing for a minute, is cut off."""
        try:
            super().do_handshake()
        except ssl.SSLError as error:
            if error.reason not in _PLAIN or not self.answer:
                raise
            self.outgoing.write(self.answer)
            self.answer = b""
            raise ssl.SSLWantReadError from error


class Context(ssl.SSLContext):
    """A server's. `answer` is what plain HTTP is told; nothing when empty."""

    sslobject_class = _Handshake
    answer = b""

    def wrap_bio(
        self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, *arguments: Any, **keywords: Any
    ) -> ssl.SSLObject:
        made = super().wrap_bio(incoming, outgoing, *arguments, **keywords)
        assert isinstance(made, _Handshake)
        made.answer, made.outgoing = self.answer, outgoing
        return made


def refusal(url: str) -> bytes:
    """A whole answer (RFC 9112), with the URL to ask instead."""
    problem = of_error(Invalid("caller.plain", url=url), "en")
    body = msgspec.json.encode(problem)
    head = f"HTTP/1.1 {problem.status} Bad Request\r\ncontent-type: application/problem+json\r\n"
    return f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body
