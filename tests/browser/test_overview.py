"""The overview and the operations: what there is, what needs attention with its button, what is under way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import visit
from tests.server import Server
from tests.world import Inside, World


@pytest.fixture
def overview(page: Page) -> Page:
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    return page


def attention(page: Page, text: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("list", name="Needs attention").get_by_role("listitem").filter(has_text=text)


def made(world: Inside, name: str, *more: str) -> None:
    done = world.inn("create", name, "--image", "tiny", *more)
    assert done.returncode == 0, done.stderr


def test_an_empty_host_says_what_to_do_first(overview: Page) -> None:
    expect(overview.get_by_role("heading", name="Welcome to Innkeeper")).to_be_visible()
    expect(overview.get_by_text("Nothing is under way.")).to_be_visible()
    for chart in ("CPU", "Memory", "Disk", "Network"):
        expect(overview.get_by_role("figure").filter(has_text=chart).first).to_be_visible()
    with overview.expect_request(re.compile(r"/samples\?span=day")):
        overview.get_by_role("button", name="Day", exact=True).click()
    overview.get_by_role("link", name="Create a guest").click()
    expect(overview).to_have_url(re.compile("/create$"))


def test_a_guest_that_crashed_is_told(server: Server, overview: Page) -> None:
    world = server.world
    made(world, "web1")
    expect(overview.get_by_text("1 of 1 are on")).to_be_visible()
    expect(overview.get_by_role("heading", name="Welcome to Innkeeper")).to_have_count(0)
    world.run(["pkill", "-9", "-f", "guest=web1,"], check=True)
    told = attention(overview, "web1 crashed")
    expect(told).to_be_visible()
    told.get_by_role("link", name="Show guest").click()
    expect(overview).to_have_url(re.compile("/guests/web1$"))
    world.virsh("start", "web1")
    overview.get_by_role("link", name="Overview", exact=True).click()
    expect(overview.get_by_text("1 of 1 are on")).to_be_visible()
    expect(attention(overview, "web1 crashed")).to_have_count(0)


def test_what_was_broken_off_is_cleaned_up(server: Server, overview: Page) -> None:
    server.world.inn("create", "half", "--image", "tiny", env={"INNKEEPER_STOP_AT": "define.done"})
    overview.reload()
    told = attention(overview, "“Create half” was broken off")
    told.get_by_role("button", name="Clean up").click()
    dialog = overview.get_by_role("dialog", name=re.compile("Clean up after “Create half”"))
    expect(dialog.get_by_role("listitem").first).to_be_visible()  # what is undone, by name
    dialog.get_by_role("button", name="Clean up").click()
    expect(dialog).to_have_count(0)
    expect(told).to_have_count(0)
    assert "half" not in server.world.virsh("list", "--all", "--name")


def test_a_pool_without_space_is_told(server: Server, overview: Page) -> None:
    world = server.world
    world.run(["sh", "-ec", "mkdir /run/small; mount -t tmpfs -o size=8M tmpfs /run/small"], check=True)
    world.run(["sh", "-ec", "head -c 7800000 /dev/zero >/run/small/filler.raw"], check=True)
    world.virsh("pool-define-as", "small", "dir", "--target", "/run/small")
    world.virsh("pool-start", "small")
    told = attention(overview, "Storage small is nearly full")
    expect(told).to_contain_text("are free")
    told.get_by_role("link", name="Show storage").click()
    expect(overview).to_have_url(re.compile("/storage/small$"))
    world.virsh("pool-destroy", "small")
    world.virsh("pool-undefine", "small")


def test_libvirt_is_away_and_back(server: Server, overview: Page) -> None:
    world = server.world
    assert isinstance(world, World)
    world.stop_libvirtd()
    told = attention(overview, "libvirt on the host does not answer")
    expect(told.get_by_role("link", name="Look at the host")).to_be_visible()
    world.start_libvirtd()
    expect(told).to_have_count(0)


def test_what_is_under_way_can_be_cancelled(server: Server, overview: Page) -> None:
    world = server.world
    assert world.inn("create", "stubborn", "--pxe", "--diskless").returncode == 0  # it never powers off
    asked = server.client.post("/api/v1/guests/stubborn/stop", json={"timeout": 110})
    assert asked.status_code == 202, asked.text
    overview.get_by_role("button", name="Cancel: Stop stubborn").click()
    dialog = overview.get_by_role("dialog", name=re.compile("Cancel “Stop stubborn”"))
    expect(dialog).to_contain_text("What it did so far is undone")
    dialog.get_by_role("button", name="Cancel it").click()
    expect(overview.get_by_text("Nothing is under way.")).to_be_visible()
    overview.get_by_role("link", name="Stop stubborn").first.click()
    expect(overview.get_by_role("heading", name="Stop stubborn", level=1)).to_be_visible()
    expect(overview.get_by_text("Cancelled", exact=True)).to_be_visible()


def test_operations_are_found_told_and_tried_again(server: Server, page: Page) -> None:
    asked = server.client.post("/api/v1/guests", json={"name": "lost", "image": "nothing-such"})
    server.client.get(f"/api/v1/operations/{asked.json()['id']}", headers={"Prefer": "wait=10"})
    page.get_by_role("navigation").get_by_role("link", name="Operations").click()
    page.get_by_role("button", name="Did not end well").click()
    expect(page.get_by_role("row").filter(has_text="Create lost")).to_contain_text("Refused")
    page.get_by_role("textbox", name=re.compile("^Search")).fill("nobody-asked-for-this")
    page.get_by_role("button", name="Clear the search").click()
    page.get_by_role("button", name="More actions: Create lost").click()
    expect(page.get_by_role("menuitem", name="Clean up")).to_contain_text("It left nothing to clean up")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Create lost").click()
    expect(
        page.get_by_text("nothing-such").first
    ).to_be_visible()  # libvirt's or our own words, and what to do
    expect(page.get_by_text("Nothing was changed.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("navigation", name="Operations").get_by_role("link", name="All operations").click()
    expect(page.get_by_role("link", name="Create lost")).to_have_count(2)


def test_a_viewer_is_told_why_not(server: Server, browser: Browser) -> None:
    """The server refuses a viewer; these pages say so before."""
    with visit(browser, server.fresh_link()) as page:
        expect(page.get_by_role("navigation").first).to_be_visible()
        page.route(
            "**/api/v1/session",
            lambda route: route.fulfill(json={"name": "guest", "kind": "user", "role": "viewer"}),
        )
        page.goto(f"{server.url}/settings?tab=access")
        expect(page.get_by_text("Only administrators may do this.").first).to_be_visible()
        make = page.get_by_role("button", name="Make a token")
        expect(make).to_have_attribute("aria-disabled", "true")
