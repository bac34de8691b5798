"""The description of the API for programs, and a page of it for people; both are read without signing in."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

import anyio.to_thread
import msgspec
from litestar import Request, Response, route

from innkeeper import messages
from innkeeper.server import etags, openapi
from innkeeper.server.problems import language_of
from innkeeper.server.rest import answer_look

__all__ = ["HANDLERS", "OPENAPI"]

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td{padding:.2rem .8rem .2rem 0;vertical-align:top}"
    "code{font-size:.9em}h2{margin:1.5rem 0 .3rem;text-transform:capitalize}"
    "@media(prefers-color-scheme:dark){body{background:#151515;color:#e0e0e0}a{color:#73bcf7}}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@route(
    openapi.PAGE,
    http_method=["GET", "HEAD"],
    name="openapi",
    exclude_from_auth=True,
    tags=["api"],
    status_code=200,
)
async def description(request: Request[Any, Any, Any]) -> Response[bytes]:
    """This description of the API."""
    body, tag = await anyio.to_thread.run_sync(described, request.app.state.modules)
    return answer_look(request, body, tag, headers={"Cache-Control": "no-cache"})


@cache
def described(modules: tuple[Any, ...]) -> tuple[bytes, str]:
    """Made when it is first asked for: it needs every verb's module."""
    body = msgspec.json.format(msgspec.json.encode(openapi.document(modules)), indent=1)
    return body, etags.join(None, body)


@route(
    "/api",
    http_method=["GET", "HEAD"],
    name="openapi.page",
    exclude_from_auth=True,
    tags=["api"],
    status_code=200,
    media_type="text/html",
)
async def page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """All paths of the API on one page."""
    language = language_of(request)
    body = await anyio.to_thread.run_sync(_page, request.app.state.modules, language)
    headers = {"Content-Security-Policy": _POLICY, "Vary": "Accept-Language"}
    return answer_look(request, body, etags.join(None, body), "text/html", headers)


@cache
def _page(modules: tuple[Any, ...], language: str) -> bytes:
    document = msgspec.json.decode(described(modules)[0])
    by_tag: dict[str, list[str]] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            cells = (
                f"<code>{method.upper()}</code>",
                f"<code>{escape(path)}</code>",
                escape(_summary(operation, language)),
            )
            by_tag.setdefault(operation["tags"][0], []).append(
                f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
            )
    title = escape(messages.text("rest.title", language))
    link = f'<a href="{openapi.PAGE}">{openapi.PAGE}</a>'
    intro = escape(messages.text("rest.page", language)).replace("PATH", link)
    tables = "".join(
        f"<h2>{escape(tag)}</h2><table>{''.join(rows)}</table>" for tag, rows in sorted(by_tag.items())
    )
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    style = f"<style>{_STYLE}</style>"
    return (
        f'<!doctype html><html lang="{language}">{head}{style}<h1>{title}</h1><p>{intro}</p>{tables}'.encode()
    )


def _summary(operation: dict[str, Any], language: str) -> str:
    from innkeeper.server.schemas import text_id

    text = f"cli.{text_id(operation['operationId'])}"
    return messages.text(text, language).partition("\n")[0] if messages.has(text) else operation["summary"]


def _sent(text: str, media: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {media: {"schema": schema}}}


HANDLERS: list[Any] = [description, page]
OPENAPI: dict[str, Any] = {
    "openapi": {"responses": {"200": _sent("this document", "application/json", {"type": "object"})}},
    "openapi.page": {"responses": {"200": _sent("a page of HTML", "text/html", {"type": "string"})}},
}
"""handler's name → what the document says of it"""
