"""The part of a run that happens inside a test world: measures what its arguments name, one JSON line a figure.

Run by `benchmarks.__main__` as `python -m benchmarks.inside ROUNDS NAME…`; ROUNDS 0 takes each figure's own number.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterator

from benchmarks import (
    backing_up,
    browsing,
    creating,
    drawing,
    exporting,
    inside_guests,
    listing,
    pulling,
    rating,
    scrolling,
    serving,
    starting,
    streams,
)
from benchmarks.measure import Comparison

__all__ = ["FIGURES"]

FIGURES: dict[str, tuple[Callable[[int], Iterator[Comparison]], int]] = {
    "start": (starting.compare, 41),
    "list": (listing.compare_few, 31),
    "create": (creating.compare_one, 11),
    "count": (creating.compare_many, 11),
    "list-many": (listing.compare_many, 21),
    "top": (rating.compare, 31),
    "show": (inside_guests.compare_show, 31),
    "backup": (backing_up.compare, 7),
    "export": (exporting.compare, 7),
    "pull": (pulling.compare, 7),
    "server-list": (serving.compare_lists, 5),
    "event": (serving.compare_events, 31),
    "console": (streams.compare_console, 11),
    "upload": (streams.compare_upload, 7),
    "vnc": (drawing.compare, 11),
    "server-memory": (serving.compare_memory, 2),
    "first-page": (browsing.compare_first_page, 11),
    "screen": (browsing.compare_screen, 31),
    "scrolling": (scrolling.compare, 7),
    "agent": (inside_guests.compare_exec, 21),
}
"""name → how it is measured, in how many rounds"""


def main(rounds: int, names: list[str]) -> None:
    for name in names:
        compare, usual = FIGURES[name]
        print(f"· {name}: {rounds or usual} rounds", file=sys.stderr, flush=True)
        for comparison in compare(rounds or usual):
            print(json.dumps(dataclasses.asdict(comparison)), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
