"""Requests and views of tokens and links. Times are Unix seconds."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from innkeeper.schema.base import Request, View

__all__ = [
    "LinkView",
    "Role",
    "TokenCreate",
    "TokenLink",
    "TokenList",
    "TokenMade",
    "TokenRemove",
    "TokenView",
]

Role = Literal["viewer", "operator", "admin"]
"""Each may what those before it may: look; start, stop and use guests; everything."""


class TokenCreate(Request, frozen=True, kw_only=True):
    """A new token, by which a program calls the server."""

    name: str
    role: Role
    days: Annotated[int, Meta(ge=1, le=36500)] = 90
    """until it expires"""
    forever: bool = False
    """it never does"""


class TokenList(Request, frozen=True, kw_only=True):
    pass


class TokenRemove(Request, frozen=True, kw_only=True):
    """It is known no more, from the next moment."""

    name: str


class TokenLink(Request, frozen=True, kw_only=True):
    """A new link that lets the owner's browser in, once, within ten minutes."""


class TokenView(View, frozen=True, kw_only=True):
    """What is known of a token; the token itself is not."""

    id: str
    name: str
    role: Role
    created: float
    expires: float | None
    used: float | None
    """when it was last used, to the minute"""


class TokenMade(TokenView, frozen=True, kw_only=True):
    """A token, told this one time."""

    token: str


class LinkView(View, frozen=True, kw_only=True):
    url: str
    expires: float
