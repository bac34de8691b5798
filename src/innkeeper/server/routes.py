"""The table of routes, which the client reads too: `innkeeper.routes`."""

from innkeeper.routes import API, OWN_HANDLERS, ROUTES, Route

__all__ = ["API", "OWN_HANDLERS", "ROUTES", "Route"]
