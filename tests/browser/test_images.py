"""Images in the browser: who stands on them, an upload that breaks off and goes on, the catalogue, removal."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.server import Server


def open_images(page: Page) -> None:
    page.get_by_role("navigation").get_by_role("link", name="Images").click()
    expect(page.get_by_role("heading", name="Images", level=1)).to_be_visible()


def test_who_stands_on_it_and_why_it_cannot_be_removed(server: Server, page: Page) -> None:
    assert server.world.inn("create", "on-tiny", "--image", "tiny", "--no-start").returncode == 0
    open_images(page)
    row = page.get_by_role("row", name=re.compile("tiny"))
    expect(row.get_by_role("link", name="on-tiny")).to_be_visible()
    page.get_by_role("button", name="More actions: tiny").click()
    remove = page.get_by_role("menuitem", name="Remove")
    expect(remove).to_have_attribute("aria-disabled", "true")
    expect(remove).to_contain_text("These stand on it: on-tiny")
    page.get_by_role("menuitem", name="Create a guest").click()
    expect(page.get_by_role("radio", name="tiny")).to_be_checked()


def test_an_upload_goes_on_where_it_broke_off_and_becomes_an_image(
    server: Server, page: Page, tmp_path: Path
) -> None:
    disk = tmp_path / "my disk.raw"
    disk.write_bytes(b"\0" * 510 + b"\x55\xaa" + bytes(5 << 20))
    broken: list[str] = []

    def cut(route: Route) -> None:
        if (
            route.request.method == "PATCH"
            and route.request.headers.get("upload-offset") != "0"
            and not broken
        ):
            broken.append(route.request.headers["upload-offset"])
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/uploads/*", cut)
    open_images(page)
    page.get_by_role("button", name="Upload an image").click()
    dialog = page.get_by_role("dialog", name="Upload an image")
    expect(dialog.get_by_role("button", name="Take it in")).to_be_disabled()
    dialog.locator("input[type=file]").set_input_files(disk)
    expect(dialog.get_by_role("status").filter(has_text="on the server")).to_be_visible()
    assert broken
    expect(dialog.get_by_label("Name")).to_have_attribute("placeholder", "my-disk")
    dialog.get_by_label("Name").fill("mine")
    dialog.get_by_role("button", name="Take it in").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="mine", exact=True)).to_be_visible()
    assert server.world.inn_json("image", "show", "mine")["virtual_size"] >= 5 << 20
    _remove_mine(server, page)


def _remove_mine(server: Server, page: Page) -> None:
    show_and_remove(server, page)


def show_and_remove(server: Server, page: Page) -> None:
    page.get_by_role("button", name="mine", exact=True).click()
    expect(page.get_by_role("dialog", name="mine")).to_contain_text("SHA-256")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More actions: mine").click()
    page.get_by_role("menuitem", name="Remove").click()
    asked = page.get_by_role("dialog", name="Remove mine?")
    expect(asked).to_contain_text("There is no way back.")
    asked.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("button", name="mine", exact=True)).to_have_count(0)
    assert server.world.inn("image", "show", "mine").returncode == 2


def test_the_catalogue(page: Page) -> None:
    open_images(page)
    page.get_by_role("tab", name="Catalogue").click()
    page.get_by_label("Search the catalogue").fill("debian")
    rows = page.get_by_role("grid", name="Catalogue").get_by_role("row")
    expect(rows.filter(has_text="Debian 12 (bookworm)")).to_have_count(1)
    expect(rows.filter(has_text="Fedora")).to_have_count(0)
    expect(page.get_by_role("button", name="Fetch: Debian 12 (bookworm)")).to_be_enabled()


def test_what_is_built_and_made_is_asked_well(server: Server, page: Page) -> None:
    server.world.inn("create", "runs", "--image", "tiny")
    open_images(page)
    page.get_by_role("button", name="Make an image").click()
    page.get_by_role("menuitem", name="Build of a distribution's packages").click()
    dialog = page.get_by_role("dialog")
    build = dialog.get_by_role("button", name="Build", exact=True)
    expect(build).to_be_disabled()  # there is a tiny already
    dialog.get_by_label("Replace tiny").check()
    expect(build).to_be_enabled()
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Make an image").click()
    page.get_by_role("menuitem", name="Make of a guest").click()
    dialog.get_by_role("button", name=re.compile("^Guest: ")).click()
    running = page.get_by_role("option", name=re.compile("^runs"))
    expect(running).to_have_attribute("aria-disabled", "true")
    expect(running).to_contain_text("It has to be off")


def test_a_part_of_the_pages_that_did_not_come_is_fetched_again(page: Page) -> None:
    cut: set[str] = set()

    def once(route: Route) -> None:
        if route.request.url in cut:
            route.continue_()
        else:
            cut.add(route.request.url)
            route.abort("connectionreset")

    page.route("**/assets/*.js", once)
    page.route("**/assets/*.css", once)
    open_images(page)
    styles = sorted(url for url in cut if url.endswith(".css"))
    assert styles
    page.wait_for_function(
        """(styles) => styles.every((one) => [...document.styleSheets].some((sheet) => {
          try { return sheet.href === one && sheet.cssRules.length; } catch { return false; }
        }))""",
        arg=styles,
    )
