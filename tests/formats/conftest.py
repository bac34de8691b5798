"""How much of the corpus a test takes."""

from __future__ import annotations

import math

import pytest


@pytest.fixture(
    params=[pytest.param(1.5, id="some"), pytest.param(math.inf, id="all", marks=pytest.mark.long)]
)
def seconds(request: pytest.FixtureRequest) -> float:
    """Seconds of the processor that a test may use; with `--long` as many as all documents need."""
    return float(request.param)
