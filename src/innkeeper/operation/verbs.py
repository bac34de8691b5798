"""The verbs on operations: list, show, clean, cancel, retry."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from innkeeper.errors import Conflict, Denied, Unsupported, WaitTimeout
from innkeeper.operation import journal, recovery
from innkeeper.schema.operation import (
    OperationCancel,
    OperationClean,
    OperationList,
    OperationRetry,
    OperationShow,
    OperationView,
)
from innkeeper.verbs import Verb

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation.running import Operation

__all__ = ["VERBS"]


def _view(entry: journal.Entry) -> OperationView:
    return OperationView(
        id=entry.id,
        verb=entry.verb,
        target=entry.target,
        uri=entry.uri,
        state="running" if entry.alive else "interrupted",
        step=entry.steps[-1] if entry.steps else None,
        began=entry.began,
        pid=entry.owner.pid,
        kept=entry.kept,
        undo=tuple(f"{action} {' '.join(map(str, args.values()))}" for action, args in reversed(entry.undo)),
    )


def _no_check(_host: Host, _request: object) -> None:
    """Looking is always allowed."""


def _list(_host: Host, _request: OperationList, _operation: Operation) -> list[OperationView]:
    return [_view(entry) for entry in recovery.list_operations()]


def _check_show(_host: Host, request: OperationShow) -> None:
    recovery.find(request.id)


def _show(_host: Host, request: OperationShow, _operation: Operation) -> OperationView:
    return _view(recovery.find(request.id))


def _check_clean(_host: Host, request: OperationClean) -> None:
    if request.id:
        recovery.refuse_alive(recovery.find(request.id))


def _clean(host: Host, request: OperationClean, _operation: Operation) -> list[OperationView]:
    """Cleans on the host each operation was about, which need not be this one."""
    from innkeeper.host import connect

    entries = [recovery.find(request.id)] if request.id else recovery.dead_entries()
    for entry in entries:
        if entry.uri == host.uri:
            recovery.clean(host, entry)
        else:
            with connect(entry.uri) as other:
                recovery.clean(other, entry)
    return [_view(entry) for entry in entries]


_UNDOING = 120.0
"""Seconds in which an operation that was asked to stop undoes what it did."""


def _check_cancel(_host: Host, request: OperationCancel) -> journal.Entry:
    """A signal ends the whole process: it has to be one that does nothing else."""
    entry = recovery.find(request.id)
    if not entry.alive:
        raise Conflict("operation.dead", id=entry.id)
    if os.geteuid() not in (0, entry.owner.user):
        raise Denied("operation.of_another", id=entry.id, pid=entry.owner.pid)
    if not entry.owner.is_command:
        raise Unsupported("operation.of_server", id=entry.id, pid=entry.owner.pid)
    return entry


def _cancel(_host: Host, _request: OperationCancel, operation: Operation) -> OperationView:
    """It undoes what it did, as after ^C."""
    entry: journal.Entry = operation.decided
    with suppress(ProcessLookupError):
        os.kill(entry.owner.pid, signal.SIGTERM)
    deadline = time.monotonic() + _UNDOING
    while (there := recovery.own(entry.id)) is not None and there.alive:
        if time.monotonic() > deadline:
            raise WaitTimeout("operation.undoing", id=entry.id)
        time.sleep(0.05)
    return msgspec.structs.replace(_view(there or entry), state="interrupted" if there else "cancelled")


def _check_retry(_host: Host, request: OperationRetry) -> None:
    """What was asked is in no journal."""
    raise Unsupported("operation.only_server", id=request.id)


def _retry(_host: Host, request: OperationRetry, _operation: Operation) -> OperationView:
    raise Unsupported("operation.only_server", id=request.id)


VERBS = {
    "operation.cancel": Verb(
        "operation.cancel", OperationCancel, OperationView, _check_cancel, _cancel, target=lambda r: r.id
    ),
    "operation.retry": Verb(
        "operation.retry", OperationRetry, OperationView, _check_retry, _retry, target=lambda r: r.id
    ),
    "operation.list": Verb("operation.list", OperationList, list[OperationView], _no_check, _list),
    "operation.show": Verb("operation.show", OperationShow, OperationView, _check_show, _show),
    "operation.clean": Verb("operation.clean", OperationClean, list[OperationView], _check_clean, _clean),
}
