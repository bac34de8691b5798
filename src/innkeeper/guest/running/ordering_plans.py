"""What stopping and starting all guests of a host amounts to, in virsh's commands."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper import config
from innkeeper.schema.guest_change import HostStartGuests, HostStopGuests
from innkeeper.verbs import Plan

if TYPE_CHECKING:
    from innkeeper.guest.running.ordering import Placed
    from innkeeper.host import Host

__all__ = ["plan_start", "plan_stop"]


def plan_start(_host: Host, _request: HostStartGuests, groups: list[list[Placed]]) -> Plan:
    """Group after group, with the pauses between them."""
    commands: list[str] = []
    for number, group in enumerate(groups, 1):
        off = [one for one in group if not one.domain.active]
        commands += [f"virsh start {shlex.quote(one.domain.name)}" for one in off]
        delay = max(one.delay for one in group)
        if off and delay and number < len(groups):
            commands.append(f"sleep {delay}")
    return Plan(_summary("start", groups), {}, commands)


def plan_stop(_host: Host, request: HostStopGuests, groups: list[list[Placed]]) -> Plan:
    """Each group is asked, waited for, and then dealt with as was chosen."""
    then = request.then or config.get("stop_guests_then")
    last = {"save": "virsh managedsave", "force": "virsh destroy"}.get(then)
    seconds = round(request.timeout or float(config.get("stop_guests_timeout")))
    commands: list[str] = []
    for group in groups:
        names = [shlex.quote(one.domain.name) for one in group]
        listed = " ".join(names)
        commands.append(f"for guest in {listed}; do virsh shutdown $guest || true; done")
        off = 'test "$(LC_ALL=C virsh domstate $guest)" = "shut off"'
        wait = f"for i in $(seq {seconds}); do {off} && break; sleep 1; done"
        end = f"; {off} || {last} $guest" if last else ""
        commands.append(f"for guest in {listed}; do {wait}{end}; done")
    return Plan(_summary("stop", groups), {}, commands)


def _summary(deed: str, groups: list[list[Placed]]) -> list[str]:
    lines = []
    for group in groups:
        order = "-" if group[0].order is None else str(group[0].order)
        lines.append(f"{deed} order {order}: {', '.join(one.domain.name for one in group)}")
    return lines or [f"nothing to {deed}"]
