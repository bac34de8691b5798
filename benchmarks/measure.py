"""Several ways to the same thing, timed in turns, and what their times say of each other."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Comparison", "Way", "in_turns", "quartiles", "run", "seconds", "timed"]

_TRIES = 3

Way = Callable[[], float]
"""Does the thing once and says how many seconds it took."""


def seconds(*argv: str) -> float:
    """How long a program takes from its start to its end, its output going to a file. A program that fails raises
    `RuntimeError` with what it printed: its time would say nothing."""
    return timed(*argv)[0]


def timed(*argv: str) -> tuple[float, str]:
    """The same, with what it printed."""
    with tempfile.TemporaryFile() as output:
        into = [(os.POSIX_SPAWN_DUP2, output.fileno(), number) for number in (1, 2)]
        began = time.perf_counter()
        pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=into)
        _, status = os.waitpid(pid, 0)
        took = time.perf_counter() - began
        output.seek(0)
        printed = output.read().decode(errors="replace")
        if status != 0:
            raise RuntimeError(f"{' '.join(argv)}: wait status {status}\n{printed}")
    return took, printed


def run(*argv: str, input: str | None = None) -> str:
    """A program beside the measured ones; its output. Raises `RuntimeError` when it fails."""
    done = subprocess.run(argv, input=input, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def in_turns(ways: Mapping[str, Way], rounds: int, warm: int = 1) -> dict[str, list[float]]:
    """A B C A B C …, after `warm` rounds that do not count: the machine's mood is the same for all of a round.

    A round in which a way fails (an emulated guest that hangs) is told and done again, for all of them.
    """
    found = [_round(ways) for _ in range(warm + rounds)]
    return {name: [seconds[name] for seconds in found[warm:]] for name in ways}


def _round(ways: Mapping[str, Way]) -> dict[str, float]:
    for again in range(_TRIES):
        try:
            return {name: way() for name, way in ways.items()}
        except RuntimeError as error:
            if again + 1 == _TRIES:
                raise
            print(f"! a round is done again: {error}", file=sys.stderr, flush=True)
    raise AssertionError("the last try returns or raises")


@dataclass(frozen=True)
class Comparison:
    """One figure: two ways, the seconds of each, round by round, and what the issue that made it a promise allows."""

    name: str
    ours: str
    other: str
    kind: Literal["times", "above", "memory", "size"]
    """whether `most` is a factor, seconds, MB or kB (then all `seconds` are that, of the other none)"""
    most: float | None
    """None: told, but no promise"""
    our_seconds: list[float]
    other_seconds: list[float]

    @property
    def values(self) -> list[float]:
        """Round by round: how many times the other, or how many seconds (MB, kB) above it."""
        pairs = zip(self.our_seconds, self.other_seconds, strict=True)
        return [ours / other if self.kind == "times" else ours - other for ours, other in pairs]

    @property
    def value(self) -> float:
        return statistics.median(self.values)

    @property
    def verdict(self) -> str:
        return "-" if self.most is None else "ok" if self.value <= self.most else "over"


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """First quartile, median, third quartile."""
    if len(values) < 2:
        return values[0], values[0], values[0]
    first, middle, third = statistics.quantiles(values, n=4, method="inclusive")
    return first, middle, third
