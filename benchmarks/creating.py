"""From a command to the first line of the guest's user space: `inn create`, and the same guest by libvirt's own tools.

The other side gets the document that `inn` made, with a name, UUID, MAC and files of its own, and an overlay on the
same image. Writing that document is not counted, nor is taking the guests away.
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.guests import IMAGE, Plain, remove, until_booted, virt_install
from benchmarks.measure import Comparison, Way, in_turns, seconds
from benchmarks.programs import INN

__all__ = ["compare_many", "compare_one"]

_COUNT = 10
_SAME = 4
"""for xargs -P: as many calls at once as `inn` has under way (guest/making/creation.py)"""
_ALSO = (1, 2, 10)

_numbers = itertools.count()


def compare_one(rounds: int) -> Iterator[Comparison]:
    """One guest: beside the three commands that it comes to, and beside virt-install."""
    ours, plain, other = (
        "inn create --wait boot",
        "qemu-img, virsh define, start",
        "qemu-img, virt-install --import",
    )
    ways: dict[str, Way] = {
        ours: lambda: _alone(lambda name: seconds(INN, "create", name, "--image", IMAGE, "--wait", "boot")),
        plain: lambda: _alone(_plain),
        other: lambda: _alone(virt_install),
    }
    times = in_turns(ways, rounds)
    yield Comparison("create", ours, plain, "times", 1.10, times[ours], times[plain])
    yield Comparison("create", ours, other, "times", 1.0, times[ours], times[other])


def compare_many(rounds: int) -> Iterator[Comparison]:
    """Ten guests by one command, beside the three commands of each through xargs: as parallel as inn, and its best."""
    ours = f"inn create --count {_COUNT} --wait boot"
    others = {at_once: f"the three, xargs -P {at_once}" for at_once in (_SAME, _best())}
    ways: dict[str, Way] = {ours: _count}
    ways |= {name: _xargs(at_once) for at_once, name in others.items()}
    times = in_turns(ways, rounds)
    for at_once, name in others.items():
        told = name if at_once == _SAME else f"{name}, its best"
        yield Comparison("count", ours, told, "times", 1.10, times[ours], times[name])


def _best() -> int:
    """The parallelism at which xargs is quickest here, by two rounds of each."""
    found = in_turns({str(at_once): _xargs(at_once) for at_once in (_SAME, *_ALSO)}, 2, warm=0)
    return int(min(found, key=lambda at_once: statistics.median(found[at_once])))


def _alone(make: Callable[[str], float]) -> float:
    name = f"one-{next(_numbers)}"
    try:
        return make(name)
    finally:
        remove([name])


def _plain(name: str) -> float:
    with tempfile.TemporaryDirectory() as directory:
        return Plain(name, directory).make()


def _count() -> float:
    name = f"ten-{next(_numbers)}"
    try:
        return seconds(INN, "create", name, "--image", IMAGE, "--count", str(_COUNT), "--wait", "boot")
    finally:
        remove([f"{name}-{number:02}" for number in range(1, _COUNT + 1)])


def _xargs(at_once: int) -> Way:
    def way() -> float:
        name = f"ten-{next(_numbers)}"
        with tempfile.TemporaryDirectory() as directory:
            guests = [Plain(f"{name}-{number:02}", directory) for number in range(1, _COUNT + 1)]
            try:
                return until_booted(
                    [guest.log for guest in guests], _through_xargs(guests, directory, at_once)
                )
            finally:
                remove([guest.name for guest in guests])

    return way


def _through_xargs(guests: Sequence[Plain], directory: str, at_once: int) -> list[str]:
    lines = Path(directory, "lines")
    lines.write_text("".join(guest.shell + "\n" for guest in guests))
    return ["xargs", "-a", str(lines), "-d", "\\n", "-P", str(at_once), "-n", "1", "sh", "-c"]
