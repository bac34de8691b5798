"""What is typed stays, on other pages, through a reload and an update of the server; and what helps is on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, FilePayload, Page, Route, expect

from tests.browser.chromium import visit
from tests.browser.reading import settled, untranslated
from tests.browser.test_create import choose_image, create, dry_run, open_create
from tests.browser.test_everything import NAMES
from tests.server import Server


def to(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Menu").get_by_role("link", name=name, exact=True).click()


def asked(page: Page) -> list[str]:
    """What the browser itself asks from now on; each is answered with yes."""
    kinds: list[str] = []

    def answer(dialog: Dialog) -> None:
        kinds.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    return kinds


def test_a_form_outlives_its_page_and_a_reload(page: Page) -> None:
    open_create(page)
    choose_image(page, "tiny")
    page.get_by_label("Name", exact=True).fill("kept1")
    expect(dry_run(page)).to_contain_text("128 MiB")  # its default, and with that the unit of what is typed
    page.get_by_role("textbox", name="Memory").fill("192")
    to(page, "Networks")
    page.get_by_role("link", name="Create guest").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("kept1")
    kinds = asked(page)
    page.reload()
    assert kinds == ["beforeunload"]
    expect(page.get_by_label("Name", exact=True)).to_have_value("kept1")
    expect(dry_run(page)).to_contain_text("192 MiB")
    page.get_by_role("button", name="Begin afresh").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    expect(page.get_by_role("radio", name="tiny")).not_to_be_checked()
    page.reload()
    assert kinds == ["beforeunload"]


def test_no_secret_is_written_down(page: Page) -> None:
    open_create(page)
    page.get_by_label("Name", exact=True).fill("kept2")
    stored: str = page.evaluate("sessionStorage.getItem('innkeeper.drafts')")
    assert "kept2" in stored
    assert "password" not in stored
    assert "userData" not in stored


def test_what_was_made_leaves_no_draft(page: Page) -> None:
    open_create(page)
    choose_image(page, "tiny")
    page.get_by_label("Name", exact=True).fill("kept3")
    create(page)
    page.wait_for_url("**/guests/kept3/console", timeout=60_000)
    open_create(page)
    expect(page.get_by_label("Name", exact=True)).to_have_value("")


def test_an_upload_is_not_left_by_mistake(page: Page) -> None:
    def hold(route: Route) -> None:
        if route.request.method == "PATCH":
            return  # a part of the file that is long on its way
        route.continue_()

    page.route(re.compile("/api/v1/uploads"), hold)
    open_create(page)
    page.get_by_role("tab", name="Installation CD").click()
    file: FilePayload = {"name": "some.iso", "mimeType": "application/octet-stream", "buffer": b"x" * 4096}
    page.get_by_label("Installation CD", exact=True).locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("button", name="Cancel the upload")).to_be_visible()
    to(page, "Networks")
    dialog = page.get_by_role("dialog", name="Leave while a file is uploaded?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="Create a guest")).to_be_visible()
    to(page, "Networks")
    dialog.get_by_role("button", name="Leave and stop the upload").click()
    expect(page.get_by_role("heading", name="Networks", level=1)).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")


@pytest.fixture
def updated(page: Page) -> Iterator[Page]:
    """Pages of a server that has others by now: what these would still load is gone."""
    settled(page)
    page.route(re.compile(r"/assets/.*\.js$"), lambda route: route.fulfill(status=404, body="gone"))
    page.route(
        re.compile(r"^https?://[^/]+/$"),
        lambda route: route.fulfill(
            content_type="text/html", body='<script type="module" src="/assets/shell-Another1.js"></script>'
        ),
    )
    yield page
    page.unroute_all(behavior="ignoreErrors")


def test_an_update_of_the_server_is_said(updated: Page) -> None:
    to(updated, "Networks")
    expect(updated.get_by_role("heading", name="The server was updated")).to_be_visible()
    updated.unroute_all(behavior="ignoreErrors")
    updated.get_by_role("button", name="Load again").click()
    expect(updated.get_by_role("heading", name="Networks", level=1)).to_be_visible()


def test_what_helps_is_a_link_and_no_command(server: Server, page: Page) -> None:
    """A guest that another holds: the remedy of the command line names a command, that of the page does not."""
    problem = {
        "type": "about:blank", "status": 409, "code": "operation.busy", "title": "web9 is busy: guest.stop web9",
        "remedy": "wait for that to end, or see 'inn operation list'", "outcome": "refused", "facts": {"name": "web9"},
    }  # fmt: skip
    assert server.world.inn("create", "web9", "--image", "tiny", "--no-start").returncode == 0
    page.route(
        re.compile("/guests/web9/rename"),
        lambda route: route.fulfill(status=409, content_type="application/problem+json", json=problem),
    )
    to(page, "Guests")
    page.get_by_role("link", name="web9").click()
    page.get_by_role("button", name=re.compile("^Actions")).click()
    page.get_by_role("menuitem", name="Rename").click()
    dialog = page.get_by_role("dialog", name="Rename web9")
    dialog.get_by_role("textbox", name="New name").fill("web10")
    dialog.get_by_role("button", name="Rename").click()
    told = dialog.locator(".pf-v6-c-alert").filter(has_text="web9 is busy")
    expect(told).to_contain_text("the operations show how far it is")
    expect(told).not_to_contain_text("inn operation")
    told.get_by_role("link", name="To the operations").click()
    expect(page.get_by_role("heading", name="Operations", level=1)).to_be_visible()
    expect(dialog).to_have_count(0)


def test_dialogs_speak_chinese_to_those_who_hear_them(server: Server, browser: Browser) -> None:
    """PatternFly's own words are English: "Close", "Danger alert:"."""
    with visit(browser, server.fresh_link(), locale="zh-CN") as page:
        page.get_by_role("navigation").get_by_role("link", name="虚拟机").click()
        page.get_by_role("link", name="web9").click()
        page.get_by_role("button", name=re.compile("^操作")).click()
        page.get_by_role("menuitem", name="删除", exact=True).click()
        expect(page.get_by_role("dialog").get_by_role("button", name="关闭")).to_be_visible()
        expect(page.get_by_role("dialog").get_by_role("heading")).to_contain_text("警告：")
        assert untranslated(page, NAMES) == []
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.goto(f"{server.url}/host/doctor")
        expect(page.get_by_role("heading", level=3).first).to_be_visible(timeout=40_000)
        assert "alert:" not in page.locator("body").inner_html()
