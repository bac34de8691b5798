"""Files from web servers: looked at first, then fetched within limits. Servers are not trusted to end, to tell the
truth about sizes, or to redirect to where one wants to go."""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, NamedTuple
from urllib.parse import urlsplit

from innkeeper.errors import Conflict, Denied, Failed, Invalid, NotFound
from innkeeper.machine import local

__all__ = ["Found", "check", "download", "is_url", "look"]

SILENCE = 30.0
"""Seconds that a server may say nothing."""
_PIECE = 256 * 1024
_GONE = (404, 410)
_SCHEMES = ("http", "https")


class Found(NamedTuple):
    """A file that a server has: where it was in the end, its size where the server tells, and how it begins."""

    url: str
    size: int | None
    head: bytes


def is_url(text: str) -> bool:
    """Whether it is written like a URL; which schemes are taken is another matter."""
    return "://" in text


def check(url: str) -> None:
    """Raises `Invalid("web.url")` for what cannot be fetched."""
    try:
        parts = urlsplit(url) if url.isprintable() and " " not in url else None
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in _SCHEMES or not parts.hostname:
        raise Invalid("web.url", url=url)


def look(url: str, most: int = 1024) -> Found:
    """The file at that URL, with at most its first `most` bytes.

    Raises `Invalid("web.url")`, `NotFound("web.missing")`, `Denied("web.denied")`, `Conflict("web.status")`,
    `Conflict("web.redirects")`, `Conflict("web.unreachable")`.
    """
    with _opened(url) as answer:
        return Found(str(answer.url), _size(answer), answer.read(most))


def download(url: str, path: str, most: int, on_bytes: Callable[[int, int | None], None]) -> None:
    """The file at that URL into a new file of this computer. `on_bytes` is told how many came, of how many when known.

    Raises what `look` raises, `Conflict("web.too_large")` for more than `most` bytes, and `Failed("web.cut_off")` when
    fewer came than the server said, or none for half a minute.
    """
    with _opened(url) as answer:
        size, came = _size(answer), 0
        if size is not None and size > most:
            raise Conflict("web.too_large", url=url, most=most)
        with local().files.create(path) as target:
            while piece := _read(answer, url, came):
                came += len(piece)
                if came > most:
                    raise Conflict("web.too_large", url=url, most=most)
                target.write(piece)
                on_bytes(came, size)
    if came == 0 or (size is not None and came != size):
        raise Failed("web.cut_off", url=url, came=came, size=size or "?", reason="the connection ended")


def _read(answer: IO[bytes], url: str, came: int) -> bytes:
    try:
        return answer.read(_PIECE)
    except (OSError, http.client.HTTPException) as error:
        raise Failed("web.cut_off", url=url, came=came, size="?", reason=_reason(error)) from error


def _size(answer: Any) -> int | None:
    told = answer.headers.get("Content-Length", "")
    return int(told) if told.isascii() and told.isdigit() else None


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Only to other web servers, and never from one that proves who it is to one that does not."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        before, after = urlsplit(req.full_url).scheme, urlsplit(newurl).scheme
        if after not in _SCHEMES or (before, after) == ("https", "http"):
            raise Conflict("web.redirects", url=req.full_url, to=newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@contextmanager
def _opened(url: str) -> Iterator[Any]:
    check(url)
    request = urllib.request.Request(url, headers={"User-Agent": "innkeeper", "Accept-Encoding": "identity"})
    try:
        answer = urllib.request.build_opener(_Redirects()).open(request, timeout=SILENCE)
    except urllib.error.HTTPError as error:
        error.close()
        raise _refusal(url, error) from error
    except (ValueError, http.client.InvalidURL) as error:
        raise Invalid("web.url", url=url) from error
    except (OSError, http.client.HTTPException) as error:
        raise Conflict("web.unreachable", url=url, reason=_reason(error)) from error
    with answer:
        yield answer


def _refusal(url: str, error: urllib.error.HTTPError) -> Exception:
    if error.code in _GONE:
        return NotFound("web.missing", url=url)
    if error.code in (401, 403):
        return Denied("web.denied", url=url, status=error.code)
    if 300 <= error.code < 400:
        return Conflict("web.redirects", url=url, to=error.headers.get("Location", "?"))
    return Conflict("web.status", url=url, status=error.code)


def _reason(error: Exception) -> str:
    inner = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(inner, TimeoutError):
        return f"nothing came for {SILENCE:.0f} s"
    if isinstance(inner, ssl.SSLCertVerificationError):
        return f"its certificate is not good: {inner.verify_message}"
    if isinstance(inner, OSError) and inner.strerror:
        return inner.strerror
    return str(inner) or type(inner).__name__
