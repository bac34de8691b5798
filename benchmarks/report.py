"""Figures as lines a person reads, and as a file."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Comparison, quartiles, run

__all__ = ["HEADING", "keep", "line"]

_COLUMNS = "{:18}  {:42}  {:>26}  {:>26}  {:>24}  {:>14}  {}"

_UNITS = {"times": (1, 2, "×"), "above": (1000, 0, "ms"), "memory": (1, 0, "MB"), "size": (1, 0, "kB")}
"""kind → factor, digits, unit"""

HEADING = (
    _COLUMNS.format("figure", "ours : other", "ours, ms", "other, ms", "pair by pair", "limit", "verdict")
    + "\nmedian (first–third quartile)\n"
)


def line(one: Comparison) -> str:
    """One figure."""
    factor, digits, unit = _UNITS[one.kind]
    each = 1 if one.kind in ("memory", "size") else 1000
    return _COLUMNS.format(
        one.name,
        f"{one.ours} : {one.other}",
        _spread(one.our_seconds, each, 0),
        _spread(one.other_seconds, each, 0),
        _spread(one.values, factor, digits, unit),
        _limit(one),
        one.verdict,
    )


def keep(found: Sequence[Comparison], path: Path) -> None:
    """All seconds of all figures, with what the machine was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figures = [
        dataclasses.asdict(one) | {"value": round(one.value, 4), "verdict": one.verdict} for one in found
    ]
    path.write_text(json.dumps(_machine() | {"figures": figures}, indent=1) + "\n")


def _spread(values: Sequence[float], factor: float, digits: int, unit: str = "") -> str:
    first, middle, third = (f"{value * factor:.{digits}f}" for value in quartiles(values))
    return f"{middle}{unit and ' '}{unit} ({first}–{third})"


def _limit(one: Comparison) -> str:
    if one.most is None:
        return "-"
    factor, digits, unit = _UNITS[one.kind]
    return f"≤ {one.most * factor:.{digits}f} {unit}"


def _machine() -> dict[str, object]:
    return {
        "when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "cpus": os.cpu_count(),
        "kernel": platform.release().partition("-")[0],
        "python": platform.python_version(),
        "libvirt": run("virsh", "--version").strip(),
        "qemu": run("qemu-img", "--version").split()[2],
        "load": [round(load, 1) for load in os.getloadavg()],
    }
