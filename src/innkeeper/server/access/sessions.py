"""Signing in by a one-time link, who one is, and signing out."""

from __future__ import annotations

from typing import Any

import anyio.to_thread
import msgspec
from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie

from innkeeper.errors import Denied, Invalid
from innkeeper.schema.base import View
from innkeeper.schema.token import Role
from innkeeper.server.access.guard import Access, client, cookie_name, too_often
from innkeeper.server.access.identity import Identity
from innkeeper.token import words

__all__ = ["HANDLERS", "OPENAPI"]

_LONGEST = 4096
"""Bytes of a request to sign in."""


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`link` is what stands behind `#link=` in the link that `inn serve` and `inn token link` print."""

    link: str


class Who(View, frozen=True, kw_only=True):
    """Who asks, and what they may."""

    name: str
    kind: str
    role: Role
    csrf: str | None = None
    """of a browser's session: what a changing request has to say in the header `X-CSRF-Token`"""


class SessionView(View, frozen=True, kw_only=True):
    """A browser that was let in."""

    id: str
    user: str
    address: str
    agent: str
    """what the browser calls itself"""
    created: float
    seen: float
    current: bool
    """it is the one that asks"""


def _who(identity: Identity, session: str | None) -> bytes:
    csrf = words.cross_site(session) if session else None
    return msgspec.json.encode(Who(name=identity.name, kind=identity.kind, role=identity.role, csrf=csrf))


def _answer(content: bytes, status: int = 200) -> Response[bytes]:
    return Response(content, status_code=status, media_type="application/json")


def _cookie(request: Request[Any, Any, Any], value: str) -> Cookie:
    """It ends with the browser; how long it is good for is in the database."""
    secure = request.app.state.access.tls
    gone = None if value else 0
    name = cookie_name(request)
    return Cookie(
        key=name, value=value, path="/", httponly=True, samesite="strict", secure=secure, max_age=gone
    )


@post("/api/v1/session", name="access.sign_in", exclude_from_auth=True, tags=["session"], status_code=200)
async def sign_in(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Exchange a one-time link for a session: its cookie, and the word against foreign pages."""
    access: Access = request.app.state.access
    where = client(request)
    wait = access.failures.wait(where)
    if wait:
        raise too_often(request, wait)
    body = await request.body()
    try:
        if len(body) > _LONGEST:
            raise Invalid("request.invalid", field="body", reason=f"longer than {_LONGEST} bytes")
        asked = msgspec.json.decode(body, type=SignIn)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid("request.invalid", field="link", reason=str(error)) from error
    agent = request.headers.get("user-agent", "")
    word = await anyio.to_thread.run_sync(access.records.use_link, asked.link, where, agent)
    identity = await access.recognise(word) if word else None
    if word is None or identity is None:
        access.failures.take(where)
        refused = Denied("caller.link")
        refused.http_status = 401
        raise refused
    answer = _answer(_who(identity, word))
    answer.cookies.append(_cookie(request, word))  # always a fresh one: nobody can have set it before
    return answer


@get("/api/v1/session", name="access.whoami", tags=["session"])
async def whoami(request: Request[Identity, Any, Any]) -> Response[bytes]:
    """Who I am, and what I may."""
    return _answer(_who(request.user, request.auth))


@delete("/api/v1/session", name="access.sign_out", tags=["session"], status_code=204)
async def sign_out(request: Request[Identity, Any, Any]) -> Response[None]:
    """This browser's session ends. A token is not ended by this."""
    access: Access = request.app.state.access
    if request.user.session:
        await anyio.to_thread.run_sync(access.records.end_session, request.user.session)
        access.forget()
    answer = Response(None, status_code=204)
    answer.cookies.append(_cookie(request, ""))
    return answer


@get("/api/v1/sessions", name="access.sessions", tags=["session"])
async def sessions(request: Request[Identity, Any, Any]) -> Response[bytes]:
    """All browsers that are let in now."""
    access: Access = request.app.state.access
    mine = request.user.session
    found = await anyio.to_thread.run_sync(access.records.sessions)
    views = [
        SessionView(
            id=one.id,
            user=one.user,
            address=one.address,
            agent=one.agent,
            created=one.created,
            seen=one.seen,
            current=one.id == mine,
        )
        for one in found
    ]
    return _answer(msgspec.json.encode(views))


@delete("/api/v1/sessions/{id:str}", name="access.end_session", tags=["session"], status_code=204)
async def end_session(request: Request[Identity, Any, Any], id: str) -> None:
    """A browser is let in no more."""
    access: Access = request.app.state.access
    await anyio.to_thread.run_sync(access.records.end_session, id)
    access.forget()


HANDLERS: list[Any] = [sign_in, whoami, sign_out, sessions, end_session]
OPENAPI: dict[str, Any] = {
    "access.sign_in": {"request": SignIn, "response": Who},
    "access.whoami": {"response": Who},
    "access.sessions": {"response": list[SessionView]},
}
"""handler's name → what the description of the API says of it"""
