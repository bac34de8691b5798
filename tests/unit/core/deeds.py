"""Undo functions that say what they were asked, for tests of operations."""

from __future__ import annotations

from innkeeper.errors import Failed, OutcomeUnknown
from innkeeper.host import Host
from innkeeper.operation import Operation

NOTED: list[str] = []
LOST: list[int] = [0]
"""how often `lose` still finds libvirtd away"""


def note(_host: Host, what: str) -> None:
    NOTED.append(what)


def refuse(_host: Host, what: str) -> None:
    raise Failed("libvirt.failed", name=what, detail="the disk is in use", code=0)


def crash(_host: Host, what: str) -> None:
    raise ZeroDivisionError(what)


def lose(_host: Host, what: str) -> None:
    if LOST[0]:
        LOST[0] -= 1
        raise OutcomeUnknown("libvirt.lost", name=what, detail="broken pipe")
    NOTED.append(what)


def three_steps(operation: Operation) -> None:
    """A verb's `run` as it should be: each deed is announced before it is done."""
    for name in ("one", "two", "three"):
        operation.undo("test.note", what=name)
        with operation.step(name):
            operation.progress("guest.progress.disk", 0.5, name=name)
