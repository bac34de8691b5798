"""What a change is made conditional on (`If-Match`), as it is on the host: looked at under the lock."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from innkeeper.errors import Conflict, NotFound

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.virt import domains

__all__ = ["Condition", "digest", "refuse_stale", "stored"]

_BYTES = 9
"""Of a tag: 72 bits, 18 letters."""


class Condition(NamedTuple):
    """It is still as one of these tags says."""

    kind: str
    """`guest`, `document`, `image` or `backup`"""
    id: str
    tags: tuple[str, ...]


def digest(body: bytes) -> str:
    """A tag of that."""
    return blake2b(body, digest_size=_BYTES).hexdigest()


def refuse_stale(host: Host, asked: Condition) -> None:
    """Raises `Conflict("request.stale")`."""
    try:
        now = stored(host, asked.kind, asked.id)
    except NotFound as error:
        raise Conflict("request.stale", what=asked.id) from error
    if now not in asked.tags:
        raise Conflict("request.stale", what=asked.id)


def stored(host: Host, kind: str, id: str) -> str:
    """The first part, as it is now. Raises `NotFound`."""
    return digest(_STORED[kind](host, id))


def _guest(host: Host, name: str) -> bytes:
    domain = _domain(host, name)
    parts = (domain.uuid, domain.name, domain.state, domain.saved, domain.autostart)
    return msgspec.json.encode(parts) + _open(domain)


def _document(host: Host, name: str) -> bytes:
    return _open(_domain(host, name))


def _open(domain: domains.Domain) -> bytes:
    """The stored document without passwords: a tag shall not help to guess one."""
    from innkeeper.guest.changing.difference import masked

    return masked(domain.xml()).encode(errors="surrogateescape")


def _domain(host: Host, name: str) -> domains.Domain:
    """Also one in the bin, which is taken out of it or purged by its former name."""
    from innkeeper.guest.naming import deleted, find

    try:
        return find(host, name)
    except NotFound:
        found = deleted(host, name)
        if found is None:
            raise
        return found


def _image(host: Host, name: str) -> bytes:
    from innkeeper.image.catalogue import lookup

    return msgspec.json.encode(lookup(host, name))


def _backup(host: Host, backup: str) -> bytes:
    from innkeeper.verbs import verb

    return msgspec.json.encode(verb("backup.show")(host, backup=backup))


_STORED: dict[str, Callable[[Host, str], bytes]] = {
    "backup": _backup,
    "document": _document,
    "guest": _guest,
    "image": _image,
}
