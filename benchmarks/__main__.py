"""Measures the figures in a test world of their own and prints them beside their limits.

Called by `script/bench`, which installs what is compared and says where (BENCH_ENVIRONMENTS).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.inside import FIGURES
from benchmarks.measure import Comparison
from benchmarks.report import HEADING, keep, line

from tests.world import ROOT, World

_NEED_IMAGE = dict.fromkeys(("backup", "console", "count", "create"), "tiny") | dict.fromkeys(
    ("agent", "show"), "debian-12"
)


def main() -> int:
    """0 when all was measured and every figure keeps its limit, else 1."""
    asked = _arguments()
    names = asked.only or list(FIGURES)
    rounds = 3 if asked.quick else asked.rounds
    found: list[Comparison] = []
    with World() as world:
        for image in {_NEED_IMAGE[name] for name in names if name in _NEED_IMAGE}:
            world.seed_image(image)
        environment = {"BENCH_ENVIRONMENTS": os.environ["BENCH_ENVIRONMENTS"], "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "benchmarks.inside", str(rounds), *names]
        print(HEADING, flush=True)
        with world.popen(command, env=environment, stdout=subprocess.PIPE) as inside:
            assert inside.stdout is not None
            for text in inside.stdout:
                found.append(Comparison(**json.loads(text)))
                print(line(found[-1]), flush=True)
    keep(found, asked.json)
    print(f"\nall seconds: {asked.json}")
    return 1 if inside.returncode or any(one.verdict == "over" for one in found) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("script/bench", description="Measure Innkeeper's promises of speed.")
    parser.add_argument(
        "--quick", action="store_true", help="three rounds of each: a look, not a measurement"
    )
    parser.add_argument("--only", action="append", choices=FIGURES, help="this figure (may be repeated)")
    parser.add_argument(
        "--rounds", type=int, default=0, help="so many rounds, instead of each figure's own number"
    )
    parser.add_argument(
        "--json",
        type=Path,
        default=ROOT / "benchmarks" / "results" / "last.json",
        help="file for all seconds",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
