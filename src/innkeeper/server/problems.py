"""Errors as problem documents (RFC 9457): what happened, what to do, and whether anything changed."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from innkeeper.errors import InnkeeperError

__all__ = ["EXCEPTION_HANDLERS", "Problem", "of_error"]

MEDIA_TYPE = "application/problem+json"


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`code` is stable; `facts` are the values that `title` and `remedy` name. `outcome`: `refused` (nothing changed),
    `failed` (`undone` and `left` say what became of what was made), `unknown` or `timeout`."""

    status: int
    code: str
    title: str
    remedy: str
    outcome: str
    facts: dict[str, Any] = {}
    undone: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def of_error(error: InnkeeperError, language: str | None) -> Problem:
    return Problem(
        status=error.http_status,
        code=error.code,
        title=error.text(language),
        remedy=error.remedy(language),
        outcome=error.outcome,
        facts={name: msgspec.to_builtins(fact, enc_hook=str) for name, fact in error.facts.items()},
        undone=tuple(error.undone),
        left=tuple(error.left),
    )


def answer(problem: Problem) -> Response[bytes]:
    return Response(msgspec.json.encode(problem), status_code=problem.status, media_type=MEDIA_TYPE)


def language_of(request: Request[Any, Any, Any]) -> str:
    """`zh` where the client prefers Chinese, else `en` (RFC 9110, Accept-Language)."""
    first = request.headers.get("accept-language", "en").strip().lower()
    return "zh" if first.startswith("zh") else "en"


def _ours(request: Request[Any, Any, Any], error: InnkeeperError) -> Response[bytes]:
    return answer(of_error(error, language_of(request)))


def _http(_request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    refused = error.status_code < 500
    return answer(
        Problem(
            status=error.status_code,
            code=f"http.{error.status_code}",
            title=error.detail,
            remedy="",
            outcome="refused" if refused else "failed",
        )
    )


def _bug(_request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """An error nobody foresaw: its trace is for the log, not for who asked."""
    logging.getLogger("innkeeper.server").error("unforeseen", exc_info=error)
    return answer(
        Problem(status=500, code="server.bug", title=type(error).__name__, remedy="", outcome="unknown")
    )


EXCEPTION_HANDLERS: dict[Any, Any] = {InnkeeperError: _ours, HTTPException: _http, Exception: _bug}
