"""Options and the seed of every tier."""

from __future__ import annotations

import os
import random
import secrets
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

SEED_VARIABLE = "INNKEEPER_TEST_SEED"
TIMED = {"real", "browser", "testdriver", "server", "durable", "inventory", "cli"}
"""Folders of tests that wait for guests, processes or threads, and may be tried twice."""
LIMITS = {"setup": 600, "call": 300, "teardown": 120}
"""Seconds that each part of a test may take; a long one has an hour."""
AGAIN = 20
"""Seconds until what goes on all the same, such as a wait within a clean-up, is broken off, too."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long tests, and only those")
    parser.addoption("--server", action="store_true", help="worlds have a server, and inn goes through it")


def pytest_configure(config: pytest.Config) -> None:
    # A shell starts what it puts in the background deaf to ^C, and nohup to a hang-up: children would inherit it.
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    # Set before xdist starts its workers, so that all share it.
    os.environ.setdefault(SEED_VARIABLE, str(secrets.randbelow(2**32)))


def pytest_report_header() -> str:
    return f"seed: {SEED_VARIABLE}={os.environ[SEED_VARIABLE]}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    long = bool(config.getoption("--long"))
    left_out = [item for item in items if (item.get_closest_marker("long") is not None) != long]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    for item in items:
        # Emulated guests on a busy machine hang now and then (a timer of QEMU's, a stream of libvirt's): a second try
        # is told as such, and two failures are one.
        if TIMED & set(item.path.parts):
            item.add_marker(pytest.mark.flaky(reruns=1))


@contextmanager
def _limited(item: pytest.Item, part: str) -> Iterator[None]:
    """A test that hangs fails by name, and the others still run."""
    seconds = LIMITS[part] if item.get_closest_marker("long") is None else 3600

    def over(*_: object) -> None:
        pytest.fail(f"{part} was not over after {seconds} s")

    former = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    with _limited(item, "setup"):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with _limited(item, "call"):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    with _limited(item, "teardown"):
        yield


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Seconds of each tier, and which linters had failed before the tests began (script/test)."""
    seconds: dict[str, float] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                folder, inside, _ = report.nodeid.removeprefix("tests/").partition("/")
                tier = folder if inside else "rules"
                seconds[tier] = seconds.get(tier, 0.0) + report.duration
    for tier, duration in sorted(seconds.items()):
        terminalreporter.write_line(f"{duration:7.1f} s  {tier}")
    failed = os.environ.get("INNKEEPER_FAILED_BEFORE")
    if failed:
        terminalreporter.write_line(f"FAILED before the tests: {failed}", red=True)


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """Chance that can be repeated: by the session's seed and the test's name."""
    return random.Random(f"{os.environ[SEED_VARIABLE]} {request.node.nodeid}")
