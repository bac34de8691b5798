"""Guests are made in the browser: in three clicks, from a CD that is uploaded, with what the host cannot do told."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.real import boot_media
from tests.server import Server


def choose_image(page: Page, name: str) -> None:
    page.locator(f"label[for='image-{name}']").click()
    expect(page.get_by_role("radio", name=name)).to_be_checked()


def open_create(page: Page) -> None:
    page.get_by_role("link", name="Create guest").click()
    expect(page.get_by_role("heading", name="Create a guest")).to_be_visible()


def pick(page: Page, label: str) -> Locator:
    """The open list of a choice."""
    page.get_by_role("button", name=re.compile(rf"^{label}: ")).click()
    return page.get_by_role("listbox", name=label)


def dry_run(page: Page) -> Locator:
    return page.get_by_role("complementary", name="What will be made")


def create(page: Page) -> None:
    page.get_by_role("button", name="Create", exact=True).click()


@pytest.fixture(scope="module")
def media(server: Server) -> str:
    """The folder of boot media, as this process sees it."""
    return f"/proc/{server.world.pid}/root{boot_media.make(server.world)}"


@pytest.fixture(scope="module")
def cloudy(server: Server, media: str) -> str:
    """An image that says of itself that it runs cloud-init."""
    disk = f"{boot_media.FOLDER}/disk.raw"
    said = server.world.inn(
        "image", "import", disk, "--name", "cloudy", "--cloud-init", "--user", "debian", "--format", "raw"
    )
    assert said.returncode == 0, said.stderr
    return "cloudy"


def test_three_clicks(server: Server, page: Page) -> None:
    page.get_by_role("link", name="Create guest").click()
    choose_image(page, "tiny")
    create(page)
    page.wait_for_url("**/guests/tiny-1/console")
    assert server.world.inn_json("show", "tiny-1")["state"] == "running"
    boot_media.wait_for_log(server.world, "tiny-1", boot_media.HEARTBEAT)
    page.get_by_role("button", name="Show commands").click()
    expect(page.get_by_role("dialog")).to_contain_text("virsh define --validate tiny-1.xml")


def test_the_dry_run_is_shown_and_touches_nothing(server: Server, page: Page) -> None:
    open_create(page)
    expect(dry_run(page)).to_contain_text("Choose an image.")
    expect(page.get_by_role("button", name="Create", exact=True)).to_be_disabled()
    choose_image(page, "tiny")
    page.get_by_label("Name", exact=True).fill("dry1")
    expect(dry_run(page)).to_contain_text("128 MiB")  # its default, and with that the unit of what is typed
    page.get_by_role("textbox", name="Memory").fill("256")
    page.get_by_role("button", name="One more").click()
    expect(dry_run(page)).to_contain_text("256 MiB")
    expect(dry_run(page)).to_contain_text(re.compile(r"CPUs\s*2"))
    expect(dry_run(page)).to_contain_text("inn create --image tiny --cpus 2 --memory 256M dry1")
    dry_run(page).get_by_role("button", name="Each step and document").click()
    expect(dry_run(page)).to_contain_text("virsh start dry1")
    expect(dry_run(page)).to_contain_text("<name>dry1</name>")
    assert "dry1" not in server.world.inn("list", "--all").stdout


def test_what_is_impossible_says_why(page: Page) -> None:
    open_create(page)
    choose_image(page, "tiny")
    page.get_by_role("button", name="More choices").click()
    arches = pick(page, "Architecture")
    other = arches.get_by_role("option", name=re.compile("^aarch64"))
    expect(other).to_have_attribute("aria-disabled", "true")
    expect(other).to_contain_text(re.compile("no QEMU for aarch64|image tiny is for x86_64"))
    page.keyboard.press("Escape")

    page.get_by_role("textbox", name="Memory").fill("900")
    page.get_by_label("Memory: unit").select_option("GiB")
    expect(dry_run(page)).to_contain_text("Nothing was changed.")
    expect(page.get_by_role("button", name="Create", exact=True)).to_be_disabled()
    page.get_by_role("textbox", name="Memory").fill("many")
    expect(dry_run(page)).to_contain_text("The memory is a number")


def test_a_name_that_is_taken_is_refused_and_what_was_typed_stays(server: Server, page: Page) -> None:
    assert server.world.inn("create", "taken", "--image", "tiny", "--no-start").returncode == 0
    open_create(page)
    choose_image(page, "tiny")
    name = page.get_by_label("Name", exact=True)
    name.fill("taken")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name="Create", exact=True)).to_be_disabled()
    name.fill("free1")
    expect(name).to_have_attribute("aria-invalid", "false")
    expect(page.get_by_role("button", name="Create", exact=True)).to_be_enabled()


def test_an_uploaded_cd_boots(server: Server, page: Page, media: str) -> None:
    open_create(page)
    page.get_by_role("tab", name="Installation CD").click()
    page.get_by_label("Installation CD", exact=True).locator("input[type=file]").set_input_files(
        f"{media}/tiny.iso"
    )
    expect(page.get_by_role("status").filter(has_text="on the server")).to_be_visible(timeout=60_000)
    expect(dry_run(page)).to_contain_text("tiny.iso")
    expect(dry_run(page)).not_to_contain_text("/uploads/")
    page.get_by_label("Name", exact=True).fill("cd1")
    page.get_by_role("button", name="More choices").click()
    page.get_by_label("No disk").check()
    create(page)
    page.wait_for_url("**/guests/cd1/console", timeout=60_000)
    assert server.world.inn_json("show", "cd1")["devices"]
    boot_media.wait_for_log(server.world, "cd1", boot_media.HEARTBEAT)
    server.world.inn("stop", "cd1", "--force")


def test_a_disk_that_is_brought_boots(server: Server, page: Page, media: str) -> None:
    open_create(page)
    page.get_by_role("tab", name="Disk").click()
    page.get_by_label("Disk", exact=True).locator("input[type=file]").first.set_input_files(
        f"{media}/disk.raw"
    )
    expect(page.get_by_role("status").filter(has_text="on the server")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("disk1")
    create(page)
    page.wait_for_url("**/guests/disk1/console", timeout=60_000)
    boot_media.wait_for_log(server.world, "disk1", boot_media.DISK_LINE)
    server.world.inn("stop", "disk1", "--force")


def test_the_first_boot_is_a_form_with_its_user_data_beside_it(
    server: Server, page: Page, cloudy: str
) -> None:
    open_create(page)
    choose_image(page, cloudy)
    password = page.get_by_label("Password", exact=True)
    expect(password).to_have_value(re.compile("^[a-z]{12}$"))
    page.get_by_role("button", name=re.compile("Install packages")).click()
    page.get_by_label("Packages").fill("htop")
    page.get_by_label("Commands", exact=True).fill('echo "hello: world"')
    editor = page.get_by_role("textbox", name="cloud-init user data")
    expect(editor).to_contain_text("- htop")
    expect(editor).to_contain_text(r'- "echo \"hello: world\""')
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("timezone: Europe/Berlin")
    expect(page.get_by_text("Edited by hand")).to_be_visible()
    expect(password).to_be_hidden()
    dry_run(page).get_by_role("button", name="Each step and document").click()
    expect(dry_run(page)).to_contain_text("timezone: Europe/Berlin")
    page.get_by_role("button", name="Drop it and go back").click()
    expect(editor).not_to_contain_text("timezone")
    expect(page.get_by_label("Packages")).to_have_value("htop")


def test_the_password_is_told_beside_the_new_guest(server: Server, page: Page, cloudy: str) -> None:
    open_create(page)
    choose_image(page, cloudy)
    word = page.get_by_label("Password", exact=True).input_value()
    page.get_by_role("button", name="More choices").click()
    page.get_by_label("Do not start it yet").check()
    create(page)
    page.wait_for_url(re.compile("/guests/cloudy-1$"))
    expect(page.get_by_text("Log in to cloudy-1 as debian")).to_contain_text(word)
    assert server.world.inn_json("show", "cloudy-1")["user"] == "debian"
    page.get_by_role("button", name="I have noted it").click()
    expect(page.get_by_text(word)).to_have_count(0)
