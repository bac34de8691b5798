"""An image is fetched from its distributor in the browser: seen as it comes, cancelled, and what it stands on told."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.real.distributor import Distributor, disk
from tests.server import Server
from tests.world import World

DISK = "1/disk.qcow2"


@pytest.fixture(scope="module")
def shop() -> Iterator[Distributor]:
    """It offers `plain`, which nobody has yet."""
    with World() as world:
        made = Distributor(world)
        made.publish("1", {"disk.qcow2": disk(world)})
        yield made
        made.close()


@pytest.fixture(scope="module")
def server(shop: Distributor) -> Iterator[Server]:
    with Server(shop.world) as made:
        yield made


def catalogue(page: Page) -> Locator:
    """The row of `plain` in it."""
    page.get_by_role("navigation").get_by_role("link", name="Images").click()
    page.get_by_role("tab", name="Catalogue").click()
    page.get_by_role("textbox", name="Search the catalogue").fill("plain")
    return page.get_by_role("row").filter(has_text="A disk, as it is")


def test_it_is_seen_as_it_comes_and_can_be_cancelled(shop: Distributor, page: Page) -> None:
    shop.way(DISK, "held", 1_000_000)
    row = catalogue(page)
    row.get_by_role("button", name=re.compile("^Fetch")).click()
    expect(page.get_by_text(re.compile("downloading")).first).to_be_visible(timeout=40_000)
    expect(row.get_by_role("button", name=re.compile("^Fetch"))).to_be_disabled()
    page.get_by_role("button", name=re.compile("^(Cancel|Stop)")).first.click()
    expect(row.get_by_role("button", name=re.compile("^Fetch"))).to_be_enabled(timeout=40_000)
    shop.way(DISK, "plain")


def test_it_becomes_an_image_to_create_from(shop: Distributor, page: Page) -> None:
    row = catalogue(page)
    row.get_by_role("button", name=re.compile("^Fetch")).click()
    create = row.get_by_role("link", name="Create a guest")
    expect(create).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="On this host").click()
    expect(page.get_by_role("row").filter(has_text="plain")).to_have_count(1)
    catalogue(page)
    create.click()
    expect(page.get_by_role("radio", name="A disk, as it is")).to_be_checked()


def test_one_that_is_not_what_was_signed_is_refused(shop: Distributor, page: Page) -> None:
    shop.world.inn("image", "remove", "plain", check=True)
    shop.world.run(["rm", "-rf", "/var/lib/innkeeper/downloads"], check=True)
    shop.put(DISK, b"something else" * 1000)
    row = catalogue(page)
    row.get_by_role("button", name=re.compile("^Fetch")).click()
    told = page.locator(".pf-v6-c-alert").filter(has_text="is not what its distributor published").first
    expect(told).to_be_visible(timeout=60_000)
    expect(told).to_contain_text("Try again later")
