"""A world with the small image, a server in it, and a browser beside it, for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import browser_in, visit
from tests.real.conftest import tiny_world, world  # noqa: F401  # fixtures
from tests.server import Server
from tests.world import World

expect.set_options(timeout=15_000)  # many worlds at once on few processors


@pytest.fixture(scope="module")
def server(tiny_world: World) -> Iterator[Server]:  # noqa: F811  # the fixture's name
    with Server(tiny_world) as made:
        yield made


@pytest.fixture(scope="module")
def browser(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser_in(server.world.pid, tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """Signed in by a fresh link, in English, on a wide screen."""
    with visit(browser, server.fresh_link()) as found:
        yield found
