"""Errors as problem documents (RFC 9457): what happened, what to do, and whether anything changed."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from innkeeper import messages
from innkeeper.errors import InnkeeperError
from innkeeper.routes import API
from innkeeper.schema.operation import OperationView

__all__ = [
    "EXCEPTION_HANDLERS",
    "MEDIA_TYPE",
    "STATUS",
    "Problem",
    "answer",
    "language_of",
    "of_error",
    "of_operation",
]

MEDIA_TYPE = "application/problem+json"

STATUS = {
    "database.unreachable": HTTPStatus.SERVICE_UNAVAILABLE,
    "request.key_reused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "request.stale": HTTPStatus.PRECONDITION_FAILED,
}
"""code → its own HTTP status, where the class of its error says less"""


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    """`urn:innkeeper:problem:` and the code"""
    status: int
    """the HTTP status once more"""
    code: str
    """stable and dotted, such as `guest.unknown`"""
    title: str
    """one line that says what happened, in the language of `Accept-Language`: English or Chinese"""
    remedy: str
    """one line that says what to do"""
    outcome: str
    """`refused`: nothing changed. `failed`: it began, and `undone` and `left` say what became of what was made.
    `unknown`: nobody answered, ask again. `timeout`: it was done, but the wait for it ran out"""
    facts: dict[str, Any] = {}
    """the values that `title` and `remedy` name"""
    undone: tuple[str, ...] = ()
    """what was taken back"""
    left: tuple[str, ...] = ()
    """what could not be taken back"""
    instance: str | None = None
    """path of the operation that it is about"""


def of_error(error: InnkeeperError, language: str | None) -> Problem:
    return Problem(
        type=f"urn:innkeeper:problem:{error.code}",
        status=STATUS.get(error.code, error.http_status),
        code=error.code,
        title=error.text(language),
        remedy=error.remedy(language),
        outcome=error.outcome,
        facts={name: msgspec.to_builtins(fact, enc_hook=str) for name, fact in error.facts.items()},
        undone=tuple(error.undone),
        left=tuple(error.left),
    )


def of_operation(operation: OperationView, language: str | None) -> Problem:
    """Of one that did not end well."""
    problem = operation.problem
    assert problem is not None
    facts = problem.facts
    return Problem(
        type=f"urn:innkeeper:problem:{problem.code}",
        status=STATUS.get(problem.code, problem.status),
        code=problem.code,
        title=messages.text(problem.code, language, **facts),
        remedy=messages.text(f"{problem.code}.remedy", language, **facts),
        outcome=problem.outcome,
        facts=facts,
        undone=operation.undone,
        left=operation.left,
        instance=f"{API}/operations/{operation.id}",
    )


def answer(problem: Problem, headers: dict[str, str] | None = None) -> Response[bytes]:
    return Response(
        msgspec.json.encode(problem),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", "Vary": "Accept-Language"} | (headers or {}),
    )


def language_of(request: Request[Any, Any, Any]) -> str:
    """`zh` where the client prefers Chinese, else `en` (RFC 9110, Accept-Language)."""
    first = request.headers.get("accept-language", "en").strip().lower()
    return "zh" if first.startswith("zh") else "en"


def _ours(request: Request[Any, Any, Any], error: InnkeeperError) -> Response[bytes]:
    return answer(of_error(error, language_of(request)))


def _http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """What the framework refuses: its own words are for who has no better ones."""
    status, language = error.status_code, language_of(request)
    code = f"http.{status}"
    facts = {"method": request.method, "path": request.url.path[:200], "detail": error.detail}
    known = messages.has(code)
    problem = Problem(
        type=f"urn:innkeeper:problem:{code}",
        status=status,
        code=code,
        title=messages.text(code, language, **facts) if known else error.detail,
        remedy=messages.text(f"{code}.remedy", language, **facts) if known else "",
        outcome="refused" if status < 500 else "failed",
        facts=facts,
    )
    headers = dict(error.headers or {})
    if "allow" in headers:
        headers["allow"] = ", ".join(sorted(headers["allow"].split(", ")))
    return answer(problem, headers)


def _bug(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """An error nobody foresaw: its trace is for the log, not for who asked."""
    logging.getLogger("innkeeper.server").error(
        "unforeseen: %s %s", request.method, request.url.path, exc_info=error
    )
    language, kind = language_of(request), type(error).__name__
    return answer(
        Problem(
            type="urn:innkeeper:problem:server.bug",
            status=500,
            code="server.bug",
            title=messages.text("server.bug", language, kind=kind),
            remedy=messages.text("server.bug.remedy", language),
            outcome="unknown",
            facts={"kind": kind},
        )
    )


EXCEPTION_HANDLERS: dict[Any, Any] = {InnkeeperError: _ours, HTTPException: _http, Exception: _bug}
