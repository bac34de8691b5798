"""Somebody who has never seen a terminal and read nothing makes a Debian guest, uses it, repairs and deletes it.

All of it by what stands on the pages; the world is touched only to break things, and to see that what they say is so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import visit
from tests.browser.test_console import KEYS, connected, rows, screen, shows_more_than, terminal
from tests.real import boot_media
from tests.server import Server
from tests.world import World

pytestmark = pytest.mark.long
NAME = "debian-1"
BOOT = 900.0
"""Seconds for a first boot under load: it is emulated."""
SOON = 120_000
expect.set_options(timeout=60_000)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with World() as world:
        world.seed_image("debian-12")
        with Server(world) as made:
            yield made


def to(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Menu").get_by_role("link", name=name, exact=True).click()


def attention(page: Page, text: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("list", name="Needs attention").get_by_role("listitem").filter(has_text=text)


def test_a_life_of_a_debian_guest(server: Server, browser: Browser) -> None:
    with visit(browser, server.fresh_link()) as page:
        page.set_default_timeout(SOON)
        user, password = make(page)
        boot_media.wait_for_log(
            server.world, NAME, lambda log: bool(re.search("Cloud-init.*finished", log)), BOOT
        )
        log_in_on_the_screen(server, page, user, password)
        log_in_on_serial(page, user, password)
        give_it_more_memory(server, page)
        repair_the_host(server, page)
        find_it_crashed(server, page)
        delete_bring_back_and_delete_for_good(server, page)


def make(page: Page) -> tuple[str, str]:
    """In three clicks; how to log in is told beside its screen, which draws as it boots."""
    page.get_by_role("link", name="Create a guest").click()
    page.locator("label[for='image-debian-12']").click()
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url(f"**/guests/{NAME}/console", timeout=SOON)
    said = page.get_by_text(f"Log in to {NAME} as").text_content() or ""
    found = re.search(r"as (\S+) with the password (\w+)", said)
    assert found, said
    connected(page)
    shows_more_than(page, 1000, NAME)
    return found[1], found[2]


def log_in_on_the_screen(server: Server, page: Page, user: str, password: str) -> None:
    """`login` switches echo off and then asks: what is typed sooner would be shown. No key of it needs Shift."""
    screen(page, NAME).focus()
    for line in ("", user, password, "sudo cp /etc/hostname /dev/console"):
        page.keyboard.type(line, delay=KEYS)
        page.keyboard.press("Enter")
        page.wait_for_timeout(5000)
    boot_media.wait_for_log(server.world, NAME, lambda log: bool(re.search(rf"^{NAME}\s*$", log, re.M)))


def log_in_on_serial(page: Page, user: str, password: str) -> None:
    page.get_by_role("button", name="Serial port", exact=True).click()
    connected(page)
    terminal(page).focus()
    page.keyboard.press("Enter")
    for asked, answer in (("login: $", user), ("Password: $", password)):
        expect(rows(page)).to_contain_text(re.compile(asked.replace("$", r"\s*$")), timeout=SOON)
        page.keyboard.type(f"{answer}\n")
    expect(rows(page)).to_contain_text(re.compile(rf"{user}@{NAME}:~\$"), timeout=SOON)
    page.keyboard.type("echo $((6*7))seen\n")
    expect(rows(page)).to_contain_text("42seen", timeout=SOON)


def give_it_more_memory(server: Server, page: Page) -> None:
    """What it wants is told to come with the next start, which is a button away."""
    page.get_by_role("tab", name="Hardware").click()
    memory = page.get_by_label("Memory", exact=True)
    page.get_by_label("Memory: unit").select_option("MiB")
    memory.fill("640")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile("Memory: .* → 640M, "))).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Off", timeout=180_000)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Running", timeout=SOON)
    assert server.world.inn_json("show", NAME)["memory"] == 640 << 20
    expect(page.get_by_text(re.compile("At its next start:"))).to_have_count(0)


def repair_the_host(server: Server, page: Page) -> None:
    """A switch of the kernel and the pool of its disk: told first of all, with a button that mends it."""
    world = server.world
    world.run(["sysctl", "-w", "net.ipv4.ip_forward=0"], check=True)
    world.virsh("pool-destroy", "default")
    to(page, "Host")
    to(page, "Overview")
    for text in (re.compile("forward", re.I), re.compile("storage pool default .* is not active")):
        told = attention(page, text)
        told.get_by_role("button", name="Repair").click(timeout=SOON)
        dialog = page.get_by_role("dialog", name="Repair the host")
        dialog.get_by_role("button", name="Repair").click()
        expect(dialog.get_by_text(re.compile("^Success: *Repaired|Repaired: ")).first).to_be_visible(
            timeout=SOON
        )
        dialog.get_by_role("button", name="Close").last.click()
        expect(told).to_have_count(0, timeout=SOON)
    assert world.run(["sysctl", "-n", "net.ipv4.ip_forward"], check=True).stdout.strip() == "1"
    assert "default" in world.virsh("pool-list", "--name").split()


def find_it_crashed(server: Server, page: Page) -> None:
    server.world.run(["pkill", "-9", "-f", f"guest={NAME},"], check=True)
    told = attention(page, f"{NAME} crashed")
    told.get_by_role("link", name="Show guest").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("Off|Crashed"))
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Running", timeout=SOON)


def delete_bring_back_and_delete_for_good(server: Server, page: Page) -> None:
    delete(page)
    to(page, "Bin")
    page.get_by_role("button", name=f"Bring back {NAME}").click()
    expect(page.get_by_role("heading", name="The bin is empty")).to_be_visible(timeout=SOON)
    to(page, "Guests")
    page.get_by_role("link", name=NAME).click()
    delete(page)
    to(page, "Bin")
    page.get_by_role("button", name=f"More actions: {NAME}").click()
    page.get_by_role("menuitem", name="Delete for good").click()
    dialog = page.get_by_role("dialog", name=f"Delete {NAME} for good?")
    expect(dialog.get_by_role("listitem").filter(has_text=re.compile(rf"{NAME}-\w+\.qcow2"))).to_have_count(1)
    dialog.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", name="The bin is empty")).to_be_visible(timeout=SOON)
    server.world.virsh("pool-refresh", "default")
    assert NAME not in server.world.virsh("vol-list", "default")
    assert NAME not in server.world.virsh("list", "--all", "--name")


def delete(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Actions")).click()
    page.get_by_role("menuitem", name="Delete", exact=True).click()
    dialog = page.get_by_role("dialog", name=f"Delete {NAME}?")
    running = dialog.get_by_label("It is running: cut it off first")
    if running.count():
        running.check()
    dialog.get_by_role("button", name="Move to the bin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Guests", timeout=SOON)
