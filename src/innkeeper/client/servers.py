"""Which servers somebody has signed in to on this computer: their tokens, in a file that only its owner reads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from innkeeper import config
from innkeeper.config import servers_file
from innkeeper.errors import Invalid
from innkeeper.machine import local

if TYPE_CHECKING:
    from innkeeper.client.client import Client

__all__ = ["Known", "Servers", "client_of", "read", "write"]


class Known(NamedTuple):
    """A server that was signed in to."""

    url: str
    token: str
    fingerprint: str | None = None
    """of a certificate that no authority vouches for"""
    ca: str | None = None
    name: str | None = None
    """of a token that signing in with a link has made"""


class Servers(NamedTuple):
    """All of them; `current` is the URL of the one that is meant when nothing else is named."""

    known: dict[str, Known]
    current: str | None = None


def read() -> Servers:
    """Raises `Invalid("client.servers_file")`."""
    if not local().files.exists(servers_file()):
        return Servers({})
    import msgspec

    try:
        return msgspec.json.decode(local().files.read(servers_file()), type=Servers)
    except msgspec.DecodeError as error:
        raise Invalid("client.servers_file", path=servers_file(), reason=str(error)) from error


def write(servers: Servers) -> None:
    """Replace what is kept; the file goes with the last of them."""
    if not servers.known:
        local().files.remove(servers_file())
        return
    import msgspec

    local().files.make_dir(os.path.dirname(servers_file()), 0o700)
    local().files.write(servers_file(), msgspec.json.encode(servers), 0o600)


def client_of(url: str) -> Client:
    """A client of that server, with what is known of it: the token of INNKEEPER_TOKEN, of the URL itself (as `inn
    serve` prints it), or of whoever signed in."""
    from innkeeper.client.client import Client
    from innkeeper.client.line import address

    known = read().known.get(address(url).url) or Known("", "")
    said = url.partition("#token=")[2]
    return Client(
        url,
        os.environ.get("INNKEEPER_TOKEN") or said or known.token or None,
        ca=config.get("server_ca") or known.ca,
        fingerprint=config.get("server_fingerprint") or known.fingerprint,
    )
