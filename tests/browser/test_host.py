"""The host: facts, the doctor with repair and undo, devices; and the settings, with who is let in and schedules."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import visit
from tests.server import Server

FORWARDING = "net.ipv4.ip_forward"


def to(page: Page, server: Server, path: str) -> None:
    expect(page.get_by_role("navigation").first).to_be_visible()  # signed in
    page.goto(server.url + path)


def test_facts(server: Server, page: Page) -> None:
    assert server.world.inn("create", "web1", "--image", "tiny").returncode == 0
    to(page, server, "/host")
    expect(page.get_by_role("heading", name="System")).to_be_visible()
    expect(page.get_by_role("link", name="1 of 1")).to_be_visible()
    expect(page.get_by_text("qemu:///system")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("nat"))).to_have_attribute("href", "/networks/default")
    page.get_by_role("button", name="More actions: Host").click()
    page.get_by_role("menuitem", name="Stop all guests").click()
    dialog = page.get_by_role("dialog", name="Stop all guests?")
    expect(dialog).to_contain_text("1 guest runs")
    dialog.get_by_role("radio", name=re.compile("turned off hard")).check()
    dialog.get_by_role("button", name="Cancel").click()
    assert "web1" in server.world.virsh("list", "--name")


def test_the_doctor_finds_repairs_and_takes_it_back(server: Server, page: Page) -> None:
    world = server.world
    world.run(["sysctl", "-w", f"{FORWARDING}=0"], check=True)
    to(page, server, "/host/doctor")
    undo = page.get_by_role("button", name="Undo repairs")
    expect(undo).to_have_attribute("aria-disabled", "true")
    finding = page.get_by_role("heading", name=re.compile("forward", re.I)).first
    expect(finding).to_be_visible(timeout=40_000)
    page.get_by_role("button", name=re.compile(r"Repair \d+ problem")).click()
    dialog = page.get_by_role("dialog", name="Repair the host")
    expect(dialog.get_by_role("listitem").filter(has_text=FORWARDING).first).to_be_visible()
    dialog.get_by_role("button", name="The same by hand").click()
    expect(dialog.get_by_text(re.compile("sysctl")).first).to_be_visible()
    dialog.get_by_role("button", name="Repair").click()
    expect(dialog.get_by_text(re.compile(f"Repaired: .*{FORWARDING}"))).to_be_visible(timeout=60_000)
    assert forwarding(server) == "1"
    dialog.get_by_role("button", name="Close").last.click()
    expect(page.get_by_role("button", name=re.compile(r"Repair \d+ problem"))).to_have_count(
        0, timeout=40_000
    )

    expect(undo).not_to_have_attribute("aria-disabled", "true")
    undo.click()
    dialog = page.get_by_role("dialog", name=re.compile("Undo repairs"))
    dialog.get_by_role("button", name="Put them back").click()
    expect(dialog.get_by_text(re.compile(f"Put back: .*{FORWARDING}"))).to_be_visible(timeout=60_000)
    assert forwarding(server) == "0"
    world.run(["sysctl", "-w", f"{FORWARDING}=1"], check=True)


def forwarding(server: Server) -> str:
    return server.world.run(["sysctl", "-n", FORWARDING], check=True).stdout.strip()


def test_devices(server: Server, page: Page) -> None:
    to(page, server, "/host/devices")
    page.get_by_text("Also what no guest can be given").click()
    lo = page.get_by_role("row").filter(has=page.get_by_text("lo", exact=True))
    expect(lo.first).to_be_visible()
    page.get_by_role("textbox", name="Search devices").fill("no-such-device")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.get_by_role("button", name="Clear the search").click()
    expect(lo.first).to_be_visible()


def test_language_and_theme_change_at_once_and_stay(server: Server, page: Page) -> None:
    to(page, server, "/settings")
    page.get_by_role("radio", name="Dark").check()
    expect(page.locator("html")).to_have_class(re.compile("pf-v6-theme-dark"))
    page.get_by_role("radio", name="简体中文").check()
    expect(page.get_by_role("heading", name="设置")).to_be_visible()
    expect(page.get_by_role("link", name="虚拟机", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="设置")).to_be_visible()
    expect(page.locator("html")).to_have_class(re.compile("pf-v6-theme-dark"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_a_link_lets_another_browser_in_until_it_is_signed_out(
    server: Server, page: Page, browser: Browser
) -> None:
    to(page, server, "/settings?tab=access")
    page.get_by_role("button", name="Let another browser in").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Make a link").click()
    link = dialog.get_by_role("textbox").input_value()
    dialog.get_by_role("button", name="Close").last.click()
    with visit(browser, link, locale="zh-CN") as other:
        expect(other.get_by_role("navigation").first).to_be_visible()
        page.reload()
        newest = page.get_by_role("row").filter(has_text="Chrome").filter(has_not_text="this one").first
        newest.get_by_role("button", name=re.compile("Sign out")).click()
        page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        other.reload()
        expect(other.get_by_role("button", name="登录")).to_be_visible()
    expect(page.get_by_text("this one")).to_be_visible()


def test_a_token_is_shown_once_works_and_is_revoked(server: Server, page: Page) -> None:
    to(page, server, "/settings?tab=access")
    page.get_by_role("button", name="Make a token").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Make it")).to_have_attribute("aria-disabled", "true")
    dialog.get_by_role("textbox", name="Name").fill("monitoring")
    dialog.get_by_role("radio", name="Viewer").check()
    dialog.get_by_role("button", name="Make it").click()
    dialog = page.get_by_role("dialog", name="The token monitoring")
    token = dialog.get_by_role("textbox").input_value()
    dialog.get_by_role("button", name="Close").last.click()
    assert token not in page.content()
    with server.browser(headers={"Authorization": f"Bearer {token}"}) as program:
        assert program.get("/api/v1/guests").status_code == 200
        assert program.post("/api/v1/links").status_code == 403
        row = page.get_by_role("row").filter(has_text="monitoring")
        expect(row).to_contain_text("Viewer")
        row.get_by_role("button", name="Revoke: monitoring").click()
        page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(row).to_have_count(0)
        assert program.get("/api/v1/guests").status_code == 401


def test_a_schedule_is_made_run_and_removed(server: Server, page: Page) -> None:
    assert server.world.inn("create", "lab", "--pxe", "--diskless", "--no-start").returncode == 0
    to(page, server, "/settings?tab=schedules")
    expect(page.get_by_role("heading", name="No schedules")).to_be_visible()
    page.get_by_role("button", name="Make a schedule").click()
    dialog = page.get_by_role("dialog", name="Make a schedule")
    dialog.get_by_label("What it does").select_option(label="Start a guest")
    dialog.get_by_label("How often").select_option(label="Every week")
    dialog.get_by_label("On", exact=True).select_option(label="Friday")
    dialog.get_by_label("At", exact=True).fill("07:05")
    dialog.get_by_label("Guest").fill("nobody")
    dialog.get_by_role("button", name="Make it").click()
    expect(
        dialog.get_by_text(re.compile("nobody")).first
    ).to_be_visible()  # refused, and nothing typed is lost
    expect(dialog.get_by_label("At", exact=True)).to_have_value("07:05")
    dialog.get_by_label("Guest").fill("lab")
    dialog.get_by_role("button", name="Make it").click()
    row = page.get_by_role("row").filter(has_text="lab-start")
    expect(row).to_contain_text("every Friday at 07:05")
    made = server.client.get("/api/v1/schedules/lab-start").json()
    assert (made["cron"], made["action"], made["guest"]) == ("5 7 * * 5", "start", "lab")

    page.get_by_role("button", name="More actions: lab-start").click()
    page.get_by_role("menuitem", name="Run now").click()
    page.get_by_role("dialog").get_by_role("button", name="Run now").click()
    expect(row.get_by_role("link", name=re.compile("ago|now"))).to_be_visible()
    assert "lab" in server.world.virsh("list", "--name")

    page.get_by_role("button", name="More actions: lab-start").click()
    page.get_by_role("menuitem", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", name="No schedules")).to_be_visible()
