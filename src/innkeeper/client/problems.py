"""A problem document is the error that was raised on the server: same class, code and facts, so that its words are in
the language of whoever reads them here."""

from __future__ import annotations

from typing import Any

import msgspec

from innkeeper import messages
from innkeeper.client.line import Answer
from innkeeper.errors import (
    Busy,
    Conflict,
    Denied,
    Failed,
    InnkeeperError,
    Invalid,
    NotFound,
    OutcomeUnknown,
    Refused,
    Unsupported,
    WaitTimeout,
)

__all__ = ["error_of", "of_answer"]

_KINDS: dict[int, type[InnkeeperError]] = {
    kind.http_status: kind
    for kind in (Invalid, Denied, NotFound, Conflict, Busy, Unsupported, Failed, OutcomeUnknown, WaitTimeout)
}
_BY_OUTCOME = {kind.outcome: kind for kind in (Refused, Failed, OutcomeUnknown, WaitTimeout)}
"""for statuses that are of HTTP alone, such as 412"""
_SIGNED_OUT = 401
_OF_HTTP: dict[int, tuple[type[InnkeeperError], str]] = {
    404: (Unsupported, "client.no_route"),
    405: (Unsupported, "client.no_route"),
    413: (Invalid, "client.too_large"),
    429: (Busy, "client.too_many"),
}
"""What HTTP itself refused, before any verb was asked."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """As the server writes it; what a later one adds is passed over."""

    code: str
    title: str = ""
    remedy: str = ""
    outcome: str = "failed"
    status: int = 500
    facts: dict[str, Any] = {}
    undone: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def of_answer(answer: Answer, url: str) -> InnkeeperError:
    """The error that an answer with a status of 400 and more stands for."""
    try:
        problem = msgspec.json.decode(answer.body, type=Problem)
    except msgspec.DecodeError:  # a proxy's page, or no server of ours
        problem = Problem(code=f"http.{answer.status}", status=answer.status)
    return error_of(problem, url)


def error_of(problem: Problem | dict[str, Any], url: str) -> InnkeeperError:
    """The error of a problem document. One whose code has no words here keeps those of the server."""
    if isinstance(problem, dict):
        problem = msgspec.convert(problem, Problem)
    if problem.status == _SIGNED_OUT:
        error: InnkeeperError = Denied("client.signed_out", url=url)
    elif problem.code.startswith("http."):
        error = _of_http(problem, url)
    else:
        kind = _KINDS.get(problem.status) or _BY_OUTCOME.get(problem.outcome, Failed)
        known = messages.has(problem.code)
        error = kind(problem.code, **problem.facts) if known else _told(kind, problem)
    error.undone += problem.undone
    error.left += problem.left
    return error


def _of_http(problem: Problem, url: str) -> InnkeeperError:
    if problem.status in _OF_HTTP:
        kind, code = _OF_HTTP[problem.status]
        return kind(code, url=url)
    return _told(Refused if problem.status < 500 else OutcomeUnknown, problem)


def _told(kind: type[InnkeeperError], problem: Problem) -> InnkeeperError:
    words = {"text": problem.title or problem.code, "advice": problem.remedy, "status": problem.status}
    return kind("client.told", code=problem.code, **words)
