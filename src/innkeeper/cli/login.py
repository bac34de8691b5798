"""`inn login`, `inn logout`: which server is meant, and who one is there."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli.framework import Argument, Option, command
from innkeeper.cli.output import clean, say, table, tell
from innkeeper.cli.types import Path
from innkeeper.errors import Invalid

if TYPE_CHECKING:
    from innkeeper.cli.session import Session

__all__ = ["login", "logout"]


@command(
    "login",
    Argument(["url"], required=False, metavar="[URL]"),
    Option(["--token-file"], type=Path(), metavar="FILE"),
    Option(["--fingerprint"], metavar="SHA256"),
    planned=False,
)
def login(session: Session, url: str | None, token_file: str | None, fingerprint: str | None) -> None:
    """Without a URL the servers that are known."""
    if url is None:
        _draw_known(session)
        return
    from innkeeper.client import signing_in
    from innkeeper.client.certificates import plain
    from innkeeper.client.line import address

    where = address(url).url
    believed = plain(fingerprint) if fingerprint else _believed(where)
    word = url.partition("#")[2].partition("=")[2] or _word(token_file)
    who = signing_in.sign_in(where, word, believed)
    if not session.quiet:
        say(clean(messages.text("cli.login.done", url=where, name=who.name, role=who.role)))


def _believed(url: str) -> str | None:
    """The fingerprint that somebody confirmed, of a certificate that nobody else vouches for."""
    from innkeeper.cli.guest_bin import confirm
    from innkeeper.client import servers, signing_in
    from innkeeper.client.certificates import shown

    fingerprint = signing_in.certificate_of(url)
    if fingerprint is None:
        return None
    known = servers.read().known.get(url)
    if known is not None and known.fingerprint == fingerprint:
        return fingerprint
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Invalid("cli.login.unconfirmed", url=url, fingerprint=shown(fingerprint))
    tell(messages.text("cli.login.certificate", url=clean(url), fingerprint=shown(fingerprint)))
    if not confirm(messages.text("cli.login.confirm")):
        raise Invalid("cli.login.not_believed", url=url)
    return fingerprint


def _word(path: str | None) -> str:
    """A token or a link: of a file, of standard input, or typed where nobody sees it."""
    from innkeeper.cli import reading

    if path is None and sys.stdin.isatty():
        from getpass import getpass

        said = getpass(messages.text("cli.login.ask"))
    else:
        said = reading.text(path or "-", "token")
    word = said.strip()
    if not word or not word.isprintable() or " " in word:
        raise Invalid("cli.login.no_word")
    return word


def _draw_known(session: Session) -> None:
    from innkeeper.client import servers

    stored = servers.read()
    if session.json:
        import json

        known = [{"url": url, "current": url == stored.current} for url in sorted(stored.known)]
        say(json.dumps(known, ensure_ascii=False, indent=2))
        return
    if not stored.known:
        tell(messages.text("cli.login.none"))
        return
    current = messages.text("cli.yes")
    rows = [[url, current if url == stored.current else "-"] for url in sorted(stored.known)]
    table(["server", "current"], rows)


@command("logout", Argument(["url"], required=False, metavar="[URL]"), planned=False)
def logout(session: Session, url: str | None) -> None:
    """Of the server that is meant, when none is named."""
    from innkeeper.client import servers, signing_in

    where = url or servers.read().current
    if where is None:
        raise Invalid("cli.logout.which")
    ended = signing_in.sign_out(where)
    if not session.quiet:
        say(clean(messages.text("cli.logout.done", url=where)))
    if not ended:
        tell(messages.text("cli.logout.stays"))
