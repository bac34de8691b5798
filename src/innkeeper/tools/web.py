"""Files from web servers: looked at first, then fetched within limits. Servers are not trusted to end, to tell the
truth about sizes, or to redirect to where one wants to go."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, NamedTuple, Protocol
from urllib.parse import urljoin, urlsplit

import msgspec

from innkeeper.errors import Conflict, Denied, Failed, InnkeeperError, Invalid, NotFound
from innkeeper.machine import local
from innkeeper.machine.packing import told
from innkeeper.tools import curl

__all__ = ["Found", "Known", "Sink", "check", "download", "is_url", "look", "obtain", "text"]

SILENCE = 30.0
"""Seconds that a server may say nothing."""
TRIES = 4
"""How often in a row a transfer may break off without having brought anything."""
PAUSE = 1.0
"""Seconds until the first of these is tried again; each further one waits twice as long."""
REDIRECTS = 10
_PIECE = 1 << 20
_GAIN = 1 << 20
"""Bytes more than ever before that make a try one that brought something."""
_GONE = (404, 410)
_SCHEMES = ("http", "https")
_PASSING = (408, 425, 429, 500, 502, 503, 504)
"""Statuses that may be another one in a moment."""
_RANGE = re.compile(r"bytes (\d{1,19})-\d{1,19}/(\d{1,19}|\*)")
_WHOLE = re.compile(r"bytes \*/(\d{1,19})")
_PLAIN = ("", "identity")
_PACKED = (".gz", ".tgz", ".xz", ".txz", ".bz2", ".zst")
"""Files that servers like to call encoded: what was asked for is what comes."""


class Found(NamedTuple):
    """A file that a server has: where it was in the end, its size where the server tells, and how it begins."""

    url: str
    size: int | None
    head: bytes


class Known(msgspec.Struct, frozen=True):
    """What a server said of a file when it began to send it: by this one knows it again."""

    size: int | None = None
    etag: str | None = None
    modified: str | None = None


class Sink(Protocol):
    """Where a transfer goes: a file, and what is known of the bytes that are in it already."""

    path: str
    file: IO[bytes]
    have: int
    """bytes that are there"""
    known: Known | None
    """what was said of them; None where they are to be fetched anew"""

    def begin(self, known: Known, at: int) -> None:
        """From that byte on the file is sent now; what stood there is no more. Called before the first byte comes."""

    def came(self, have: int) -> None:
        """So many bytes are there now. What it raises ends the transfer."""

    def again(self, error: InnkeeperError) -> None:
        """It broke off and is tried again."""

    def waits(self) -> None:
        """Called at times while nothing comes. What it raises ends the transfer."""


def is_url(text: str) -> bool:
    """Whether it is written like a URL; which schemes are taken is another matter."""
    return "://" in text


def check(url: str) -> None:
    """Raises `Invalid("web.url")` for what cannot be fetched."""
    try:
        parts = urlsplit(url) if url.isprintable() and " " not in url else None
        whole = parts is not None and parts.scheme in _SCHEMES and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise Invalid("web.url", url=url)


def look(url: str, most: int = 1024) -> Found:
    """The file at that URL, with at most its first `most` bytes.

    Raises `Invalid("web.url")`, `NotFound("web.missing")`, `Denied("web.denied")`, `Conflict("web.status")`,
    `Conflict("web.redirects")`, `Conflict("web.unreachable")`.
    """
    with _opened(url) as answer:
        head = _taken(answer, most)
        if len(head) < most and (reason := answer.problem()):
            raise Conflict("web.unreachable", url=url, reason=reason)
        return Found(answer.url, _size(answer.headers), head)


def text(url: str, most: int) -> bytes:
    """All that is at that URL. Raises what `look` raises, and `Conflict("web.too_large")` for more than `most` bytes.
    What may be over in a moment is tried again."""
    for left in reversed(range(TRIES)):
        try:
            with _opened(url) as answer:
                _refuse_packed(answer)
                data = _taken(answer, most + 1)
                if len(data) > most:
                    raise Conflict("web.too_large", url=url, most=most)
                if reason := answer.problem():
                    raise Conflict("web.unreachable", url=url, reason=reason)
                return data
        except InnkeeperError as error:
            if not left or not _passes(error):
                raise
            time.sleep(PAUSE * 2 ** (TRIES - 1 - left))
    raise AssertionError("the last try returns or raises")


def download(url: str, path: str, most: int, on_bytes: Callable[[int, int | None], None]) -> None:
    """The file at that URL into a new file of this computer. `on_bytes` is told how many came, of how many when known.

    Raises what `look` raises, `Conflict("web.too_large")` for more than `most` bytes, and `Failed("web.cut_off")` when
    fewer came than the server said, or none for half a minute, again and again.
    """
    with local().files.create(path) as file:
        sink = _New(path, file, on_bytes)
        obtain(url, sink, most)
    if sink.have == 0:
        raise Failed("web.cut_off", url=url, came=0, size="?", reason="it is empty")


class _New:
    """A file that nothing is known of."""

    def __init__(self, path: str, file: IO[bytes], on_bytes: Callable[[int, int | None], None]) -> None:
        self.path, self.file, self._on_bytes = path, file, on_bytes
        self.have = 0
        self.known: Known | None = None

    def begin(self, known: Known, at: int) -> None:
        self.known = known

    def came(self, have: int) -> None:
        self._on_bytes(have, self.known.size if self.known else None)

    def again(self, error: InnkeeperError) -> None:
        """The next bytes tell enough."""

    def waits(self) -> None:
        """For as long as `SILENCE`."""


def obtain(url: str, sink: Sink, most: int) -> None:
    """The rest of a file, or all of it where the server has another one by now. Where it breaks off it is gone on with.

    Raises what `download` raises, and `Failed("machine.file_failed")` for a disk that is full.
    """
    failures, best = 0, sink.have
    while True:
        try:
            if _try(url, sink, most):
                return
            error: InnkeeperError = Failed("web.cut_off", url=url, came=0, size="?", reason="it changes")
        except InnkeeperError as caught:
            if not _passes(caught):
                raise
            error = caught
        failures = 0 if sink.have >= best + _GAIN else failures + 1
        best = max(best, sink.have)
        if failures >= TRIES:
            raise error
        sink.again(error)
        _pause(sink, PAUSE * 2 ** max(failures - 1, 0))


def _pause(sink: Sink, seconds: float) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        sink.waits()
        time.sleep(min(left, 0.25))


def _passes(error: InnkeeperError) -> bool:
    """Whether it may be over in a moment."""
    if error.code == "web.status":
        return error.facts.get("status") in _PASSING
    return error.code in ("web.cut_off", "web.unreachable")


def _try(url: str, sink: Sink, most: int) -> bool:
    """Fetch what is missing. False when what is there turns out to be of another file: it is none any more."""
    start = sink.have if sink.known else 0
    asked = _asked(sink.known, start) if start and sink.known else {}
    with _opened(url, asked, sink.waits) as answer:
        _refuse_packed(answer)
        if answer.status == 416:
            return _is_all(answer, sink) or _forget(sink)
        if answer.status == 206:
            at, size = _told_range(answer.headers)
            before = sink.known.size if sink.known else None
            if at != start or (size and before and size != before):
                return _forget(sink)
            size = size or before
        else:
            start, size = 0, _size(answer.headers)
        if size is not None and size > most:
            raise Conflict("web.too_large", url=url, most=most)
        headers = answer.headers
        known = Known(size, headers.get("etag"), headers.get("last-modified"))
        with told(sink.path):
            sink.file.truncate(start)
        sink.have = start
        sink.known = known
        sink.begin(known, start)
        _pour(answer, sink, most)
        reason = answer.problem() or ("" if size in (None, sink.have) else "the connection ended")
        if reason:
            raise Failed("web.cut_off", url=url, came=sink.have, size=size or "?", reason=reason)
    return True


def _pour(answer: curl.Answer, sink: Sink, most: int) -> None:
    while True:
        with told(sink.path):
            count = answer.body.pour(sink.file, sink.have, min(_PIECE, most + 1 - sink.have))
        if not count:
            return
        sink.have += count
        if sink.have > most:
            raise Conflict("web.too_large", url=answer.url, most=most)
        sink.came(sink.have)


def _asked(known: Known, start: int) -> dict[str, str]:
    """The rest, if the file is still the same (RFC 9110, 13.1.5: a weak tag does not say so)."""
    strong = known.etag if known.etag and known.etag.startswith('"') else None
    same = strong or known.modified
    return {"Range": f"bytes={start}-"} | ({"If-Range": same} if same else {})


def _is_all(answer: curl.Answer, sink: Sink) -> bool:
    """Nothing comes after what is there: it is the whole file, if that is as long."""
    found = _WHOLE.fullmatch(answer.headers.get("content-range", ""))
    return found is not None and int(found[1]) == sink.have


def _forget(sink: Sink) -> bool:
    sink.known = None
    return False


def _told_range(headers: Mapping[str, str]) -> tuple[int | None, int | None]:
    """Where what comes begins, and how large the whole is."""
    found = _RANGE.fullmatch(headers.get("content-range", ""))
    if not found:
        return None, None
    return int(found[1]), None if found[2] == "*" else int(found[2])


def _size(headers: Mapping[str, str]) -> int | None:
    size = headers.get("content-length", "")
    return int(size) if size.isascii() and size.isdigit() and len(size) < 20 else None


def _taken(answer: curl.Answer, most: int) -> bytes:
    data = bytearray()
    while len(data) < most and (piece := answer.body.read(most - len(data))):
        data += piece
    return bytes(data)


def _refuse_packed(answer: curl.Answer) -> None:
    """It was asked for as it is."""
    encoding = answer.headers.get("content-encoding", "").lower()
    if encoding not in _PLAIN and not urlsplit(answer.url).path.endswith(_PACKED):
        raise Conflict("web.packed", url=answer.url, encoding=encoding)


@contextmanager
def _opened(
    url: str, headers: Mapping[str, str] | None = None, on_wait: Callable[[], None] = lambda: None
) -> Iterator[curl.Answer]:
    """A good answer (200; 206 and 416 where a part was asked for), after redirects: only to other web servers, and
    never from one that proves who it is to one that does not."""
    check(url)
    good = (200, 206, 416) if headers else (200,)
    here, seen = url, {url}
    while True:
        with curl.request(here, headers or {}, SILENCE, on_wait) as answer:
            if not 300 <= answer.status < 400:
                if answer.status not in good:
                    raise _refusal(url, answer.status)
                yield answer
                return
            there = _leads_to(here, answer)
        if there in seen or len(seen) > REDIRECTS:
            raise Conflict("web.redirects", url=url, to=there)
        seen.add(there)
        here = there


def _leads_to(here: str, answer: curl.Answer) -> str:
    where = answer.headers.get("location", "")
    try:
        there = urljoin(here, where)
        check(there)
    except (Invalid, ValueError) as error:
        raise Conflict("web.redirects", url=here, to=where or "?") from error
    if not where or (urlsplit(here).scheme, urlsplit(there).scheme) == ("https", "http"):
        raise Conflict("web.redirects", url=here, to=where or "?")
    return there


def _refusal(url: str, status: int) -> InnkeeperError:
    if status in _GONE:
        return NotFound("web.missing", url=url)
    if status in (401, 403):
        return Denied("web.denied", url=url, status=status)
    return Conflict("web.status", url=url, status=status)
