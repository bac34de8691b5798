"""Verbs that tests tell what to do."""

from __future__ import annotations

import threading
from typing import Annotated

from innkeeper.errors import Conflict, Failed, OutcomeUnknown, WaitTimeout
from innkeeper.host import Host
from innkeeper.operation import Operation
from innkeeper.schema.base import SECRET, Request, View
from innkeeper.verbs import Verb

DONE: list[str] = []
"""What was done, and undone, in order."""
GATE = threading.Event()
"""Until it is set, an operation that was asked to `hold` waits at its second step."""
RUNNING: list[str] = []
"""Those that hold now."""


class Ask(Request, frozen=True, kw_only=True):
    name: str
    hold: bool = False
    refuse: bool = False
    fail: str = ""
    steps: int = 2
    chatter: int = 0
    linger: bool = False
    password: Annotated[str, SECRET] | None = None


class Answer(View, frozen=True, kw_only=True):
    name: str
    said: str


def check(_host: Host, request: Ask) -> None:
    if request.refuse:
        raise Conflict("guest.exists", name=request.name)


def run(_host: Host, request: Ask, operation: Operation) -> Answer:
    for number in range(request.steps):
        operation.undo("test.note", what=f"{request.name} {number}")
        with operation.step("one" if number == 0 else "two"):
            DONE.append(f"{request.name} {number}")
            operation.progress("guest.progress.disk", number / request.steps, name=request.name)
            if number == 1 and request.hold:
                _hold(request.name, operation)
    for number in range(request.chatter):
        operation.progress("guest.progress.disk", name=f"{request.name} {number}")
    if request.linger:
        operation.finish()
        _hold(request.name, operation)
    errors = {"failed": Failed, "unknown": OutcomeUnknown, "timeout": WaitTimeout}
    if request.fail == "timeout":
        operation.finish()
    if request.fail in errors:
        raise errors[request.fail]("libvirt.failed", name=request.name, detail=str(request.password), code=1)
    if request.fail:
        raise ZeroDivisionError(request.fail)
    return Answer(name=request.name, said=f"the password is {request.password}")


def _hold(name: str, operation: Operation) -> None:
    RUNNING.append(name)
    try:
        while not GATE.wait(0.02):
            operation.check_cancel()
    finally:
        RUNNING.remove(name)


def note(_host: Host, what: str) -> None:
    DONE.append(f"undo {what}")


VERBS = {"test.deed": Verb("test.deed", Ask, Answer, check, run, steps=("one", "two"))}
