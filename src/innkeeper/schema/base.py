"""The two kinds of struct at every door: requests (validated, unknown keys refused) and views (what is shown)."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from innkeeper.errors import Invalid

__all__ = ["SECRET", "UNSET", "WITHHELD", "Request", "UnsetType", "View", "build", "to_json"]


SECRET = msgspec.Meta(extra={"secret": True})
"""Marks a field that is never written down, neither in a record nor in a log; nor is any line of it."""
WITHHELD = msgspec.Meta(extra={"secret": "whole"})
"""Marks a field that may hold a secret somewhere: it is never written down, lines of it may be."""


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is asked. `UNSET` means: not said, which is not the same as null."""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown; the same on the command line (`--json`), over REST and in Python."""


R = TypeVar("R", bound=Request)


def build(kind: type[R], fields: dict[str, Any]) -> R:
    """The request of that kind from plain values, or `Invalid` naming the field that is wrong.

    An empty word is a variable that was not set: never the same as nothing said.
    """
    for name, value in fields.items():
        if value == "":
            raise Invalid("request.empty", field=name.replace("_", "-"))
    try:
        return msgspec.convert(fields, kind, strict=True)
    except msgspec.ValidationError as error:
        reason, _, where = str(error).partition(" - at ")
        raise Invalid("request.invalid", field=where.strip("`$.") or "request", reason=reason) from error


def to_json(value: Any) -> bytes:
    """Any view, or list of views, as indented JSON text in UTF-8."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2)
