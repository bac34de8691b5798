"""Entity tags: an answer that is still as it was is not sent again, and nobody changes what they have not seen.

The tag of a guest, an image or a backup has two parts, `"STORED.SHOWN"`. The first speaks of what a change is decided
on: of a guest its stored document, its name, its state and its autostart; not what its agent tells, which is different
at each look. `If-None-Match` compares the whole, `If-Match` the first part.
"""

from __future__ import annotations

import re
from typing import Any

from innkeeper.routes import Route
from innkeeper.server.conditions import Condition, digest

__all__ = ["TAGGED", "condition", "is_known", "join", "resource"]

TAGGED = frozenset({"backup.show", "guest.document", "guest.show", "image.show"})
"""Verbs that show a resource which a condition can be about."""
_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def join(first: str | None, body: bytes) -> str:
    """The header's value."""
    return f'"{first}.{digest(body)}"' if first else f'"{digest(body)}"'


def is_known(said: str, tag: str) -> bool:
    """Whether `If-None-Match` names it (RFC 9110: weakly compared)."""
    return said.strip() == "*" or tag.strip('"') in _TAG.findall(said)


def resource(route: Route, path: dict[str, Any]) -> tuple[str, str] | None:
    """Kind and id of what the path is about."""
    for prefix, kind, field in _RESOURCES:
        if route.path.startswith(prefix) and field in path:
            return kind, str(path[field])
    return None


_RESOURCES = (
    ("/guests/{name}/document", "document", "name"),
    ("/guests/{name}", "guest", "name"),
    ("/images/{name}", "image", "name"),
    ("/backups/{backup}", "backup", "backup"),
)
"""Beginning of a route, what it is about, and the field with its name; the longest first."""


def condition(said: str | None, about: tuple[str, str] | None) -> Condition | None:
    """What `If-Match` asks of that resource. `*` asks that it be there, which every verb does."""
    if said is None or about is None or said.strip() == "*":
        return None
    return Condition(*about, tuple(tag.partition(".")[0] for tag in _TAG.findall(said)))
