"""The application: handlers, who may call them, and the keeper behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.middleware import DefineMiddleware

from innkeeper.server import (
    commands,
    consoles,
    downloads,
    events,
    live,
    metrics,
    operations,
    pages,
    rest,
    results,
    uploads,
)
from innkeeper.server.access import sessions
from innkeeper.server.access.guard import Access, Guard
from innkeeper.server.problems import EXCEPTION_HANDLERS

if TYPE_CHECKING:
    from innkeeper.server.keeper import Keeper

__all__ = ["MODULES", "make"]

MODULES: tuple[Any, ...] = (
    sessions, rest, operations, commands, consoles, uploads, downloads, results, events, live, metrics, pages,
)  # fmt: skip
"""What has `HANDLERS`, and may tell more of them in `OPENAPI` (see `openapi`)."""


def make(keeper: Keeper, access: Access, hub: events.Hub) -> Litestar:
    """The ASGI application over that keeper."""
    handlers: list[Any] = [handler for module in MODULES for handler in module.HANDLERS]
    app = Litestar(
        route_handlers=[*_options(handlers), *handlers],
        exception_handlers=EXCEPTION_HANDLERS,
        middleware=[DefineMiddleware(metrics.Counting), DefineMiddleware(Guard)],
        openapi_config=None,
        logging_config=None,
    )
    app.state.keeper, app.state.access, app.state.hub = keeper, access, hub
    app.state.modules, app.state.metrics = MODULES, metrics.Metrics(keeper, hub)
    return app


def _options(handlers: list[Any]) -> list[HTTPRouteHandler]:
    """What answers OPTIONS, path by path. Litestar's own tells the methods of one handler of a path only."""
    methods: dict[str, set[str]] = {}
    for handler in handlers:
        if isinstance(handler, HTTPRouteHandler):
            for path in handler.paths:
                methods.setdefault(path, {"OPTIONS"}).update(map(str, handler.http_methods))
    return [_telling(path, ", ".join(sorted(found))) for path, found in methods.items()]


def _telling(path: str, allow: str) -> HTTPRouteHandler:
    async def options() -> Response[None]:
        return Response(None, status_code=204, headers={"Allow": allow})

    made = HTTPRouteHandler(path, http_method="OPTIONS", status_code=204, opt={"role": "viewer"})
    return made(options)
