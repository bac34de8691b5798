"""The fixed list of what the web side may ask of the keeper, and what asks there."""

from __future__ import annotations

from functools import partial
from typing import Any

from innkeeper.server.wire import Caller

__all__ = ["CALLS", "Remote"]

CALLS = (
    "cancel",
    "commands.open",
    "consoles.open",
    "consoles.plan",
    "consoles.reserve",
    "contents.look",
    "contents.read",
    "counted",
    "link",
    "log",
    "look",
    "measured",
    "operation",
    "page",
    "perform",
    "plan",
    "ready",
    "records.end_session",
    "records.session",
    "records.sessions",
    "records.token",
    "records.use_link",
    "results.open",
    "results.remove",
    "retry",
    "samples",
    "states",
    "submit",
    "uploads.begin",
    "uploads.create",
    "uploads.end",
    "uploads.give_up",
    "uploads.remove",
    "uploads.show",
    "viewed",
)
"""methods of `Keeper`, and of its parts"""
_PARTS = {name.partition(".")[0] for name in CALLS if "." in name}


class Remote:
    """The keeper as the web side has it: each method of the list is a call. What is not on the list is not there."""

    def __init__(self, caller: Caller, part: str = "") -> None:
        self._caller, self._part = caller, part

    def __getattr__(self, name: str) -> Any:
        path = f"{self._part}{name}"
        if path in CALLS:
            return partial(self._caller.call, path)
        if path in _PARTS:
            return Remote(self._caller, f"{path}.")
        raise AttributeError(path)
