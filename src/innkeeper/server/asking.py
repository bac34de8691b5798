"""From an HTTP request to a verb's: what may be asked, in which words, and what is refused before anything looks at it.

A JSON body is typed as it stands. A query has only words: numbers and switches are read from them, a field of several
values takes its parameter again and again, one of keys and values takes `FIELD.KEY=VALUE`.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import cache
from typing import Any, NamedTuple

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException

from innkeeper.errors import Invalid
from innkeeper.schema.base import build
from innkeeper.server.routes import Route

__all__ = ["MOST", "Asked", "accepted", "asked", "json_object", "switch"]

MOST = 4 * 1024 * 1024
"""Bytes of a body of JSON: as much as libvirt takes of a document."""
DRY_RUN = "dry_run"
_JSON = "application/json"
_WISHES = 50
"""Media types of an Accept that are looked at."""
_WEIGHT = re.compile(r"[01](\.[0-9]{0,3})?", re.ASCII)

Words = dict[str, list[str]]


class Asked(NamedTuple):
    """A verb's request; whether only its plan is wanted; and words of the query that are not the verb's."""

    request: Any
    dry_run: bool
    rest: Words


async def asked(http: Request[Any, Any, Any], kind: type[Any], route: Route) -> Asked:
    """Raises `Invalid` for whatever cannot be one."""
    words = _words(http)
    dry_run = switch(DRY_RUN, words.pop(DRY_RUN, ["false"]))
    path = route.fixed | dict(http.path_params)
    _refuse_nul(path)
    if not route.has_body:
        own = {name: values for name, values in words.items() if _field(kind, name)}
        for name in path.keys() & own.keys():
            raise Invalid("request.in_path", field=name)
        request = _of_words(kind, _plain(kind, own) | path)
        rest = {name: values for name, values in words.items() if name not in own}
        return Asked(request, dry_run, rest)
    fields = await json_object(http)
    for name, value in path.items():
        if fields.setdefault(name, value) != value:
            raise Invalid("request.in_path", field=name)
    return Asked(build(kind, fields), dry_run, words)


async def json_object(http: Request[Any, Any, Any]) -> dict[str, Any]:
    """The body, nothing of it when there is none. Raises `Invalid("request.json")`, `Invalid("request.nul")`."""
    fields = _object(await _body(http))
    _refuse_nul(fields)
    return fields


def switch(name: str, values: list[str]) -> bool:
    """`true` or `false` of a query."""
    value = values[0] if len(values) == 1 else ""
    if value not in ("true", "false"):
        raise Invalid("request.invalid", field=name, reason=f"{', '.join(values)!r}: true, false")
    return value == "true"


def accepted(http: Request[Any, Any, Any], offered: tuple[str, ...] = (_JSON,)) -> str:
    """Which of them the client likes best (RFC 9110, Accept), the first of those it likes alike. 406 when none."""
    said = http.headers.get("accept", "").strip() or "*/*"
    wanted = [_weighed(part) for part in said.lower().split(",")[:_WISHES]]
    liked = {media_type: _liking(media_type, wanted) for media_type in offered}
    best = max(offered, key=lambda media_type: liked[media_type])
    if not liked[best]:
        raise HTTPException(", ".join(offered), status_code=406)
    return best


def _weighed(part: str) -> tuple[str, float]:
    media_type, *parameters = (piece.strip() for piece in part.split(";"))
    weight = next((text[2:] for text in parameters if text.startswith("q=")), "1")
    return media_type, float(weight) if _WEIGHT.fullmatch(weight) else 0.0


def _liking(media_type: str, wanted: list[tuple[str, float]]) -> float:
    """The weight of what speaks of it most exactly."""
    for pattern in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        weights = [weight for said, weight in wanted if said == pattern]
        if weights:
            return max(weights)
    return 0.0


def _words(http: Request[Any, Any, Any]) -> Words:
    found: Words = {}
    for name, value in http.query_params.multi_items():
        found.setdefault(name, []).append(value)
    for name, values in found.items():
        _refuse_nul([name, *values])
    return found


async def _body(http: Request[Any, Any, Any]) -> bytes:
    body = await http.body()
    if body and http.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        raise HTTPException("application/json", status_code=415)
    return body


def _object(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.ValidationError as error:
        raise Invalid("request.json", reason=str(error).partition(" - at ")[0]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("request.json", reason=str(error)) from error


def _refuse_nul(value: Any) -> None:
    """Neither libvirt nor a command line can hold one."""
    match value:
        case str():
            if "\0" in value:
                raise Invalid("request.nul")
        case dict():
            for key, inner in value.items():
                _refuse_nul(key)
                _refuse_nul(inner)
        case list():
            for inner in value:
                _refuse_nul(inner)


def _field(kind: Any, name: str) -> str | None:
    """The field of that parameter: its name, or `FIELD.KEY` of a field that holds keys."""
    types = _types(kind)
    if name in types and types[name] is not dict:
        return name
    field, dot, _key = name.partition(".")
    return field if dot and types.get(field) is dict else None


@cache
def _types(kind: Hashable) -> dict[str, type[Any]]:
    """Of the fields of a request."""
    request: Any = kind
    return {field.name: _outer(field.type) for field in msgspec.structs.fields(request)}


def _outer(annotation: Any) -> type[Any]:
    """`tuple` or `dict` of a field with several values, else `str`."""
    origin = getattr(annotation, "__origin__", annotation)
    return origin if origin in (tuple, dict) else str


def _plain(kind: Any, words: Words) -> dict[str, Any]:
    """Field → word, list of words, or dictionary of words."""
    types = _types(kind)
    found: dict[str, Any] = {}
    for name, values in words.items():
        field, _, key = name.partition(".")
        if types[field] is tuple:
            found[field] = values
        elif len(values) > 1:
            raise Invalid("request.repeated", field=name)
        elif types[field] is dict:
            found.setdefault(field, {})[key] = values[0]
        else:
            found[field] = values[0]
    return found


def _of_words(kind: type[Any], fields: dict[str, Any]) -> Any:
    for name, value in fields.items():
        if value == "":
            raise Invalid("request.empty", field=name)
    try:
        return msgspec.convert(fields, kind, strict=False)
    except msgspec.ValidationError as error:
        reason, _, where = str(error).partition(" - at ")
        raise Invalid("request.invalid", field=where.strip("`$.") or "query", reason=reason) from error
