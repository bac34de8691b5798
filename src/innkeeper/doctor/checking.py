"""`host.check`: look at everything side by side, and never for longer than is bearable."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from innkeeper.doctor import areas
from innkeeper.doctor.finding import PROGRAM_FOLDERS, Check, Found, Site
from innkeeper.errors import InnkeeperError
from innkeeper.schema.host import FindingView, HostCheck, HostReport
from innkeeper.verbs import Plan, Verb

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS", "examine", "view"]

LIMIT = 30.0
"""Seconds for all checks together: what has not answered by then is `unknown`."""
AT_ONCE = 8
"""Checks side by side. An ssh server takes ten sessions over one connection (sshd_config(5), MaxSessions)."""


def examine(site: Site, checks: list[Check]) -> list[tuple[Check, Found]]:
    """What each check found, in the order of `checks`. Raises nothing: what cannot be seen is a finding too."""
    site.prefetch(
        [*(f"{folder}/" for folder in PROGRAM_FOLDERS), *(one for check in checks for one in check.reads)]
    )
    answers: dict[int, list[Found]] = {}
    waiting = iter(enumerate(checks))
    turn = threading.Lock()

    def work() -> None:
        while True:
            with turn:
                number, check = next(waiting, (-1, None))
            if check is None:
                return
            answers[number] = _look(site, check)

    # Daemon threads: one that hangs in the kernel or in libvirt must not keep the process.
    workers = [threading.Thread(target=work, daemon=True) for _ in range(min(AT_ONCE, len(checks)))]
    deadline = time.monotonic() + LIMIT
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(max(deadline - time.monotonic(), 0))
    late = [Found("unknown", "host.check_late", {"seconds": round(LIMIT)})]
    return [
        (check, found) for number, check in enumerate(checks) for found in list(answers.get(number, late))
    ]


def _look(site: Site, check: Check) -> list[Found]:
    try:
        found = check.look(site)
    except InnkeeperError as error:
        return [Found("unknown", "host.check_failed", {"reason": str(error)})]
    except Exception as error:  # a bug in one check must not hide what the others saw, and is told as one
        return [Found("unknown", "host.check_bug", {"reason": repr(error)})]
    return found if isinstance(found, list) else [found]


def view(check: Check, found: Found) -> FindingView:
    return FindingView(
        id=check.id,
        status=found.status,
        text=found.text,
        facts={name: str(fact) for name, fact in found.facts.items()},
        remedy=found.remedy,
        repairable=bool(found.repair),
    )


def _check(_host: Host, request: HostCheck) -> list[Check]:
    return areas.chosen(request.only)


def _run(host: Host, _request: HostCheck, operation: Operation) -> HostReport:
    site = Site(host)
    findings = tuple(view(check, found) for check, found in examine(site, operation.decided))
    return HostReport(host=site.machine.name, uri=host.uri, findings=findings)


def _plan(_host: Host, _request: HostCheck, checks: list[Check]) -> Plan:
    """Looking has no one command: these two see a part of it. What they find wrong is no reason to stop."""
    commands = ["virt-host-validate || true", "virsh version || true"]
    return Plan([f"look at {', '.join(check.id for check in checks)}"], {}, commands)


VERBS = {
    "host.check": Verb(
        "host.check",
        HostCheck,
        HostReport,
        _check,
        _run,
        target=lambda _: "",
        needs_machine="user",
        plan=_plan,
    ),
}
