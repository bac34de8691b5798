"""Operations over REST: those of the server, and those of the command line as its journal has them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import anyio.to_thread
import msgspec
from litestar import Request, Response, get, post

from innkeeper.errors import Invalid
from innkeeper.schema.operation import ENDED, LogLine, OperationView
from innkeeper.server.asking import accepted
from innkeeper.server.events import Hub
from innkeeper.server.keeper import Keeper
from innkeeper.server.routes import API

__all__ = ["HANDLERS", "LONGEST_WAIT", "OPENAPI", "ended"]

LONGEST_WAIT = 600.0
"""Seconds: longer waits are cut to it, as RFC 7240 allows."""
_LOOK = 5.0
"""Seconds between two looks without news: another server on the same database may be at it."""

Http = Request[Any, Any, Any]
T = TypeVar("T")


async def ended(http: Http, id: str, seconds: float) -> OperationView:
    """The operation when it is over, or after that time. Nobody's thread waits meanwhile."""
    keeper: Keeper = http.app.state.keeper

    def look() -> OperationView | None:
        view = keeper.operation(id)
        return view if view.state in ENDED else None

    found = await _news(http.app.state.hub, id, seconds, look)
    return found if found is not None else await anyio.to_thread.run_sync(keeper.operation, id)


async def _news(hub: Hub, id: str, seconds: float, look: Callable[[], T | None]) -> T | None:
    """What `look` finds, asked at once and again whenever the hub tells of that operation; None after that time."""
    loop, fresh = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        with suppress(RuntimeError):  # its event loop is closed: nobody is there to be told
            loop.call_soon_threadsafe(fresh.set)

    deadline = time.monotonic() + seconds
    listener = hub.listen(("operation",), wake=wake)
    try:
        while True:
            found = await anyio.to_thread.run_sync(look)
            looked = time.monotonic()
            while found is None and not hub.closed:
                left = min(deadline, looked + _LOOK) - time.monotonic()
                if left <= 0:
                    break
                with suppress(TimeoutError):
                    await asyncio.wait_for(fresh.wait(), left)
                fresh.clear()
                if any(event.id in (id, "") for event in listener.take()):
                    break
            if found is not None or hub.closed or time.monotonic() >= deadline:
                return found
    finally:
        listener.close()


def _json(view: Any, headers: dict[str, str] | None = None, status: int = 200) -> Response[bytes]:
    said = {"Cache-Control": "no-store"} | (headers or {})
    body = msgspec.json.encode(view)
    return Response(body, status_code=status, headers=said, media_type="application/json")


def _number(http: Http, name: str, most: float) -> float:
    said = http.query_params.get(name, "0")
    try:
        number = msgspec.convert(said, float, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid("request.invalid", field=name, reason=str(error)) from error
    if not 0 <= number <= most:
        raise Invalid("request.number", what=name, value=repr(said[:40]), least=0, most=int(most))
    return number


def _known(http: Http, *names: str) -> None:
    for name in http.query_params:
        if name not in names:
            raise Invalid("request.parameter", field=name, choices=", ".join(names) or "-")


@get(f"{API}/operations/{{id:str}}/log", name="operation.log", opt={"role": "viewer"}, tags=["operations"])
async def log(request: Http, id: str) -> Response[bytes]:
    """What an operation of the server said while it ran.

    Lines behind the number `after`, a thousand at most. With `wait` it is answered when there is one, when the
    operation is over, or after that many seconds.
    """
    accepted(request)
    _known(request, "after", "wait")
    after, seconds = int(_number(request, "after", 2**53)), _number(request, "wait", LONGEST_WAIT)
    keeper: Keeper = request.app.state.keeper
    whole = (await anyio.to_thread.run_sync(keeper.operation, id)).id

    def look() -> list[LogLine] | None:
        lines = keeper.log(whole, after)
        return lines if lines or keeper.operation(whole).state in ENDED else None

    return _json(await _news(request.app.state.hub, whole, seconds, look) or [])


@post(
    f"{API}/operations/{{id:str}}/cancel",
    name="operation.cancel",
    opt={"role": "operator"},
    tags=["operations"],
    status_code=200,
)
async def cancel(request: Http, id: str) -> Response[bytes]:
    """Ask an operation of the server to stop: what it did is undone."""
    accepted(request)
    _known(request)
    keeper: Keeper = request.app.state.keeper
    return _json(await anyio.to_thread.run_sync(keeper.cancel, id, request.user.name))


@post(f"{API}/operations/{{id:str}}/retry", name="operation.retry", tags=["operations"], status_code=202)
async def retry(request: Http, id: str) -> Response[bytes]:
    """Do again what an operation of the server was asked and that did not end well, as another operation."""
    accepted(request)
    _known(request)
    keeper: Keeper = request.app.state.keeper
    made = await anyio.to_thread.run_sync(keeper.retry, id, request.user.name)
    return _json(made, {"Location": f"{API}/operations/{made.id}"}, 202)


HANDLERS: list[Any] = [log, cancel, retry]

OPENAPI: dict[str, Any] = {
    "operation.cancel": {"response": OperationView},
    "operation.log": {
        "response": list[LogLine],
        "parameters": [
            {
                "name": "after",
                "in": "query",
                "description": "number of the last line that is known",
                "schema": {"type": "integer", "minimum": 0, "maximum": 2**53},
            },
            {
                "name": "wait",
                "in": "query",
                "description": "seconds to wait for a line",
                "schema": {"type": "number", "minimum": 0, "maximum": LONGEST_WAIT},
            },
        ],
    },
    "operation.retry": {"response": OperationView},
}
"""handler's name → what the document says of it"""
