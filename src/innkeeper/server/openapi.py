"""The description of the API (OpenAPI 3.1), made from the registry, the table of routes and the structs.

What is no verb (events, consoles, uploads …) describes itself by its handlers' names and docstrings, and by the
`OPENAPI` of its module: name of a handler → `request` (a struct), `response` (a type), `summary`, `description`, and
`parameters`, `requestBody` or `responses` as OpenAPI has them.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler, WebsocketRouteHandler

from innkeeper import __version__, messages
from innkeeper.schema.guest import GuestView
from innkeeper.schema.guest_agent import Executed
from innkeeper.schema.image import ImageView
from innkeeper.schema.image_offers import AvailableImages
from innkeeper.schema.operation import LogLine, OperationView
from innkeeper.server import etags, listing, schemas
from innkeeper.server.examples import EXAMPLES, PATH
from innkeeper.server.lists import MOST, columns
from innkeeper.server.openapi_parts import ANSWERED, HEADERS, SECURITY, STATUS, about
from innkeeper.server.problems import MEDIA_TYPE, Problem
from innkeeper.server.rest import MEDIA
from innkeeper.server.routes import API, OWN_HANDLERS, ROUTES, Route
from innkeeper.server.schemas import REF, Schema
from innkeeper.verbs import Plan, verb

__all__ = ["PAGE", "VIEWS", "document"]

PAGE = "/api/openapi.json"
_JSON = "application/json"
VIEWS: dict[str, Any] = {
    "guest.create": GuestView | list[GuestView],
    "guest.exec": Executed,
    "image.list": list[ImageView] | AvailableImages,
}
"""verb → what REST answers, where the verb's view does not say it"""
_ALSO = (LogLine, OperationView, Plan, Problem)
_ALWAYS = (400, 401, 403, 404, 405, 406, 409, 421, 422, 429, 500, 502, 503, 504)
_CHANGING = (423,)
_WITH_BODY = (413, 415)


def document(modules: Iterable[Any] = ()) -> dict[str, Any]:
    """The whole document; `modules` hold the `HANDLERS` of the application."""
    modules = list(modules)
    told: dict[str, Any] = {}
    for module in modules:
        told |= getattr(module, "OPENAPI", {})
    asked = {name: verb(name).request for name, route in ROUTES.items() if route.has_body}
    asked |= {name: piece["request"] for name, piece in told.items() if "request" in piece}
    shown = {name: VIEWS.get(name, verb(name).view) for name in ROUTES if name not in told}
    shown |= {name: piece["response"] for name, piece in told.items() if "response" in piece}
    views, named = schemas.components([*shown.values(), *asked.values(), *_ALSO])
    handlers = [handler for module in modules for handler in module.HANDLERS]
    status = {handler.name: getattr(handler, "status_code", 101) for handler in handlers}
    whole = _Whole(told, asked, dict(zip(shown, views, strict=False)), named, status)
    paths: dict[str, dict[str, Any]] = {}
    for name, route in ROUTES.items():
        paths.setdefault(API + route.path, {})[route.method.lower()] = _operation(name, route, whole)
    for handler in handlers:
        _add_plain(paths, handler, whole)
    return {
        "openapi": "3.1.0",
        "info": _info(),
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "tags": [{"name": tag} for tag in sorted({_tag(name) for name in ROUTES})],
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {
            "schemas": {name: named[name] for name in sorted(named)},
            "responses": {f"Problem{status}": _problem(text) for status, text in STATUS.items()},
            "parameters": HEADERS,
            "headers": ANSWERED,
            "securitySchemes": SECURITY,
        },
    }


class _Whole(NamedTuple):
    """What operations are described with."""

    told: dict[str, Any]
    """what modules say of their handlers, by name"""
    asked: dict[str, type[Any]]
    """name → struct of the body"""
    shown: dict[str, Schema]
    """name → schema of the answer"""
    named: dict[str, Schema]
    status: dict[str, int]
    """name → what its handler answers when it went well"""

    def body(self, name: str) -> dict[str, Any]:
        """The request body of that name; nothing when it has none."""
        request = self.asked.get(name)
        if request is None:
            return {}
        schema = self.named[request.__name__]
        media = {
            "schema": {"$ref": REF.format(name=request.__name__)},
            "examples": {"example": {"value": EXAMPLES.get(name, {})}},
        }
        return {"requestBody": {"required": bool(schema.get("required")), "content": {_JSON: media}}}


def _info() -> dict[str, Any]:
    return {
        "title": "Innkeeper",
        "version": __version__,
        "summary": "Guests, images, backups and a host on libvirt",
        "description": "\n\n".join(about("en")),
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }


