"""The verbs on operations: list, show, clean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.operation import journal, recovery
from innkeeper.schema.operation import OperationClean, OperationList, OperationShow, OperationView
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


VERBS = {
    "operation.list": Verb("operation.list", OperationList, list[OperationView], _no_check, _list),
    "operation.show": Verb("operation.show", OperationShow, OperationView, _check_show, _show),
    "operation.clean": Verb("operation.clean", OperationClean, list[OperationView], _check_clean, _clean),
}
