"""Requests and views of operations."""

from __future__ import annotations

from innkeeper.schema.base import Request, View

__all__ = ["OperationClean", "OperationList", "OperationShow", "OperationView"]


class OperationList(Request, frozen=True, kw_only=True):
    pass


class OperationShow(Request, frozen=True, kw_only=True):
    id: str


class OperationClean(Request, frozen=True, kw_only=True):
    """Undo what dead operations left: the one of that id, or all of them."""

    id: str | None = None


class OperationView(View, frozen=True, kw_only=True):
    id: str
    verb: str
    target: str
    uri: str
    state: str
    """`running`, or `interrupted` when its process is gone"""
    step: str | None
    began: float
    pid: int
    undo: tuple[str, ...]
    """what cleaning would undo, last deed first"""
    kept: bool = False
    """it was cleaned up without undoing: what it made is in use by now"""