def _operation(name: str, route: Route, whole: _Whole) -> dict[str, Any]:
    summary, _, more = messages.text(f"cli.{schemas.text_id(name)}", "en").partition("\n")
    request = verb(name).request
    described = [more.strip(), inspect.cleandoc(request.__doc__ or ""), _list_text(name)]
    made: dict[str, Any] = {
        "operationId": name,
        "tags": [_tag(name)],
        "summary": summary,
        "description": "\n\n".join(text for text in described if text),
        "parameters": _parameters(name, route),
        "responses": _responses(name, route, whole),
    }
    if name in whole.asked:
        schemas.body_of(name, whole.asked[name], whole.named)
    return _with(whole.told.get(name, {}), made | whole.body(name))


def _with(piece: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """The operation with what its module says of it: of a parameter or an answer that is told already, instead."""
    more = piece.get("parameters", [])
    names = {one["name"] for one in more}
    return made | {
        "summary": piece.get("summary", made["summary"]),
        "description": piece.get("description", made["description"]),
        "parameters": [one for one in made["parameters"] if one.get("name") not in names] + more,
        "responses": made["responses"] | piece.get("responses", {}),
        **({"requestBody": piece["requestBody"]} if "requestBody" in piece else {}),
    }


def _tag(name: str) -> str:
    return f"{name.partition('.')[0]}s"


def _list_text(name: str) -> str:
    row = listing.row_of(name)
    return f"A list of `{row.__name__}`: it can be filtered, sorted and paged." if row else ""


def _parameters(name: str, route: Route) -> list[dict[str, Any]]:
    request: Any = verb(name).request
    found: list[dict[str, Any]] = [
        {
            "name": field,
            "in": "path",
            "required": True,
            "description": schemas.told(request).get(field) or f"{field} of the {_tag(name)[:-1]}",
            "schema": {"type": "string", "minLength": 1},
            "example": PATH[field],
        }
        for field in route.fields
    ]
    if not route.has_body:
        found += _query(name)
    if name not in OWN_HANDLERS:
        found.append(_switch("dry_run", "only say what it would do: answers a plan, and touches nothing"))
    row = listing.row_of(name)
    if row is not None:
        taken = {one["name"] for one in found}
        found += [one for one in _paging(row) if one["name"] not in taken]
    return found + [{"$ref": f"#/components/parameters/{header}"} for header in _headers(name, route)]


def _query(name: str) -> list[dict[str, Any]]:
    """A GET's or DELETE's fields: whatever the request's schema says of them."""
    request = verb(name).request
    _found, named = schemas.components([request])
    schema = named[request.__name__]
    found = []
    for field in schemas.fields_of(name):
        plain = _without_null(schema["properties"][field.name])
        text = plain.pop("description", None) or field.name.replace("_", " ")
        plain.pop("default", None)
        one = {"name": field.name, "in": "query", "description": text, "schema": plain}
        if field.name in EXAMPLES.get(name, {}):
            one["example"] = EXAMPLES[name][field.name]
        found.append(one | ({"required": True} if field.required else {}))
    return found


def _without_null(schema: Schema) -> Schema:
    """A word of a query is never null: it is left out."""
    plain = dict(schema)
    some = [one for one in plain.get("anyOf", ()) if one != {"type": "null"}]
    if "anyOf" in plain:
        del plain["anyOf"]
        plain |= some[0] if len(some) == 1 else {"anyOf": some}
    if isinstance(plain.get("enum"), list):
        plain["enum"] = [one for one in plain["enum"] if one is not None]
    return plain


def _switch(name: str, text: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "schema": {"type": "boolean"}}


def _paging(row: Any) -> list[dict[str, Any]]:
    known = columns(row)
    ordered = [one.name for one in known.values() if one.kind not in (None, tuple, dict)]

    def whole(most: int, least: int) -> Schema:
        return {"type": "integer", "minimum": least, "maximum": most}

    found = [
        ("limit", "rows of a page; the whole list when it is not said", whole(MOST, 1)),
        ("offset", "rows that are left out first", whole(2**53, 0)),
        ("after", "behind which row the page begins: from `Link` of the page before", {"type": "string"}),
    ]
    parameters: list[dict[str, Any]] = [
        {"name": n, "in": "query", "description": text, "schema": s} for n, text, s in found
    ]
    for name, text, words in (
        (
            "sort",
            "fields to sort by, the first first; `-` before one that descends",
            [*ordered, *(f"-{one}" for one in ordered)],
        ),
        ("fields", "fields that are answered; all when none is named", list(known)),
    ):
        schema = {"type": "array", "items": {"enum": words}}
        parameters.append(
            {
                "name": name,
                "in": "query",
                "description": text,
                "style": "form",
                "explode": False,
                "schema": schema,
            }
        )
    return parameters + [
        _filter(one.name, one.kind, one.choices) for one in known.values() if one.kind not in (None, dict)
    ]


def _filter(name: str, kind: type[Any] | None, choices: tuple[str, ...]) -> dict[str, Any]:
    words = {int: "integer", float: "number", bool: "boolean"}
    item: Schema = {"enum": list(choices)} if choices else {"type": words.get(kind, "string")}  # type: ignore[arg-type]  # None is no key, and gets a string
    text = f"rows whose `{name}` is one of these"
    return {"name": name, "in": "query", "description": text, "schema": {"type": "array", "items": item}}


def _headers(name: str, route: Route) -> list[str]:
    if route.method == "GET":
        return ["IfNoneMatch"]
    found = ["IfMatch"] if etags.resource(route, dict.fromkeys(route.fields, "")) else []
    return found + (["IdempotencyKey", "Prefer"] if verb(name).steps else [])


def _responses(name: str, route: Route, whole: _Whole) -> dict[str, Any]:
    status = {
        *_ALWAYS,
        *(() if route.method == "GET" else _CHANGING),
        *(_WITH_BODY if route.has_body else ()),
    }
    if "IfMatch" in _headers(name, route):
        status.add(412)
    refused = {str(one): {"$ref": f"#/components/responses/Problem{one}"} for one in sorted(status)}
    view = whole.shown.get(name, {})
    if name in OWN_HANDLERS:
        content = {_JSON: {"schema": view}}
        return {str(whole.status.get(name, 200)): {"description": "done", "content": content}} | refused
    return _answers(name, route, view) | refused


def _answers(name: str, route: Route, view: Schema) -> dict[str, Any]:
    """When it goes well."""
    plan = {"$ref": REF.format(name="Plan")}
    content: dict[str, Any] = {_JSON: {"schema": {"anyOf": [_plain_rows(name, view), plan]}}}
    for media in MEDIA.get(name, ())[1:]:
        content[media] = {"schema": {"type": "string"} if "xml" in media else {}}
    looks = route.method == "GET"
    text = "what there is" if looks else "what it came to"
    found: dict[str, Any] = {"200": {"description": f"{text}, or the plan", "content": content}}
    if looks:
        headers = ["ETag", *(["Link", "X-Total-Count"] if listing.row_of(name) else [])]
        found["200"]["headers"] = {header: {"$ref": f"#/components/headers/{header}"} for header in headers}
        found["304"] = {"description": "it is as `If-None-Match` says"}
    if verb(name).steps:
        located = {"Location": {"$ref": "#/components/headers/Location"}}
        begun = {_JSON: {"schema": {"$ref": REF.format(name="OperationView")}}}
        found["202"] = {"description": "it is under way", "headers": located, "content": begun}
    return found


def _plain_rows(name: str, view: Schema) -> Schema:
    """Rows of a list have only the fields that were asked for."""
    row = listing.row_of(name)
    if row is None:
        return view
    some = {"type": "array", "items": {"type": "object", "description": "of `fields` only"}}
    return {"anyOf": [view, some]}


def _problem(text: str) -> dict[str, Any]:
    schema = {"$ref": REF.format(name="Problem")}
    return {"description": text, "content": {MEDIA_TYPE: {"schema": schema}}}


_SIDE = (frozenset(("head", "options")), frozenset(("options",)))
"""Methods that Litestar adds to others, and to one that stands alone: `HEAD` may be a handler's own."""


def _add_plain(paths: dict[str, dict[str, Any]], handler: Any, whole: _Whole) -> None:
    """What only its handler tells: the first line of the docstring, and the rest."""
    if not isinstance(handler, HTTPRouteHandler | WebsocketRouteHandler):
        return
    methods = getattr(handler, "http_methods", {"GET"})
    text = inspect.cleandoc(handler.fn.__doc__ or "")
    for template in handler.paths:
        path = (
            template.replace(":str}", "}").replace(":path}", "}").replace(":uuid}", "}").replace(":int}", "}")
        )
        for method in {str(one).lower() for one in methods} - _SIDE[len(methods) == 1]:
            if method in paths.get(path, {}):
                continue
            paths.setdefault(path, {})[method] = _plain(handler, path, text, whole)


def _plain(handler: Any, path: str, text: str, whole: _Whole) -> dict[str, Any]:
    summary, _, more = text.partition("\n")
    named: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]
    socket, name = isinstance(handler, WebsocketRouteHandler), handler.name or handler.handler_name
    status = "101" if socket else str(handler.status_code)
    made: dict[str, Any] = {
        "operationId": name,
        "tags": sorted(getattr(handler, "tags", None) or [_tag(name)]),
        "summary": summary,
        "description": ("A WebSocket. " if socket else "") + more.strip(),
        "parameters": named,
        "responses": {status: {"description": "a WebSocket is opened" if socket else "done"}},
    }
    if name in whole.shown:
        made["responses"][status]["content"] = {_JSON: {"schema": whole.shown[name]}}
    made["responses"] |= {
        str(one): {"$ref": f"#/components/responses/Problem{one}"} for one in (*_ALWAYS, 413, 415)
    }
    if handler.opt.get("exclude_from_auth"):
        made["security"] = []
    return _with(whole.told.get(name, {}), made | whole.body(name))
