"""Which outside programs there are."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping

from innkeeper.machine import Machine, Result

__all__ = ["SEARCH", "missing", "why"]

SEARCH = {"PATH": f"{os.environ.get('PATH', '/usr/bin:/bin')}:/usr/sbin:/sbin"}
"""Environment in which ordinary users too find the programs of administrators."""


def missing(machine: Machine, programs: Mapping[str, str]) -> dict[str, str]:
    """Those of `programs` (program → package) that the machine lacks."""
    script = "\n".join(
        f"command -v {shlex.quote(one)} >/dev/null || echo {shlex.quote(one)}" for one in programs
    )
    absent = machine.run(["sh", "-c", script], env=SEARCH, check=False).stdout.decode().splitlines()
    return {program: package for program, package in programs.items() if program in absent}


def why(result: Result) -> str:
    """The line that says why apt, dpkg or what calls them failed: their first `E: `; the last says only that it did."""
    lines = result.stderr.decode(errors="replace").splitlines()
    return next((line.removeprefix("E: ") for line in lines if line.startswith("E: ")), result.last_line)
