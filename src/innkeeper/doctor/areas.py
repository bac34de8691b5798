"""The areas that the doctor looks at, in the order of its report and of its repairs.

An area is the first part of its findings' ids and the name of its texts' file. What others stand on comes first:
packages before daemons, daemons before networks.
"""

from __future__ import annotations

from importlib import import_module

from innkeeper.doctor.finding import Check
from innkeeper.errors import NotFound

__all__ = ["AREAS", "all_checks", "chosen"]

AREAS: tuple[str, ...] = (
    "processor",
    "kvm",
    "qemu",
    "firmware",
    "daemon",
    "network",
    "firewall",
    "pool",
    "access",
    "security",
    "cgroup",
    "memory",
    "clock",
    "gpu",
    "guests",
)
"""One row an area: its module is `innkeeper.doctor.findings.AREA`."""


def all_checks() -> list[Check]:
    """Every check, in order."""
    return [check for area in AREAS for check in _checks(area)]


def chosen(only: tuple[str, ...]) -> list[Check]:
    """The checks of these ids and areas; all when none is named.

    Raises `NotFound("host.finding_unknown")`.
    """
    everything = all_checks()
    for name in only:
        if not any(_named(check, name) for check in everything):
            raise NotFound("host.finding_unknown", id=name, choices=", ".join(AREAS))
    return [check for check in everything if not only or any(_named(check, name) for name in only)]


def _named(check: Check, name: str) -> bool:
    return name in (check.id, check.id.partition(".")[0])


def _checks(area: str) -> tuple[Check, ...]:
    found: tuple[Check, ...] = import_module(f"innkeeper.doctor.findings.{area}").CHECKS
    return found
