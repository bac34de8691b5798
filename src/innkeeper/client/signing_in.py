"""Signing in to a server: by a token that somebody made, or by a one-time link, which is exchanged for one."""

from __future__ import annotations

import os
import secrets
import socket
from typing import Any, NamedTuple

import msgspec

from innkeeper.client import servers
from innkeeper.client.client import Client
from innkeeper.client.line import address
from innkeeper.client.servers import Known, Servers
from innkeeper.errors import Denied, InnkeeperError, NotFound
from innkeeper.routes import API

__all__ = ["Who", "certificate_of", "sign_in", "sign_out"]

_TOKEN, _LINK = "inn_", "link_"
"""What the server's secret words begin with."""
_NAME = 40
"""Characters of a token's name that tell who has it."""


class Who(NamedTuple):
    """Who the server takes us for."""

    name: str
    role: str


def certificate_of(url: str) -> str | None:
    """The fingerprint of the server's certificate where nobody vouches for it; None where all is well.

    Raises `Unsupported("client.unreachable")`.
    """
    where = address(url)
    if not where.secure:
        return None
    from innkeeper import config
    from innkeeper.client.certificates import fingerprint_of

    line = Client(url, ca=config.get("server_ca") or None).line
    try:
        line.connect(20.0).close()
    except Denied:
        return fingerprint_of(where.host, where.port)
    return None


def sign_in(url: str, word: str, fingerprint: str | None) -> Who:
    """Keep a token of that server on this computer, and mean that server from now on. `word` is a token, or a link as
    `inn serve` and `inn token link` print it, or what stands behind its `#link=`.

    Raises what the server refuses, `Denied("client.signed_out")` for a word that it does not know.
    """
    from innkeeper import config

    ca = config.get("server_ca") or None
    where = address(url).url
    word = word.strip().rpartition("#link=")[2].rpartition("#token=")[2]
    name = None
    if word.startswith(_LINK):
        word, name = _exchanged(Client(where, ca=ca, fingerprint=fingerprint), word)
    with Client(where, word, ca=ca, fingerprint=fingerprint) as client:
        who = client.decoded(client.asked("GET", f"{API}/session").body, dict[str, Any])
    stored = servers.read()
    known = Known(where, word, fingerprint, ca, name)
    servers.write(Servers(stored.known | {where: known}, where))
    return Who(str(who.get("name")), str(who.get("role")))


def sign_out(url: str) -> bool:
    """Forget the server's token here, and have the server forget the one that was made by signing in with a link.
    Returns whether it did: one that is away keeps it until it expires. Raises `NotFound("client.not_signed_in")`."""
    stored = servers.read()
    where = address(url).url
    known = stored.known.get(where)
    if known is None:
        raise NotFound("client.not_signed_in", url=where)
    ended = True
    if known.name is not None:
        try:
            with Client(where, known.token, ca=known.ca, fingerprint=known.fingerprint) as client:
                client.asked("DELETE", f"{API}/tokens/{known.name}")
        except InnkeeperError:
            ended = False
    rest = {other: one for other, one in stored.known.items() if other != where}
    current = stored.current if stored.current != where else None
    servers.write(Servers(rest, current))
    return ended


def _exchanged(client: Client, link: str) -> tuple[str, str]:
    """A token for a link, and its name: by a session, which ends at once."""
    json = {"Content-Type": "application/json"}
    with client:
        answer = client.asked("POST", f"{API}/session", msgspec.json.encode({"link": link}), json)
        who = client.decoded(answer.body, dict[str, Any])
        cookie = (answer.headers.get("Set-Cookie") or "").partition(";")[0]
        session = json | {"Cookie": cookie, "X-CSRF-Token": str(who.get("csrf"))}
        name = _token_name()
        asked = {"name": name, "role": who.get("role", "admin")}
        made = client.asked("POST", f"{API}/tokens", msgspec.json.encode(asked), session)
        client.asked("DELETE", f"{API}/session", None, session)
        return str(client.decoded(made.body, dict[str, Any])["token"]), name


def _token_name() -> str:
    """Of whoever has it: a list of tokens is to be read by people."""
    user = os.environ.get("USER") or "user"
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in f"{user}-{socket.gethostname()}")
    return f"{plain[:_NAME].strip('-')}-{secrets.token_hex(3)}"
