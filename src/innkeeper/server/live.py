"""What is always known: whether the host answers, and what was measured lately."""

from __future__ import annotations

from typing import Any

import anyio.to_thread
import msgspec
from litestar import Request, Response, get

from innkeeper.errors import Invalid
from innkeeper.schema.live import Link, Samples, Span
from innkeeper.server.keeper import Keeper

__all__ = ["HANDLERS", "OPENAPI"]

_SPAN = {
    "name": "span",
    "in": "query",
    "required": False,
    "description": "the last hour in steps of 30 seconds, the last day in steps of five minutes, or the last five "
    "minutes in steps of five seconds: these are measured while somebody asks, and else told as the hour's are",
    "schema": {"type": "string", "enum": ["minutes", "hour", "day"], "default": "hour"},
}
OPENAPI: dict[str, dict[str, Any]] = {
    "samples": {"response": Samples, "parameters": [_SPAN]},
    "host.samples": {"response": Samples, "parameters": [_SPAN]},
    "host.link": {"response": Link},
}


@get("/api/v1/guests/{name:str}/samples", name="samples", tags=["guests"], role="viewer")
async def samples(request: Request[Any, Any, Any]) -> Response[bytes]:
    """What a guest took lately: processor, memory, disks, network, step by step."""
    keeper: Keeper = request.app.state.keeper
    name = request.path_params["name"]
    return _json(await anyio.to_thread.run_sync(keeper.samples, name, _span(request)))


@get("/api/v1/hosts/local/samples", name="host.samples", tags=["hosts"], role="viewer")
async def host_samples(request: Request[Any, Any, Any]) -> Response[bytes]:
    """What the host took lately; disks and network are those of all its guests together."""
    keeper: Keeper = request.app.state.keeper
    return _json(await anyio.to_thread.run_sync(keeper.samples, None, _span(request)))


@get("/api/v1/hosts/local/link", name="host.link", tags=["hosts"], role="viewer")
async def link(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Whether libvirt on the host answers, and since when. While it does not, lists show what was last known."""
    keeper: Keeper = request.app.state.keeper
    return _json(await anyio.to_thread.run_sync(keeper.link))


def _span(request: Request[Any, Any, Any]) -> Span:
    for word in request.query_params:
        if word != "span":
            raise Invalid("request.parameter", field=word, choices="span")
    said = request.query_params.getall("span", ["hour"])
    try:
        span: Span = msgspec.convert(said[-1], Span)
    except msgspec.ValidationError as error:
        raise Invalid("request.invalid", field="span", reason=str(error)) from error
    return span


def _json(view: Any) -> Response[bytes]:
    return Response(
        msgspec.json.encode(view), media_type="application/json", headers={"Cache-Control": "no-store"}
    )


HANDLERS: list[Any] = [samples, host_samples, link]
