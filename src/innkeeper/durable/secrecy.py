"""What of a request may not be written down: fields marked `Meta(extra={"secret": True})`."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

__all__ = ["Split", "scrubbed", "secret_fields", "split"]

_SHORTEST = 4
"""Characters of a secret that is looked for in texts: shorter ones are in every text."""
_HIDDEN = "…"


class Split(NamedTuple):
    """A request in two parts: `shown` may be stored; `withheld` are names of fields that were left out of it, and
    `secrets` every text that was in them."""

    shown: dict[str, Any]
    withheld: tuple[str, ...]
    secrets: tuple[str, ...]


def secret_fields(kind: type[Any]) -> dict[str, object]:
    """The fields of a request that hold secrets, each with its mark: True, or `whole` where lines of it are none."""
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    return {field.encode_name: mark for field in described.fields if (mark := _mark(field.type))}


def _mark(kind: inspect.Type) -> object:
    if isinstance(kind, inspect.Metadata):
        return (kind.extra or {}).get("secret") or _mark(kind.type)
    return next(filter(None, map(_mark, kind.types)), None) if isinstance(kind, inspect.UnionType) else None


def split(request: Any) -> Split:
    """A field that holds nothing, or its default, is not withheld."""
    fields: dict[str, Any] = msgspec.to_builtins(request, enc_hook=str)
    marks = secret_fields(type(request))
    secret = {name: fields.pop(name) for name in sorted(marks) if fields.get(name)}
    texts = {
        text
        for name in secret
        if marks[name] != "whole"
        for text in _texts([secret[name], getattr(request, name)])
    }
    return Split(fields, tuple(secret), tuple(sorted(texts, key=len, reverse=True)))


def _texts(value: Any) -> set[str]:
    """Each text in it, and each line of one: programs tell of a line that they do not like."""
    if isinstance(value, dict):
        return _texts(list(value.values()))
    if isinstance(value, list | tuple):
        return set().union(*map(_texts, value))
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if not isinstance(value, str):
        return set()
    return {
        text for text in (value, *(line.strip() for line in value.splitlines())) if len(text) >= _SHORTEST
    }


def scrubbed(value: Any, secrets: tuple[str, ...]) -> Any:
    """That value as plain data, without any of those texts in it."""
    return _scrub(msgspec.to_builtins(value, enc_hook=str), secrets)


def _scrub(value: Any, secrets: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {_scrub(key, secrets): _scrub(one, secrets) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_scrub(one, secrets) for one in value]
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, _HIDDEN)
    return value
