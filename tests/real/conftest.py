"""Worlds for real guests. Take `world` to look and to make what you remove, `new_world` to break things."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.real.transports import ON_THE_HOST, served
from tests.world import World

NEEDED = ("unshare", "nsenter", "libvirtd", "virtlogd", "virsh", "ssh-keygen")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--server"):
        for item in items:
            if item.name in ON_THE_HOST:
                item.add_marker(pytest.mark.skip(reason=ON_THE_HOST[item.name]))
    missing = [program for program in NEEDED if shutil.which(program) is None]
    if os.geteuid() != 0:
        reason = "needs root: a test world is made of namespaces, mounts and a system libvirtd"
    elif missing:
        reason = f"needs {', '.join(missing)}: run script/setup --test"
    else:
        return
    for item in items:
        if "/tests/real/" in str(item.path):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """One world for a test file; its tests leave it as they found it."""
    with World() as made, served(made, request):
        yield made


@pytest.fixture(scope="module")
def tiny_world(request: pytest.FixtureRequest) -> Iterator[World]:
    """One world for a test file, with the image `tiny` in it."""
    with World() as made:
        made.seed_image("tiny")
        with served(made, request):
            yield made


@pytest.fixture
def new_world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A world of the test's own."""
    with World() as made, served(made, request):
        yield made


@pytest.fixture
def new_tiny_world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A world of the test's own, with the image `tiny` in it."""
    with World() as made:
        made.seed_image("tiny")
        with served(made, request):
            yield made
