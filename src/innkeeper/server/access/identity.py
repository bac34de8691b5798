"""Who asks."""

from __future__ import annotations

from typing import Literal

import msgspec

from innkeeper.schema.token import Role

__all__ = ["Identity"]


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever was recognised: the owner in a browser, or a token's bearer. Accounts will be others of its kind."""

    name: str
    """of the user, or of the token"""
    kind: Literal["owner", "token"]
    role: Role
    token: str | None = None
    """id of the token, which is no secret"""
    session: str | None = None
    """id of the browser's session, which is none either"""
