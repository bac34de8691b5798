"""A guest's file systems, frozen for the moment at which its disks are copied.

Whatever happens to us they go on: a mark says on the host that they are frozen until they no longer are, the undo of an
operation lets them go, and a deputy (machine/deputy.py) does at once when this process is killed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from innkeeper.errors import Failed, InnkeeperError, OutcomeUnknown
from innkeeper.guest.within.agent import ask_commands
from innkeeper.machine.deputy import Deputy
from innkeeper.schema.kept import Note
from innkeeper.virt import thawing
from innkeeper.virt.agent import Agent

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.machine import Machine
    from innkeeper.operation import Operation
    from innkeeper.virt.domains import Domain

__all__ = ["Frozen", "can_freeze", "frozen", "undo_freeze"]

_NEEDED = frozenset({"guest-fsfreeze-freeze", "guest-fsfreeze-thaw"})
_LONGEST = 30
"""Seconds that a guest has to write out what it holds. Less than the deputy's patience (virt/thawing.py)."""
_PATIENCE = 30.0
"""Seconds for which the agent is asked again to let them go on."""


class Frozen:
    """What came of it: `count` of the file systems that were frozen, 0 when none was, and then why not."""

    def __init__(self, count: int = 0, note: Note | None = None) -> None:
        self.count = count
        self.note = note


def can_freeze(domain: Domain) -> Note | None:
    """None when its agent answers and can freeze file systems, else why not."""
    if domain.state != "running":
        return Note(text="backup.note.not_frozen_state")
    try:
        offered = ask_commands(Agent(domain).call, domain.name)
    except InnkeeperError:
        return Note(text="backup.note.not_frozen_silent")
    if not offered >= _NEEDED:
        return Note(text="backup.note.not_frozen_refused")
    return None


@contextmanager
def frozen(host: Host, operation: Operation, domain: Domain, mark: str) -> Iterator[Frozen]:
    """Frozen for the body, which has to be short. `mark` is the path of a file on the host that is there meanwhile.

    Where it cannot be the body runs all the same, and is told. Raises `Failed("backup.not_thawed")` when the guest does
    not go on: it is asked for ten minutes more.
    """
    why_not = can_freeze(domain)
    if why_not is not None:
        yield Frozen(note=why_not)
        return
    assert host.machine is not None
    run = domain.id or 0
    deputy = Deputy(thawing.command(host.uri, domain.uuid, run))
    try:
        deputy.wait_ready()
        operation.undo("guest.thaw", uuid=domain.uuid, run=run, mark=mark)
        host.machine.files.write(mark, b"", 0o600)
        deputy.begin()
        try:
            yield _freeze(domain)
        finally:
            _thaw(host, domain, run)
            host.machine.files.remove(mark)
    except BaseException:
        deputy.leave()
        raise
    deputy.dismiss()


def _freeze(domain: Domain) -> Frozen:
    """An agent that fails lets go again what it froze (qga/commands-posix.c, qmp_guest_fsfreeze_freeze_list)."""
    try:
        count = int(Agent(domain).call("guest-fsfreeze-freeze", None, _LONGEST))
    except InnkeeperError as error:
        return Frozen(note=Note(text="backup.note.not_frozen_failed", facts={"detail": str(error)}))
    return Frozen(count) if count else Frozen(note=Note(text="backup.note.not_frozen_none"))


def _thaw(host: Host, domain: Domain, run: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            thawing.thaw(host.virt, domain.uuid, run)
        except InnkeeperError as error:
            if time.monotonic() > deadline:
                raise Failed("backup.not_thawed", name=domain.name, detail=str(error)) from error
            time.sleep(0.2)
            if isinstance(error, OutcomeUnknown):  # libvirtd was restarted in this very moment
                with suppress(InnkeeperError):
                    host.reconnect()
        else:
            return


def undo_freeze(host: Host, uuid: str, run: int, mark: str) -> None:
    """Let them go on, if the mark says that they may be frozen still."""
    machine: Machine | None = host.machine
    if machine is None or not machine.files.exists(mark):
        return
    thawing.thaw(host.virt, uuid, run)
    machine.files.remove(mark)
