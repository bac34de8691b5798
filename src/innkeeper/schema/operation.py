"""Requests and views of operations. Times are Unix seconds."""

from __future__ import annotations

from typing import Any

from innkeeper.schema.base import Request, View

__all__ = [
    "ENDED",
    "LogLine",
    "OperationCancel",
    "OperationClean",
    "OperationList",
    "OperationProblem",
    "OperationRetry",
    "OperationShow",
    "OperationView",
]

ENDED = frozenset({"done", "failed", "refused", "cancelled", "timeout", "interrupted", "unknown"})
"""States of an operation of the server that is over."""


class OperationList(Request, frozen=True, kw_only=True):
    pass


class OperationShow(Request, frozen=True, kw_only=True):
    id: str


class OperationClean(Request, frozen=True, kw_only=True):
    """Undo what dead operations left: the one of that id, or all of them."""

    id: str | None = None


class OperationCancel(Request, frozen=True, kw_only=True):
    """Ask a running operation to stop; what it did is undone."""

    id: str


class OperationRetry(Request, frozen=True, kw_only=True):
    """Do again what an operation of the server was asked, as another operation."""

    id: str


class OperationProblem(View, frozen=True, kw_only=True):
    """Why an operation did not end well: what an error of ours says, as data."""

    code: str
    facts: dict[str, Any]
    outcome: str
    """`refused`, `failed`, `unknown` or `timeout`"""
    status: int
    """as HTTP has it"""


class LogLine(View, frozen=True, kw_only=True):
    """Something that was said while an operation ran: a text's id with its facts."""

    number: int
    at: float
    text: str
    facts: dict[str, Any]


class OperationView(View, frozen=True, kw_only=True):
    """Of the journal: what runs on this computer, or was left unfinished. Of a server: all that it was asked to do."""

    id: str
    verb: str
    target: str
    uri: str
    state: str
    """of the journal `running`, or `interrupted` when its process is gone; of a server `queued`, `running`, `done`,
    `failed`, `refused`, `cancelled`, `timeout` (done, but what was waited for did not come), `unknown` (the host
    stopped answering), `interrupted` (the server was, and it could not go on)"""
    step: str | None
    began: float | None
    pid: int | None = None
    undo: tuple[str, ...] = ()
    """what cleaning would undo, last deed first"""
    kept: bool = False
    """it was cleaned up without undoing: what it made is in use by now"""
    who: str | None = None
    """who asked for it; this and all that follows is known of a server's operations alone"""
    requested: float | None = None
    ended: float | None = None
    fraction: float | None = None
    """how much of what `text` says is done, 0 to 1"""
    text: str | None = None
    """what it said last: a text's id"""
    facts: dict[str, Any] = {}
    result: Any = None
    """what the verb answered"""
    problem: OperationProblem | None = None
    undone: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    """what could not be undone"""
    recovered: str | None = None
    """what became of it when the server was interrupted: `undone`, `repeated` (undone, and done again) or `finished`"""
    attempts: int = 0
    cancelled_by: str | None = None
    retry_of: str | None = None
