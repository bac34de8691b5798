"""A thousand guests: the page holds only those that are seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import visit
from tests.browser.simulated import many_guests
from tests.server import Server
from tests.world import World

COUNT = 1000


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[Server]:
    with Server(world, env={"LIBVIRT_DEFAULT_URI": many_guests(world, COUNT)}) as made:
        yield made


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    with visit(browser, server.fresh_link()) as found:
        found.get_by_role("navigation").get_by_role("link", name="Guests").click()
        expect(found.get_by_text("1,000 guests")).to_be_visible(timeout=60_000)
        yield found


def test_scrolled_to_the_end(page: Page) -> None:
    table = page.get_by_role("region", name="Guests")
    expect(page.get_by_role("link", name="accounting-0000")).to_be_visible()
    assert page.get_by_role("row").count() < 100
    table.focus()
    page.keyboard.press("End")
    expect(page.get_by_role("link", name="support-0999")).to_be_visible()
    assert page.get_by_role("row").count() < 100
    page.keyboard.press("Home")
    expect(page.get_by_role("link", name="accounting-0000")).to_be_visible()


def test_sorted_and_searched(page: Page) -> None:
    page.get_by_role("button", name="Name").click()  # now downwards
    expect(page.get_by_role("link", name="support-0999")).to_be_visible()
    page.get_by_role("textbox", name=re.compile("Search")).fill("team=shop 0501")
    expect(page.get_by_text("1 of 1,000 shown")).to_be_visible()
    expect(page.get_by_role("link", name="shop-0501")).to_be_visible()


def test_all_chosen_are_named(page: Page) -> None:
    page.get_by_role("checkbox", name="Select all").check()
    page.get_by_role("group", name="1,000 chosen").get_by_role("button", name="Start", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Start 400 guests")
    expect(dialog).to_contain_text("600 are left out")
    expect(dialog.get_by_role("listitem")).to_have_count(COUNT)
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Choose none").click()


def test_cards_of_a_thousand(page: Page) -> None:
    page.get_by_role("button", name="Cards").click()
    expect(page.get_by_role("article", name="accounting-0000")).to_be_visible()
    assert page.get_by_role("article").count() < 80
