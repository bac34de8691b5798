"""URLs that the server is to fetch from: the web, and nothing that only the server itself can reach."""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import SplitResult, urlsplit

from innkeeper import config
from innkeeper.errors import Denied

__all__ = ["url"]

_CHARACTERS = re.compile(r"[\x21-\x7e]{1,2000}", re.ASCII)


def url(said: str) -> str:
    """Raises `Denied("request.url")` for what is neither http nor https, has a user or a password in it, or leads to
    this computer or its links, unless the setting `urls_local` is `yes`."""
    parts = _split(said)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise Denied("request.url", url=_shown(said))
    if config.get("urls_local") != "yes" and any(map(_is_near, _addresses(parts))):
        raise Denied("request.url_local", url=_shown(said))
    return said


def _split(said: str) -> SplitResult | None:
    if not _CHARACTERS.fullmatch(said) or "\\" in said:
        return None
    try:
        parts = urlsplit(said)
        _ = parts.port  # judged when asked for
    except ValueError:
        return None
    return parts


def _shown(said: str) -> str:
    """Without what may be a password."""
    return re.sub(r"//[^/]*@", "//…@", said)[:200]


def _addresses(parts: SplitResult) -> list[str]:
    """Where the name leads now; nowhere where it is not known here: a proxy may know it."""
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(address[0]) for *_rest, address in found]


def _is_near(text: str) -> bool:
    from innkeeper.server.access.certificate import addresses

    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    never = address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast
    return never or str(address) in addresses()
