"""By which names this server may be called.

A page of a foreign site can have its own name lead to 127.0.0.1 (DNS rebinding): to the browser we are then that site.
So the name that was called has to be one of ours. A plain address cannot be made to lead elsewhere.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import urlsplit

from innkeeper import config

__all__ = ["Names", "is_loopback", "own_names"]

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]{1,253})(?::(\d{1,5}))?", re.ASCII)


def is_loopback(address: str) -> bool:
    """Whether only this computer reaches it."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def own_names() -> list[str]:
    """The names of this computer, and those of the setting `server_names`."""
    own = (socket.gethostname(), socket.getfqdn(), *config.get("server_names").replace(",", " ").split())
    return [name.lower().rstrip(".") for name in dict.fromkeys(own) if name]


class Names:
    """`address` is what the server listens on."""

    def __init__(self, address: str) -> None:
        settings = config.get("server_names").replace(",", " ").split()
        self._open = not is_loopback(address)
        names = own_names() if self._open else settings
        self._names = {"localhost", *(name.lower().rstrip(".") for name in names)}

    def knows(self, host: str) -> bool:
        """Whether a `Host` header names this server."""
        match = _HOST.fullmatch(host)
        if not match:
            return False
        name = match[1].strip("[]").lower()
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return name.rstrip(".") in self._names
        return self._open or address.is_loopback or name in self._names

    def same(self, origin: str, host: str) -> bool:
        """Whether a page of that `Origin` came from the server that was called as `host`."""
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or parts.path or parts.query:
            return False
        default = ":443" if parts.scheme == "https" else ":80"
        return parts.netloc.lower().removesuffix(default) == host.lower().removesuffix(default)
