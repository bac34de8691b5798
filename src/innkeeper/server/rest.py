"""One handler for each verb, all made from the table of routes."""

from __future__ import annotations

from typing import Any

import anyio.to_thread
import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from innkeeper.errors import Invalid
from innkeeper.schema.base import build
from innkeeper.server.keeper import Keeper
from innkeeper.server.routes import API, ROUTES, Route
from innkeeper.verbs import verb

__all__ = ["HANDLERS"]

_DRY_RUN = "dry_run"


def _handler(name: str, route: Route) -> HTTPRouteHandler:
    path = API + route.path
    for field in route.fields:
        path = path.replace(f"{{{field}}}", f"{{{field}:str}}")

    async def perform(request: Request[Any, Any, Any]) -> Response[bytes]:
        asked, dry_run = await _asked(request, name, route)
        keeper: Keeper = request.app.state.keeper
        call = keeper.plan if dry_run else keeper.perform
        return _json(await anyio.to_thread.run_sync(call, name, asked))

    made = HTTPRouteHandler(path, http_method=route.method, status_code=200, name=name)  # type: ignore[arg-type]  # method: one of five words
    return made(perform)


async def _asked(request: Request[Any, Any, Any], name: str, route: Route) -> tuple[Any, bool]:
    """The verb's request, and whether only its plan is wanted."""
    query = dict(request.query_params.items())
    dry_run = query.pop(_DRY_RUN, "") == "true"
    kind = verb(name).request
    if route.has_body:
        fields = _object(await request.body())
    else:
        fields = msgspec.to_builtins(msgspec.convert(query, dict[str, str]))
    fields |= route.fixed | dict(request.path_params)
    if not route.has_body:
        return _from_words(kind, fields), dry_run
    return build(kind, fields), dry_run


def _object(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Invalid("request.invalid", field="body", reason=str(error)) from error


def _from_words(kind: type[Any], fields: dict[str, str]) -> Any:
    """A query has only words: numbers and switches are read from them."""
    try:
        return msgspec.convert(fields, kind, strict=False)
    except msgspec.ValidationError as error:
        reason, _, where = str(error).partition(" - at ")
        raise Invalid("request.invalid", field=where.strip("`$.") or "query", reason=reason) from error


def _json(view: Any) -> Response[bytes]:
    return Response(msgspec.json.encode(view), media_type="application/json")


HANDLERS: list[Any] = [_handler(name, route) for name, route in ROUTES.items()]
