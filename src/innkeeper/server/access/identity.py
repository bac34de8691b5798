"""Who asks."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["Identity"]


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever was recognised: the owner in a browser, or a token's bearer."""

    name: str
    kind: Literal["owner", "token"]
    role: Literal["viewer", "operator", "admin"]
    token: str | None = None
    """id of the token, which is no secret"""
