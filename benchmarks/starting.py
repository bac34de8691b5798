"""What a start costs before anything is done, above a Python that does nothing."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measure import Comparison, in_turns, seconds
from benchmarks.programs import INN, PYTHON

__all__ = ["compare"]

_MOST = 0.060


def compare(rounds: int) -> Iterator[Comparison]:
    """`import innkeeper` and `inn --help`."""
    bare = "python -c pass"
    times = in_turns(
        {
            bare: lambda: seconds(PYTHON, "-c", "pass"),
            "import innkeeper": lambda: seconds(PYTHON, "-c", "import innkeeper"),
            "inn --help": lambda: seconds(INN, "--help"),
        },
        rounds,
        warm=3,
    )
    for name in ("import innkeeper", "inn --help"):
        yield Comparison("start", name, bare, "above", _MOST, times[name], times[bare])
