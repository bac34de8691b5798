"""Which outside programs there are."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping

from innkeeper.machine import Machine

__all__ = ["SEARCH", "missing"]

SEARCH = {"PATH": f"{os.environ.get('PATH', '/usr/bin:/bin')}:/usr/sbin:/sbin"}
"""Environment in which ordinary users too find the programs of administrators."""


def missing(machine: Machine, programs: Mapping[str, str]) -> dict[str, str]:
    """Those of `programs` (program → package) that the machine lacks."""
    script = "\n".join(
        f"command -v {shlex.quote(one)} >/dev/null || echo {shlex.quote(one)}" for one in programs
    )
    absent = machine.run(["sh", "-c", script], env=SEARCH, check=False).stdout.decode().splitlines()
    return {program: package for program, package in programs.items() if program in absent}
