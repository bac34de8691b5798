"""How an operation of the server ended, as its record says it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from innkeeper.errors import Busy, Failed, InnkeeperError, OutcomeUnknown, Refused, WaitTimeout
from innkeeper.operation import recovery
from innkeeper.schema.guest import GuestView
from innkeeper.verbs import verb

if TYPE_CHECKING:
    from innkeeper.durable.performing import Lender
    from innkeeper.host import Host

__all__ = ["Outcome", "finished", "fulfilled", "of_error", "undone_instead"]

FULFILLED = {
    "guest.restore": "guest.not_saved",
    "guest.resume": "guest.not_suspended",
    "guest.save": "guest.saved_already",
    "guest.start": "guest.running_already",
    "guest.stop": "guest.not_running",
    "guest.suspend": "guest.suspended_already",
}
"""verb → the code of the refusal by which its second run learns that the first one did it. These are one deed of
libvirt's each, with nothing to undo."""
_PATIENCE = 20.0
"""Seconds in which a lock may become free that somebody else holds."""


class Outcome(NamedTuple):
    state: str
    result: Any = None
    problem: dict[str, Any] | None = None
    undone: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    recovered: str | None = None

    def values(self) -> dict[str, Any]:
        """Columns of the record."""
        return {name: value for name, value in self._asdict().items() if name != "state"}


def fulfilled(name: str, error: BaseException) -> bool:
    """Whether the verb is refused because what it asks is so."""
    return isinstance(error, InnkeeperError) and FULFILLED.get(name) == error.code


def of_error(error: Exception, hosts: Lender, row: dict[str, Any]) -> Outcome:
    if not isinstance(error, InnkeeperError):
        problem = {
            "code": "server.bug",
            "facts": {"kind": type(error).__name__},
            "outcome": "failed",
            "status": 500,
        }
        return Outcome("failed", problem=problem)
    result = _look(hosts, row) if isinstance(error, WaitTimeout) else None
    return Outcome(_state(error), result, _problem(error), tuple(error.undone), tuple(error.left))


def _problem(error: InnkeeperError) -> dict[str, Any]:
    facts = dict(error.facts)
    return {"code": error.code, "facts": facts, "outcome": error.outcome, "status": error.http_status}


def _state(error: InnkeeperError) -> str:
    if error.code in ("operation.cancelled", "operation.interrupted"):
        return error.code.partition(".")[2]
    if isinstance(error, WaitTimeout):
        return "timeout"
    if isinstance(error, OutcomeUnknown):
        return "unknown"
    return "refused" if isinstance(error, Refused) else "failed"


def finished(hosts: Lender, row: dict[str, Any]) -> Outcome:
    """It was done when the server was killed; what it answered is looked up."""
    return Outcome("done", result=_look(hosts, row), recovered="finished")


def _look(hosts: Lender, row: dict[str, Any]) -> Any:
    """The guest it was about, as it is now; None for whatever else."""
    if verb(row["verb"]).view is not GuestView:
        return None
    name = row["request"].get("new_name") or row["target"].partition("@")[0]  # of a backup, the guest's name
    try:
        with hosts.borrow() as host:
            return verb("guest.show")(host, name=name)
    except InnkeeperError:
        return None


def undone_instead(host: Host, operation_id: str, reason: InnkeeperError) -> Outcome:
    """It is not done again: what its dead run left is undone, or ended where it only goes forward."""
    entry = recovery.own(operation_id)
    undone: list[str] = []
    if entry is not None:
        try:
            undone = _cleaned(host, entry)
        except InnkeeperError as error:
            reason.left += error.left or [str(error)]
            undone = error.undone
        else:
            if entry.answer is not None:
                return Outcome("done", result=entry.answer, recovered="finished")
    reason.undone += undone
    if reason.left and isinstance(reason, Refused):
        reason = Failed("operation.left", id=operation_id, what="; ".join(reason.left))
    return Outcome(_state(reason), None, _problem(reason), tuple(reason.undone), tuple(reason.left), "undone")


def _cleaned(host: Host, entry: recovery.Entry) -> list[str]:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return recovery.clean(host, entry)
        except Busy:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
