"""The table of routes, which the client reads too: `innkeeper.routes`."""

from innkeeper.routes import API, ROUTES, Route

__all__ = ["API", "ROUTES", "Route"]
