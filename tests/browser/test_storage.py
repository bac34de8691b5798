"""Storage: pools with their room, what is in them and who uses it; a file goes in, comes out, and is removed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import PHONE, visit
from tests.server import Server

POOL = "/var/lib/libvirt/images"


@pytest.fixture(scope="module", autouse=True)
def guest(server: Server) -> None:
    server.world.inn("create", "web1", "--image", "tiny", "--no-start", check=True)


@pytest.fixture
def pool(server: Server, page: Page) -> Page:
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Storage").click()
    page.get_by_role("list", name="Storage pools").get_by_role("link", name="default").click()
    expect(page.get_by_role("heading", level=1, name="default")).to_be_visible()
    return page


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_text(name, exact=True))


def menu(page: Page, name: str) -> None:
    row(page, name).get_by_role("button", name=f"More actions: {name}").click()


def upload(page: Page, file: Path) -> Locator:
    page.get_by_role("button", name="Upload", exact=True).first.click()
    dialog = page.get_by_role("dialog", name="Upload into default")
    dialog.get_by_label("File", exact=True).set_input_files(file)
    expect(dialog.get_by_text("on the server")).to_be_visible()
    return dialog


def test_pools_and_who_uses_what(page: Page) -> None:
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Storage").click()
    pools = page.get_by_role("list", name="Storage pools").get_by_role("listitem")
    expect(pools.filter(has_text="innkeeper-images")).to_contain_text("Active")
    default = pools.filter(has=page.get_by_role("link", name="default"))
    expect(default).to_contain_text(re.compile(r"Directory · 1 volume.*free of", re.DOTALL))
    default.get_by_role("link").click()
    used = row(page, page.get_by_text(re.compile(r"^web1-\w+\.qcow2$")).inner_text())
    expect(used).to_contain_text("64 MiB")
    used.get_by_role("button").click()
    removal = page.get_by_role("menuitem", name="Remove")
    expect(removal).to_have_attribute("aria-disabled", "true")
    expect(removal).to_contain_text("Used by web1")
    page.keyboard.press("Escape")
    page.get_by_label("Only what nobody uses").check()
    expect(page.get_by_text("Nothing matches", exact=True)).to_be_visible()
    page.get_by_role("button", name="Clear the search").click()
    used.get_by_role("link", name="web1").click()
    expect(page).to_have_url(re.compile("/guests/web1$"))


def test_a_file_goes_in_comes_out_and_is_removed(pool: Page, tmp_path: Path) -> None:
    disk = tmp_path / "Mein Täst disk.raw"
    disk.write_bytes(b"innkeeper!!!!!!!" * 20_480)
    dialog = upload(pool, disk)
    name = dialog.get_by_label("Name in the pool")
    expect(name).to_have_value("Mein-Ta-st-disk.raw")
    put = dialog.get_by_role("button", name="Put it there")
    name.fill("../disk")
    expect(put).to_have_attribute("aria-disabled", "true")
    name.fill("disk.raw")
    put.click()
    expect(dialog).to_be_hidden()
    expect(row(pool, "disk.raw")).to_contain_text("Nobody")
    menu(pool, "disk.raw")
    with pool.expect_download() as fetched:
        pool.get_by_role("menuitem", name="Download").click()
    assert Path(fetched.value.path()).read_bytes() == disk.read_bytes()

    disk.write_bytes(b"another!" * 1024)
    dialog = upload(pool, disk)
    dialog.get_by_label("Name in the pool").fill("disk.raw")
    expect(dialog.get_by_role("button", name="Put it there")).to_have_attribute("aria-disabled", "true")
    dialog.get_by_label(re.compile("Take the place")).check()
    dialog.get_by_role("button", name="Put it there").click()
    expect(dialog).to_be_hidden()
    expect(row(pool, "disk.raw")).to_contain_text("8 KiB")

    menu(pool, "disk.raw")
    pool.get_by_role("menuitem", name="Remove").click()
    question = pool.get_by_role("dialog", name="Remove disk.raw?")
    expect(question).to_contain_text("Download it first")
    question.get_by_role("button", name="Remove").click()
    expect(question).to_be_hidden()
    expect(row(pool, "disk.raw")).to_have_count(0)
    pool.get_by_role("button", name="Show commands").click()
    expect(pool.get_by_role("dialog", name="Show commands")).to_contain_text(
        "virsh vol-delete --pool default disk.raw"
    )


def test_what_is_refused_says_why_and_loses_nothing(server: Server, pool: Page, tmp_path: Path) -> None:
    trojan = tmp_path / "trojan.qcow2"
    options = ["-q", "-f", "qcow2", "-u", "-b", "/etc/shadow", "-F", "raw"]
    server.world.run(["qemu-img", "create", *options, str(trojan), "1M"], check=True)
    dialog = upload(pool, trojan)
    dialog.get_by_label("Name in the pool").fill("my-disk")
    dialog.get_by_role("button", name="Put it there").click()
    expect(dialog.get_by_role("heading", name=re.compile("etc.shadow"))).to_be_visible()
    expect(dialog.get_by_label("Name in the pool")).to_have_value("my-disk")
    expect(dialog).to_contain_text("Nothing was changed")
    dialog.get_by_role("button", name="Cancel", exact=True).click()
    expect(row(pool, "my-disk")).to_have_count(0)


def test_what_others_do_appears(server: Server, pool: Page) -> None:
    expect(pool.get_by_role("grid", name="Volumes")).to_be_visible()  # from now on events tell
    server.world.virsh("vol-create-as", "default", "by-virsh.qcow2", "16M", "--format", "qcow2")
    expect(row(pool, "by-virsh.qcow2")).to_contain_text("16 MiB")
    server.world.virsh("vol-delete", "--pool", "default", "by-virsh.qcow2")
    expect(row(pool, "by-virsh.qcow2")).to_have_count(0)
    server.world.virsh("pool-destroy", "default")
    expect(pool.get_by_role("heading", level=1)).to_contain_text("Not active")
    button = pool.get_by_role("button", name="Upload", exact=True)
    expect(button).to_have_attribute("aria-disabled", "true")
    server.world.virsh("pool-start", "default")
    expect(pool.get_by_role("heading", level=1)).not_to_contain_text("Not active")
    expect(pool.get_by_role("grid", name="Volumes")).to_be_visible()


def test_a_pool_with_nothing_in_it_and_one_that_is_not_there(server: Server, browser: Browser) -> None:
    server.world.run(["mkdir", "-p", "/var/lib/spare"], check=True)
    server.world.virsh("pool-create-as", "spare", "dir", "--target", "/var/lib/spare")
    with visit(browser, server.fresh_link(), locale="zh-CN", scheme="dark", size=PHONE) as page:
        expect(page.get_by_role("banner")).to_be_visible()
        page.goto(f"{server.url}/storage/spare")
        expect(page.get_by_role("heading", name="此存储池还是空的")).to_be_visible()
        page.goto(f"{server.url}/storage/nowhere")
        expect(page.get_by_text("没有存储池 nowhere")).to_be_visible()
    server.world.virsh("pool-destroy", "spare")
