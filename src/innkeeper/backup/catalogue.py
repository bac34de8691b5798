"""Backups that are there: listing, looking at one, reading all of it, removing it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper.backup import places, records
from innkeeper.errors import Failed, Invalid
from innkeeper.schema.backup import (
    BackupList,
    BackupRemove,
    BackupShow,
    BackupVerify,
    BackupView,
    RemovedBackup,
)
from innkeeper.schema.kept import SUMS
from innkeeper.verbs import Plan, Verb

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS", "end_removal"]


def _check_list(host: Host, request: BackupList) -> list[places.Place]:
    return [places.find(host, request.place)] if request.place else places.every(host)


def _list(host: Host, request: BackupList, operation: Operation) -> list[BackupView]:
    machine = places.machine_of(host)
    found = [record for place in operation.decided for record in records.readable(machine, place)]
    wanted = [one for one in found if request.name in (None, one.kept.name, one.kept.uuid)]
    return [records.view(one) for one in sorted(wanted, key=lambda one: (one.kept.name, one.kept.made))]


def _plan_list(host: Host, _request: BackupList, decided: list[places.Place]) -> Plan:
    machine = places.machine_of(host)
    there = [place.path for place in decided if machine.files.exists(place.path)]
    return Plan([f"look into {place.path}" for place in decided], {}, [shlex.join(["ls", "-l", *there])])


def _check_show(host: Host, request: BackupShow | BackupVerify) -> records.Record:
    return records.find(host, request.backup, request.place)


def _show(_host: Host, _request: BackupShow, operation: Operation) -> BackupView:
    return records.view(operation.decided)


def _plan_show(_host: Host, _request: BackupShow, record: records.Record) -> Plan:
    return Plan([f"read {record.path}"], {}, [shlex.join(["ls", "-l", record.path])])


def _verify(host: Host, _request: BackupVerify, operation: Operation) -> BackupView:
    record: records.Record = operation.decided
    whole, done = max(record.size, 1), 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        operation.progress("backup.progress.verify", min(done / whole, 1.0))

    records.verify(places.machine_of(host), record, count)
    return records.view(record)


def _plan_verify(_host: Host, _request: BackupVerify, record: records.Record) -> Plan:
    return Plan(
        [f"read all of {record.path}"], {}, [f"cd {shlex.quote(record.path)} && sha256sum -c --quiet {SUMS}"]
    )


def _check_remove(host: Host, request: BackupRemove) -> records.Record:
    """The one that is meant: a guest's name alone would remove whichever is the newest."""
    if "@" not in request.backup and not request.backup.startswith("/"):
        raise Invalid("backup.which", backup=request.backup)
    return records.find(host, request.backup, request.place)


def _remove(host: Host, _request: BackupRemove, operation: Operation) -> RemovedBackup:
    record: records.Record = operation.decided
    removed = RemovedBackup(id=record.id, path=record.path)
    # What was begun does not come back: an interrupted removal is cleaned up by ending it.
    operation.undo("backup.removal", path=record.path)
    operation.answer(removed)
    with operation.step("remove"):
        end_removal(host, record.path)
    return removed


def end_removal(host: Host, path: str) -> None:
    """The sums go first: without them it is no backup any more. Missing is fine."""
    machine = places.machine_of(host)
    machine.files.remove(f"{path}/{SUMS}")
    machine.files.remove_tree(path)
    if machine.files.exists(path):
        raise Failed("backup.stays", path=path)


def _plan_remove(_host: Host, _request: BackupRemove, record: records.Record) -> Plan:
    return Plan([f"remove {record.path} for good"], {}, [shlex.join(["rm", "-r", record.path])])


VERBS = {
    "backup.list": Verb(
        "backup.list",
        BackupList,
        list[BackupView],
        _check_list,
        _list,
        target=lambda request: request.name or "",
        needs_machine="user",
        plan=_plan_list,
    ),
    "backup.show": Verb(
        "backup.show",
        BackupShow,
        BackupView,
        _check_show,
        _show,
        target=lambda request: request.backup,
        needs_machine="user",
        plan=_plan_show,
    ),
    "backup.verify": Verb(
        "backup.verify",
        BackupVerify,
        BackupView,
        _check_show,
        _verify,
        target=lambda request: request.backup,
        needs_machine="user",
        plan=_plan_verify,
    ),
    "backup.remove": Verb(
        "backup.remove",
        BackupRemove,
        RemovedBackup,
        _check_remove,
        _remove,
        steps=("remove",),
        target=lambda request: request.backup,
        needs_machine="user",
        plan=_plan_remove,
    ),
}
