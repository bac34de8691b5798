"""What comes back: a guest from its backup, an export or its saved memory."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_create import create, dry_run, open_create
from tests.server import Server


def opened(page: Page, server: Server, path: str) -> None:
    page.get_by_role("banner").first.wait_for()
    page.goto(f"{server.url}{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def choose(page: Page, action: str) -> Locator:
    """An action of a guest's page; the dialog that it opens."""
    page.get_by_role("button", name=re.compile("^Actions")).click()
    page.get_by_role("menuitem", name=action, exact=True).click()
    return page.get_by_role("dialog")


@pytest.fixture(scope="module")
def guest(server: Server) -> str:
    made = server.world.inn("create", "web1", "--image", "tiny", "--no-start")
    assert made.returncode == 0, made.stderr
    return "web1"


def test_a_backup_comes_back_beside_and_in_its_place(server: Server, page: Page, guest: str) -> None:
    opened(page, server, f"/guests/{guest}/backups")
    page.get_by_role("button", name="Back up now").click()
    page.get_by_role("dialog").get_by_role("button", name="Back up", exact=True).click()
    row = page.get_by_role("row").filter(has_text="Innkeeper's own place")
    expect(row).to_have_count(1, timeout=60_000)
    row.get_by_role("button", name=re.compile("^More actions")).click()
    page.get_by_role("menuitem", name="Restore …").click()
    dialog = page.get_by_role("dialog", name=re.compile("Restore the backup of"))
    dialog.get_by_label("Name of the new guest").fill("web1-copy")
    dialog.get_by_role("button", name="Restore", exact=True).click()
    expect(dialog).to_be_hidden()
    done = page.locator(".pf-v6-c-alert").filter(has_text="web1-copy: done")
    expect(done).to_be_visible(timeout=60_000)
    done.get_by_role("link", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("web1-copy")
    assert server.world.inn_json("show", "web1-copy")["uuid"] != server.world.inn_json("show", guest)["uuid"]

    server.world.inn("set", guest, "--title", "changed since", check=True)
    opened(page, server, f"/guests/{guest}/backups")
    row.get_by_role("button", name=re.compile("^More actions")).click()
    page.get_by_role("menuitem", name="Restore …").click()
    dialog.get_by_label("In its place").check()
    expect(dialog).to_contain_text("can be brought back under another name")
    dialog.get_by_role("button", name="Restore", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("changed since")).to_have_count(0, timeout=60_000)
    expect(page.locator(".pf-v6-c-alert").filter(has_text="web1: done")).to_be_visible(timeout=60_000)
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Bin").click()
    expect(page.get_by_role("row").filter(has_text="changed since")).to_have_count(1)


def test_an_export_is_fetched_and_makes_the_guest_again(
    server: Server, page: Page, guest: str, tmp_path: Path
) -> None:
    opened(page, server, f"/guests/{guest}")
    dialog = choose(page, "Export")
    expect(dialog).to_contain_text("It is off")
    with page.expect_download(timeout=60_000) as coming:
        dialog.get_by_role("button", name="Export", exact=True).click()
    file = tmp_path / coming.value.suggested_filename
    coming.value.save_as(file)
    assert file.name == "web1.inn"
    open_create(page)
    page.get_by_role("tab", name="Disk").click()
    page.get_by_label("A whole guest").check()
    page.get_by_label("Export", exact=True).set_input_files(file)
    expect(page.get_by_role("status").filter(has_text="on the server")).to_be_visible(timeout=60_000)
    page.get_by_label("Name", exact=True).fill("web2")
    expect(dry_run(page)).to_contain_text("web1.inn")
    create(page)
    page.wait_for_url(re.compile("/guests/web2(/console)?$"), timeout=60_000)
    assert server.world.inn_json("show", "web2")["uuid"] != server.world.inn_json("show", guest)["uuid"]


def test_what_is_no_export_is_refused_with_what_to_do(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "holiday.inn"
    file.write_bytes(b"no export at all" * 100)
    open_create(page)
    page.get_by_role("tab", name="Disk").click()
    page.get_by_label("A whole guest").check()
    page.get_by_label("Export", exact=True).set_input_files(file)
    expect(dry_run(page)).to_contain_text("Check that it is the file that Export made", timeout=60_000)
    expect(dry_run(page)).not_to_contain_text("inn export")
    expect(page.get_by_role("button", name="Create", exact=True)).to_be_disabled()


def test_saved_memory_goes_on_or_is_dropped(server: Server, page: Page) -> None:
    server.world.inn("create", "sleepy", "--image", "tiny", check=True)
    opened(page, server, "/guests/sleepy")
    heading = page.get_by_role("heading", level=1)
    page.get_by_role("button", name=re.compile("^Actions")).click()
    page.get_by_role("menuitem", name="Save its state").click()
    expect(heading).to_contain_text("Saved", timeout=60_000)
    page.get_by_role("button", name="Wake", exact=True).click()
    expect(heading).to_contain_text("Running", timeout=60_000)
    page.get_by_role("button", name=re.compile("^Actions")).click()
    page.get_by_role("menuitem", name="Save its state").click()
    expect(heading).to_contain_text("Saved", timeout=60_000)
    dialog = choose(page, "Drop its saved state")
    expect(dialog).to_contain_text("There is no way back.")
    dialog.get_by_role("button", name="Drop the saved state").click()
    expect(heading).to_contain_text("Off", timeout=60_000)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(heading).to_contain_text("Running", timeout=60_000)


def test_netboot_says_what_it_comes_to_and_why_not(page: Page) -> None:
    open_create(page)
    page.get_by_role("tab", name="Network", exact=True).click()
    page.get_by_label("Name", exact=True).fill("net1")
    page.get_by_label("from the network (PXE)").check()
    expect(dry_run(page)).to_contain_text("inn create --pxe net1")
    expect(page.get_by_role("button", name="Create", exact=True)).to_be_enabled()
    page.get_by_label("with the installer at an address").check()
    expect(dry_run(page)).to_contain_text("address")
    page.get_by_role("textbox", name="Address").fill("http://127.0.0.1:9/nothing/")
    told = dry_run(page).locator(".pf-v6-c-alert")
    expect(told).to_contain_text("127.0.0.1:9", timeout=30_000)
    expect(told).to_contain_text("Nothing was changed.")
    expect(page.get_by_role("button", name="Create", exact=True)).to_be_disabled()
