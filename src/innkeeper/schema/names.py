"""Names of guests, images and the like, and what may stand in them."""

from __future__ import annotations

import re

from innkeeper.errors import Invalid

__all__ = ["CREATING", "DELETED", "MARK", "RELEASE", "check_name", "check_user", "mark", "unmark"]

MARK = "~"
"""Between a name and what it is marked with; no ordinary name holds it."""

RELEASE = "@"
"""Between an image's name and one of its versions: `debian-12@20261122T101500Z`."""

CREATING, DELETED = "creating", "deleted"
"""Marks of a guest that is being made, and of one in the bin (followed by when it went there)."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", re.ASCII)
_MARKED = re.compile(rf"(.+){MARK}(?:({CREATING})|{DELETED}{MARK}([^{MARK}]+))", re.DOTALL)
_USER = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,31}", re.ASCII)
_SHOWN = 40


def check_name(name: str, what: str = "guest") -> None:
    """A name is 1 to 63 ASCII letters, digits, `.`, `_` or `-`, and begins with a letter or digit.

    That is a host name's length, and safe as a file name, in a shell and in XML. libvirt itself allows more
    (src/conf/virdomainobjlist.c refuses only `/` and empty names); guests made elsewhere keep such names.
    """
    if not _NAME.fullmatch(name):
        shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}… ({len(name)} characters)"
        raise Invalid("request.name", what=what, name=repr(shown))


def check_user(name: str) -> None:
    """A login name: 1 to 32 ASCII letters, digits, `.`, `_` or `-`, beginning with a letter or `_`.

    It reaches command lines of ssh and cloud-init's users: nothing in it may look like an option.
    """
    if not _USER.fullmatch(name):
        raise Invalid("request.user", user=repr(name[:_SHOWN]))


def mark(name: str, *marks: str) -> str:
    """`web1`, marked: `web1~deleted~20261122T101500Z`."""
    return MARK.join((name, *marks))


def unmark(name: str) -> tuple[str, str | None, str | None]:
    """The plain name, its mark, what stands behind the mark. The last mark counts: what is before it is the name, also
    when others made it with a `~` in it."""
    found = _MARKED.fullmatch(name) if MARK in name else None
    return (found[1], found[2] or DELETED, found[3]) if found else (name, None, None)
