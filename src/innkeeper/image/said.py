"""What a user says of an image: it must be able to be true."""

from __future__ import annotations

import re

from innkeeper.errors import Invalid

__all__ = ["refuse_pattern", "refuse_user", "refuse_word"]

_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def refuse_pattern(pattern: str | None) -> None:
    """Raises `Invalid("image.pattern")` for what is no regular expression, `Invalid("image.pattern_empty")` for one
    that finds nothing at all."""
    if pattern is None:
        return
    try:
        found = re.compile(pattern).search("")
    except re.error as error:
        raise Invalid("image.pattern", pattern=pattern[:60], reason=str(error)) from error
    if found:
        raise Invalid("image.pattern_empty", pattern=pattern[:60])


def refuse_user(user: str | None) -> None:
    """Raises `Invalid("image.user")`."""
    if user is not None and not _USER.fullmatch(user):
        raise Invalid("image.user", user=repr(user[:40]))


def refuse_word(option: str, value: str | None) -> None:
    """Raises `Invalid("image.word")` for what cannot be the name of a processor or a system."""
    if value is not None and not _WORD.fullmatch(value):
        raise Invalid("image.word", option=option, value=repr(value[:40]))
