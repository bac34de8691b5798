"""`host.setup`: do the repairs that the doctor knows, or take them all back."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from innkeeper import messages
from innkeeper.doctor import areas, record
from innkeeper.doctor.checking import examine, view
from innkeeper.doctor.finding import Check, Found, Site
from innkeeper.doctor.record import Change
from innkeeper.doctor.repairs import Repair, kind
from innkeeper.errors import InnkeeperError
from innkeeper.schema.host import FindingView, HostSetup, RepairView, SetupReport
from innkeeper.verbs import Plan, Verb

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS", "undo_change"]

ROUNDS = 5
"""A repair may lay open what could not be seen before: a daemon that answers, a network that is missing."""

Todo = list[tuple[str, Repair]]
"""(finding, repair) in the order to be done"""


def _wanted(found: Found, check: Check, only: tuple[str, ...]) -> bool:
    """Problems, and advice that was asked for by name."""
    named = check.id in only or check.id.partition(".")[0] in only
    return found.status == "problem" or (found.status == "advice" and named)


def _todo(seen: list[tuple[Check, Found]], only: tuple[str, ...]) -> Todo:
    return [
        (check.id, repair) for check, found in seen if _wanted(found, check, only) for repair in found.repair
    ]


def _check(host: Host, request: HostSetup) -> Todo | list[Change]:
    checks = areas.chosen(request.only)
    site = Site(host)
    if request.undo:
        return _to_undo(site, request.only)
    return _todo(examine(site, checks), request.only)


def _to_undo(site: Site, only: tuple[str, ...]) -> list[Change]:
    """The last first."""
    changes = [
        change
        for change in record.read(site)
        if not only or change.finding in only or change.finding.partition(".")[0] in only
    ]
    return changes[::-1]


def _run(host: Host, request: HostSetup, operation: Operation) -> SetupReport:
    site = Site(host)
    findings: tuple[FindingView, ...] = ()
    if request.undo:
        with operation.step("undo"):
            repairs = _undo(site, operation)
    else:
        with operation.step("repair"):
            repairs = _repair(site, request.only, operation)
        seen = examine(site, areas.chosen(request.only))
        findings = tuple(view(check, found) for check, found in seen)
    return SetupReport(host=site.machine.name, uri=host.uri, repairs=tuple(repairs), findings=findings)


def _repair(site: Site, only: tuple[str, ...], operation: Operation) -> list[RepairView]:
    """Each thing once, in rounds, until nothing new shows."""
    done: list[RepairView] = []
    tried: set[tuple[str, str]] = set()
    todo: Todo = operation.decided
    for _ in range(ROUNDS):
        todo = [(name, one) for name, one in todo if (one.kind, one.key) not in tried]
        if not todo:
            break
        for finding, repair in todo:
            if (repair.kind, repair.key) in tried:
                continue
            tried.add((repair.kind, repair.key))
            done += _do(site, finding, repair, operation)
        site.forget()
        todo = _todo(examine(site, areas.chosen(only)), only)
    return done


def _do(site: Site, finding: str, repair: Repair, operation: Operation) -> list[RepairView]:
    """One repair; one that fails is put back itself, told, and does not keep the others."""
    known = kind(repair.kind)
    change = Change(secrets.token_hex(6), finding, repair, None)
    touched = [Change(secrets.token_hex(6), finding, Repair(*piece, None), None) for piece in known.touches]
    with operation.step(finding):
        operation.progress("host.progress.repairing", **_facts(change))
        try:
            change.before = known.look(site, repair.key)
            if known.done(change.before, repair.value):
                return []
            for one in touched:
                one.before = kind(one.repair.kind).look(site, one.repair.key)
            for one in (*touched, change):  # what is touched on the way is put back after what touched it
                operation.undo("host.setup", id=one.id)
                record.begin(site, one)
            known.put(site, repair.key, repair.value)
        except InnkeeperError as error:
            for one in (change, *touched):
                undo_change(site.host, one.id)
            return [_told(change, "failed", str(error))]
        told = [_told(one, "done") for one in touched if _did(site, one)]
        _did(site, change)
    return [_told(change, "done"), *told]


def _did(site: Site, change: Change) -> bool:
    """Record what there is after the deed, or forget the change when there is none. Returns whether there is one."""
    known, key = kind(change.repair.kind), change.repair.key
    after = known.look(site, key)
    changed = not known.same(key, after, change.before)
    record.append(site, {"id": change.id, **({"after": after} if changed else {"undone": True})})
    return changed


def _undo(site: Site, operation: Operation) -> list[RepairView]:
    told = []
    for change in operation.decided:
        with operation.step(f"{change.finding}.undo"):
            operation.progress("host.progress.undoing", **_facts(change))
            told.append(_put_back(site, change))
    record.discard_empty(site)
    return told


def _facts(change: Change) -> dict[str, Any]:
    """For its progress: the finding is what is worked on."""
    what = messages.text(f"host.kind.{change.repair.kind}")
    return {"name": change.finding, "what": what, "key": change.repair.key}


def _put_back(site: Site, change: Change) -> RepairView:
    """The value that was there before, unless somebody else has changed it since."""
    known = kind(change.repair.kind)
    try:
        now = known.look(site, change.repair.key)
        key = change.repair.key
        if not known.same(key, now, change.before):
            if change.finished and not change.undoing and not known.same(key, now, change.after):
                record.append(site, {"id": change.id, "undone": True})
                return _told(change, "left")
            record.append(site, {"id": change.id, "undoing": True})
            known.put(site, change.repair.key, change.before)
        record.append(site, {"id": change.id, "undone": True})
    except InnkeeperError as error:
        return _told(change, "failed", str(error))
    return _told(change, "undone")


def undo_change(host: Host, id: str) -> None:
    """Undo of a setup that did not end: put one change back, and forget it.

    Raises what kept it from being put back; it then stays in the record.
    """
    site = Site(host)
    change = next((one for one in record.read(site) if one.id == id), None)
    if change is not None:
        known = kind(change.repair.kind)
        now = known.look(site, change.repair.key)
        if not known.same(change.repair.key, now, change.before):
            known.put(site, change.repair.key, change.before)
        record.append(site, {"id": id, "undone": True})
        record.discard_empty(site)


def _told(change: Change, outcome: str, reason: str = "") -> RepairView:
    from msgspec import convert

    told = {"finding": change.finding, "kind": change.repair.kind, "key": change.repair.key}
    return convert({**told, "outcome": outcome, "reason": reason}, RepairView)


def _plan(_host: Host, request: HostSetup, decided: Todo | list[Change]) -> Plan:
    summary, commands = [], []
    for one in decided:
        if isinstance(one, Change):
            finding, repair = one.finding, Repair(one.repair.kind, one.repair.key, one.before)
        else:
            finding, repair = one
        what = messages.text(f"host.kind.{repair.kind}")
        summary.append(f"{finding}: {what} {repair.key}")
        commands += kind(repair.kind).commands(repair.key, repair.value)
    if not request.undo and any(line.startswith("daemon.libvirt:") for line in summary):
        summary.append(messages.text("host.plan_more"))
    return Plan(summary, {}, commands)


VERBS = {
    "host.setup": Verb(
        "host.setup",
        HostSetup,
        SetupReport,
        _check,
        _run,
        steps=("repair", "undo"),
        target=lambda _: "setup",
        needs_machine="root",
        plan=_plan,
    ),
}
