"""Nobody passes unrecognised."""

from __future__ import annotations

import hmac
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from innkeeper.server.access.identity import Identity

__all__ = ["Guard"]

_OWNER = Identity(name="owner", kind="owner", role="admin")


class Guard(AbstractAuthenticationMiddleware):
    """Bearer of the token that the server was started with."""

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        kind, _, token = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not hmac.compare_digest(
            token.encode(), connection.app.state.token.encode()
        ):
            raise NotAuthorizedException("no token, or one that is not known here")
        return AuthenticationResult(user=_OWNER, auth=token)
