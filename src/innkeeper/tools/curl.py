"""curl: what a web server has. One request at a time: whatever a server answers, what is done about it is decided here
and in `tools.web`, not by curl.

URLs reach it by its standard input, so that no password in one is seen in the list of processes, and curl's own
configuration files are left aside. Proxies are those of the setting `proxy`, else of the environment (http_proxy,
https_proxy, all_proxy, no_proxy), as curl does it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from innkeeper import config
from innkeeper.errors import Conflict
from innkeeper.machine.pouring import Running, running

__all__ = ["PROGRAMS", "Answer", "request"]

PROGRAMS = {"curl": "curl"}
_SLOWEST = 128
"""Bytes per second; what stays slower for as long as a server may be silent counts as silence."""
_FINAL = re.compile(rb"(?:^|\n\r?\n)HTTP/[0-9.]+ +([2-9][0-9][0-9])(.*?)\r?\n\r?\n", re.DOTALL)
"""The headers that count: of an answer that is not merely on its way (1xx)."""
_TIMED_OUT = 28
_UNTRUSTED = (51, 58, 60, 77, 80, 82, 83, 90, 91)
"""Statuses of curl about certificates (curl(1), EXIT CODES)."""


class Answer(NamedTuple):
    """What a server answers; its body is still to be taken from `body`."""

    url: str
    status: int
    headers: Mapping[str, str]
    """by their names in small letters; the last of a name"""
    body: Running
    silence: float

    def problem(self) -> str | None:
        """Why the body ended before its end; None when it is whole, as far as the server said how much it is."""
        status = self.body.status()
        return None if status == 0 else _reason(status, self.body.said, self.silence)


@contextlib.contextmanager
def request(
    url: str, headers: Mapping[str, str], silence: float, on_wait: Callable[[], None] = lambda: None
) -> Iterator[Answer]:
    """Ask once; a redirect is an answer like any other. `silence` is how many seconds a server may say nothing.

    Raises `Conflict("web.unreachable")` when no answer comes, `Conflict("web.certificate")` from whom it is not good.
    """
    argv = ["curl", "--disable", "--config", "-"]
    with running(argv, input=_settings(url, headers, silence).encode(), on_wait=on_wait) as body:
        said = body.hear(_FINAL)
        found = _FINAL.search(said)
        if found is None:
            raise _unanswered(url, body, silence)
        pairs = (line.partition(":") for line in found[2].decode("latin-1").splitlines()[1:])
        told = {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}
        yield Answer(url, int(found[1]), told, body, silence)


def _unanswered(url: str, body: Running, silence: float) -> Conflict:
    if body.talks:  # it said more than is listened to, and still does
        return Conflict("web.unreachable", url=url, reason="its headers do not end")
    reason = _reason(body.status(), body.said, silence)
    code = "web.certificate" if body.status() in _UNTRUSTED else "web.unreachable"
    return Conflict(code, url=url, reason=reason)


def _settings(url: str, headers: Mapping[str, str], silence: float) -> str:
    """curl's configuration, an option a line (curl(1), --config)."""
    seconds = max(1, round(silence))
    options = {
        "url": url,
        "user-agent": "innkeeper",
        "proto": "=http,https",
        "connect-timeout": str(seconds),
        "speed-time": str(seconds),
        "speed-limit": str(_SLOWEST),
        "dump-header": "/dev/stderr",
    }
    if proxy := config.get("proxy"):
        options["proxy"] = proxy
    lines = [f'{name} = "{_escaped(value)}"' for name, value in options.items()]
    asked = {"Accept-Encoding": "identity", **headers}
    lines += [f'header = "{_escaped(f"{name}: {value}")}"' for name, value in asked.items()]
    return (
        "\n".join(["globoff", "silent", "show-error", "no-buffer", "suppress-connect-headers", *lines]) + "\n"
    )


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")


def _reason(status: int, said: bytes | bytearray, silence: float) -> str:
    lines = [line for line in said.decode(errors="replace").splitlines() if line.startswith("curl: (")]
    words = lines[-1].partition(") ")[2] if lines else f"curl ended with status {status}"
    if status == _TIMED_OUT:
        return f"nothing came for {silence:.0f} s"
    return words.removeprefix("SSL certificate problem: ") or "the connection ended"
