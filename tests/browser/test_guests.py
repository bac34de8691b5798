"""The list of guests: what others do shows at once, what is done here is done, all else says why not; the bin."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import PHONE, visit
from tests.server import Server


@pytest.fixture(scope="module")
def guests(server: Server) -> Server:
    """Four guests: three that run, one of them protected, and one that is off."""
    for name in ("web1", "web2", "build", "keep"):
        made = server.world.inn(
            "create", name, "--image", "tiny", *(["--no-start"] if name == "build" else [])
        )
        assert made.returncode == 0, made.stderr
    server.world.inn("set", "web1", "--label", "env=prod", "--title", "The shop's first server")
    server.world.inn("set", "web2", "--label", "env=test")
    server.world.inn("protect", "keep")
    return server


def state_of(server: Server, name: str) -> str:
    return server.world.virsh("domstate", name).strip()


def go(page: Page, server: Server, place: str) -> None:
    page.locator("#main").wait_for()  # signed in
    page.goto(f"{server.url}/{place}")


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def choose_action(page: Page, name: str, action: str) -> None:
    page.get_by_role("button", name=f"More actions: {name}", exact=True).click()
    page.get_by_role("menuitem", name=re.compile(f"^{action}")).click()


def test_nothing_yet(server: Server, page: Page) -> None:
    if server.world.inn_json("list"):
        pytest.skip("another test was first")
    page.get_by_role("navigation").get_by_role("link", name="Guests").click()
    expect(page.get_by_text("A guest is a virtual machine on this host")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Create guest").click()
    expect(page).to_have_url(re.compile("/create$"))


def test_what_virsh_does_shows(guests: Server, page: Page) -> None:
    go(page, guests, "guests")
    expect(row(page, "web1")).to_contain_text("Running")
    expect(row(page, "web1")).to_contain_text("The shop's first server")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/guests?" in request.url else None)
    guests.world.virsh("suspend", "web1")
    expect(row(page, "web1")).to_contain_text("Suspended")
    assert asked
    assert all("uuid=" in url for url in asked), asked  # that guest alone was read again
    page.get_by_role("button", name="More actions: web1").click()
    start = page.get_by_role("menuitem", name=re.compile("^Start"))
    expect(start).to_have_attribute("aria-disabled", "true")
    expect(start).to_contain_text("resume it first")
    page.get_by_role("menuitem", name="Resume", exact=True).click()
    expect(row(page, "web1")).to_contain_text("Running")
    assert state_of(guests, "web1") == "running"


def test_stop_and_start(guests: Server, page: Page) -> None:
    go(page, guests, "guests")
    page.get_by_role("button", name="Stop web2", exact=True).click()
    dialog = page.get_by_role("dialog", name="Stop web2?")
    dialog.get_by_label("Cut it off").check()
    expect(dialog).to_contain_text("not written to its disks yet is lost")
    dialog.get_by_role("button", name="Cut it off").click()
    expect(dialog).to_be_hidden()
    expect(row(page, "web2")).to_contain_text("Off")
    assert state_of(guests, "web2") == "shut off"
    page.get_by_role("button", name="Start web2", exact=True).click()
    expect(row(page, "web2")).to_contain_text("Running")
    page.get_by_role("button", name="Show commands").click()
    expect(page.get_by_role("dialog")).to_contain_text("virsh start web2")


def test_rename_by_keyboard(guests: Server, page: Page) -> None:
    go(page, guests, "guests")
    choose_action(page, "build", "Rename")
    name = page.get_by_role("textbox", name="New name")
    expect(name).to_be_focused()
    name.fill("no good")
    name.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("beginning with a letter or digit")
    name.fill("web1")
    name.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("exists already")
    name.fill("builder")
    name.press("Enter")
    expect(row(page, "builder")).to_be_visible()
    expect(row(page, "build")).to_be_hidden()
    guests.world.inn("rename", "builder", "build")
    expect(row(page, "build")).to_be_visible()


def test_searched_and_kept(guests: Server, page: Page) -> None:
    go(page, guests, "guests")
    search = page.get_by_role("textbox", name="Search name, title or label")
    search.fill("shop's FIRST")
    expect(row(page, "web1")).to_be_visible()
    expect(row(page, "web2")).to_be_hidden()
    search.fill("no such guest")
    page.get_by_role("button", name="Clear the search").click()
    page.get_by_role("button", name="env=test").click()  # a label in the table
    expect(row(page, "web1")).to_be_hidden()
    expect(row(page, "web2")).to_be_visible()
    page.get_by_role("button", name="Saved filters").click()
    page.get_by_role("menuitem", name="Save this filter").click()
    page.get_by_role("dialog").get_by_label("Name of the filter").fill("tests")
    page.keyboard.press("Enter")
    page.reload()  # it stands in the address
    expect(row(page, "web1")).to_be_hidden()
    page.get_by_role("button", name="Clear the filter").first.click()
    expect(row(page, "web1")).to_be_visible()
    page.get_by_role("button", name="Saved filters").click()
    page.get_by_role("menuitem", name="tests", exact=True).click()
    expect(row(page, "web1")).to_be_hidden()
    expect(page).to_have_url(re.compile("label=env"))


def test_cards_show_screens(guests: Server, page: Page) -> None:
    go(page, guests, "guests")
    page.get_by_role("button", name="Cards").click()
    picture = page.get_by_role("article", name="web1").get_by_alt_text("Screen of web1")
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector('img[alt=\"Screen of web1\"]').naturalWidth > 300")
    expect(page.get_by_alt_text("Screen of build")).to_be_hidden()


def test_many_at_once_then_the_bin(guests: Server, page: Page) -> None:
    go(page, guests, "guests")
    page.get_by_role("checkbox", name="Select all").check()
    chosen = page.get_by_role("group", name="4 chosen")
    chosen.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Move 1 guest to the bin")
    expect(dialog).to_contain_text("keep – It is protected")
    dialog.get_by_label("Also the 2 that are running").check()
    dialog = page.get_by_role("dialog", name="Move 3 guests to the bin")
    for name in ("web1", "web2", "build"):
        expect(dialog.get_by_role("list").first).to_contain_text(name)
    dialog.get_by_role("button", name="Move to the bin").click()
    expect(page.get_by_text("3 of 3 done")).to_be_visible()
    expect(row(page, "web1")).to_be_hidden()
    expect(row(page, "keep")).to_be_visible()

    guests.world.inn("create", "web1", "--pxe", "--diskless", "--no-start")  # the name is free again
    page.get_by_role("navigation").get_by_role("link", name="Bin").click()
    page.get_by_role("button", name="Bring back web2", exact=True).click()
    expect(page.get_by_role("button", name="Bring back web2", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Bring back web1", exact=True).click()
    dialog = page.get_by_role("dialog", name="Bring web1 back under another name")
    dialog.get_by_role("textbox", name="New name").fill("web1-old")
    dialog.get_by_role("button", name="Bring back").click()
    expect(dialog).to_be_hidden()
    choose_action(page, "build", "Delete for good")
    dialog = page.get_by_role("dialog", name="Delete build for good?")
    expect(dialog).to_contain_text("There is no way back")
    dialog.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("The bin is empty")).to_be_visible()
    names = guests.world.virsh("list", "--all", "--name").split()
    assert sorted(names) == ["keep", "web1", "web1-old", "web2"]


def test_what_is_lost_is_named(guests: Server, page: Page) -> None:
    made = guests.world.inn("create", "disky", "--image", "tiny", "--no-start")
    assert made.returncode == 0, made.stderr
    guests.world.inn("delete", "disky")
    before = guests.world.virsh("vol-list", "default")
    volume = re.search(r"disky-\w+\.qcow2", before)
    assert volume, before
    go(page, guests, "bin")
    choose_action(page, "disky", "Delete for good")
    dialog = page.get_by_role("dialog", name="Delete disky for good?")
    expect(dialog).to_contain_text(volume[0])
    dialog.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("The bin is empty")).to_be_visible()
    guests.world.virsh("pool-refresh", "default")
    assert volume[0] not in guests.world.virsh("vol-list", "default")


def test_who_may_only_look_is_told(guests: Server, page: Page) -> None:
    """The page of somebody whose role is viewer: nothing is hidden, all of it says why."""
    viewer = {"name": "eve", "kind": "session", "role": "viewer", "csrf": "none"}
    page.locator("#main").wait_for()
    page.route("**/api/v1/session", lambda route: route.fulfill(json=viewer))
    go(page, guests, "guests")
    page.get_by_role("button", name="More actions: keep").click()
    expect(page.get_by_role("menuitem", name=re.compile("^Delete"))).to_contain_text("your role is viewer")


def test_in_chinese_on_a_phone(guests: Server, browser: Browser) -> None:
    with visit(browser, guests.fresh_link(), locale="zh-CN", size=PHONE) as phone:
        go(phone, guests, "guests")
        expect(phone.get_by_role("heading", name="虚拟机")).to_be_visible()
        expect(phone.get_by_text("运行中", exact=True).first).to_be_visible()
        wide = phone.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, wide
