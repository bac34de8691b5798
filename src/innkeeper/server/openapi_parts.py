"""What the description of the API says the same everywhere: statuses, headers, who may ask."""

from __future__ import annotations

from typing import Any

from innkeeper import messages

__all__ = ["ANSWERED", "HEADERS", "SECURITY", "STATUS", "about"]

_ABOUT = ("units", "problems", "long", "lists", "tags", "keys", "files")


def about(language: str) -> list[str]:
    """Paragraphs on what holds for the whole API."""
    return [messages.text(f"rest.about.{part}", language, name="{name}") for part in _ABOUT]


STATUS = {
    400: "the request makes no sense",
    401: "nobody known asks",
    403: "not allowed",
    404: "what it names is not there",
    405: "not this method; `Allow` names those that can be used",
    406: "no media type that `Accept` takes",
    409: "what is there is in the way",
    412: "`If-Match`: it is not as it was",
    413: "the body is too large",
    415: "the body is no JSON",
    421: "not the host that was meant",
    422: "this host cannot do it, or the idempotency key was another request's",
    423: "somebody else is at it",
    429: "too often; `Retry-After` says when again",
    500: "it began, failed and was undone",
    502: "the host stopped answering: whether it was done is not known",
    503: "the database is away",
    504: "it was done, but what was waited for did not come in time",
}


def _header(name: str, text: str, schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": text, "schema": schema, "example": example}


_TEXT: dict[str, Any] = {"type": "string"}
HEADERS = {
    "IfNoneMatch": _header(
        "If-None-Match", "tags that the client has: 304 when one is still right", _TEXT, '"5d2c…"'
    ),
    "IfMatch": _header(
        "If-Match", "the tag that the client saw: 412 when it is another by now", _TEXT, '"91ab….5d2c…"'
    ),
    "IdempotencyKey": _header(
        "Idempotency-Key",
        "the same key of the same caller with the same request is the same operation",
        _TEXT | {"pattern": "^[\\x21-\\x7e]{1,128}$"},
        "0b0e1c52-8d34-4f0e-9d53-1c6f8a5e6a10",
    ),
    "Prefer": _header("Prefer", "`wait=SECONDS`: answer its end, if it comes in that time", _TEXT, "wait=60"),
}
ANSWERED = {
    "ETag": {"description": "its tag", "schema": _TEXT},
    "Link": {"description": 'the next page, with `rel="next"`', "schema": _TEXT},
    "Location": {"description": "path of the operation", "required": True, "schema": _TEXT},
    "X-Total-Count": {"description": "rows of all pages", "schema": {"type": "integer"}},
}
SECURITY = {
    "token": {"type": "http", "scheme": "bearer", "description": "made by `inn token create`"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "innkeeper",
        "description": "a browser's, from a one-time link. The cookie's name ends with the server's port. What changes "
        "something needs the header `X-CSRF-Token` too, with the word that signing in answered",
    },
}
