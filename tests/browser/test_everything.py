"""What holds for every page: for who sees little or has no mouse, on a phone, in Chinese, when the line breaks."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import PHONE, visit
from tests.browser.places import GUEST, furnish, places
from tests.browser.reading import faults, go, settled, too_wide, unreached, untranslated
from tests.server import Server

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
AWAY = "server does not answer"
NAMES = re.compile(
    r"Innkeeper|libvirtd?|QEMU|KVM|VNC|VirtIO|virtio|English|[KMGTP]i?B|Debian|GNU|bookworm|Linux|Intel|AMD|EPYC|Xeon"
    r"|[\w-]*(?:tiny|web|default|reporting|paused|crashed|nobody)[\w-]*|Shop|Accounting, second copy|\w+=\w+|owner"
    r"|Red Hat, Inc\..*|[\w.-]+ (?:LTS |Cloud )?\(?\d[\w. )(-]*|Ubuntu.*|openSUSE.*|Alpine.*|nat\b|bridge"
    r"|qcow2|raw|UEFI|BIOS|/\S+|\S+@\S+|[a-z]+[-_.][\w.-]+|Python|Ctrl|Alt|Del|Shift|Tab|Esc|inn\b"
    r"|audio|none|channel|console|pty|unix|controller|usb|sata|pci|graphics|input|tablet|mouse|keyboard|memballoon|rng"
    r"|serial|video|virbr\d+|vnet\d+|linux2022|vnc\b|env|prod|trixie"
)


@pytest.fixture(scope="module")
def furnished(server: Server) -> Server:
    furnish(server)
    return server


def _all(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{name}: {line}" for name, lines in found.items() for line in lines)


def test_axe_finds_nothing_serious(furnished: Server, browser: Browser) -> None:
    found: dict[str, list[str]] = {}
    with visit(browser, furnished.url) as page:
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            settled(page)
            found[f"sign-in {scheme}"] = faults(page)
    with visit(browser, furnished.fresh_link()) as page:
        settled(page)
        for name, path in places(filled=True).items():
            go(page, path)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                page.wait_for_timeout(60)
                found[f"{name} {scheme}"] = faults(page)
    assert not _all(found), _all(found)


def test_a_phone_shows_all_of_it(furnished: Server, browser: Browser) -> None:
    found: dict[str, list[str]] = {}
    with visit(browser, furnished.fresh_link(), size=PHONE) as page:
        settled(page)
        for name, path in places(filled=True).items():
            go(page, path)
            found[name] = too_wide(page)
            expect(page.get_by_role("heading", level=1).first).to_be_visible()
        page.get_by_role("button", name="Menu", exact=True).click()
        page.get_by_role("navigation").get_by_role("link", name="Guests").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Guests")
        expect(page.get_by_role("link", name="Images")).to_be_hidden()
    assert not _all(found), _all(found)


def test_every_page_is_reached_and_left_by_keys_alone(furnished: Server, browser: Browser) -> None:
    found: dict[str, list[str]] = {}
    with visit(browser, furnished.fresh_link()) as page:
        settled(page)
        for name, path in places(filled=True).items():
            if name in ("guest-xml", "guest-console"):
                continue  # an editor and a screen take Tab for themselves; their own tests leave them
            page.goto(furnished.url + path)
            settled(page)
            found[name] = unreached(page)
    assert not _all(found), _all(found)


def test_chinese_everywhere(furnished: Server, browser: Browser) -> None:
    found: dict[str, list[str]] = {}
    with visit(browser, furnished.fresh_link(), locale="zh-CN") as page:
        settled(page)
        assert page.locator("html").get_attribute("lang") == "zh-CN"
        for name, path in places(filled=True).items():
            go(page, path)
            found[name] = untranslated(page, NAMES)
    assert not _all(found), _all(found)


def test_the_line_is_cut_and_comes_back(furnished: Server, browser: Browser) -> None:
    with visit(browser, furnished.fresh_link()) as page:
        page.get_by_role("navigation").get_by_role("link", name="Guests").click()
        row = page.get_by_role("row", name=re.compile(GUEST))
        expect(row).to_contain_text("running", ignore_case=True)
        page.context.set_offline(True)
        expect(page.get_by_text(AWAY)).to_be_visible()
        furnished.world.virsh("suspend", GUEST)
        expect(row).to_contain_text("running", ignore_case=True)  # what was last known, and said to be that
        page.context.set_offline(False)
        expect(row).to_contain_text("suspended", ignore_case=True)
        expect(page.get_by_text(AWAY)).to_be_hidden(timeout=15_000)
        furnished.world.virsh("resume", GUEST)
        expect(row).to_contain_text("running", ignore_case=True)


def test_the_server_is_restarted(furnished: Server, browser: Browser) -> None:
    with visit(browser, furnished.fresh_link()) as page:
        page.get_by_role("navigation").get_by_role("link", name="Guests").click()
        row = page.get_by_role("row", name=re.compile(GUEST))
        expect(row).to_contain_text("running", ignore_case=True)
        furnished.close()
        expect(page.get_by_text(AWAY)).to_be_visible()
        furnished.world.virsh("suspend", GUEST)
        furnished.restart(same_port=True)
        expect(page.get_by_text(AWAY)).to_be_hidden(timeout=15_000)
        expect(row).to_contain_text("suspended", ignore_case=True)
        furnished.world.virsh("resume", GUEST)
        expect(row).to_contain_text("running", ignore_case=True)


def test_libvirtd_is_restarted(furnished: Server, browser: Browser) -> None:
    with visit(browser, furnished.fresh_link()) as page:
        page.get_by_role("navigation").get_by_role("link", name="Guests").click()
        row = page.get_by_role("row", name=re.compile(GUEST))
        expect(row).to_contain_text("running", ignore_case=True)
        furnished.world.stop_libvirtd()  # type: ignore[attr-defined]  # it is a World
        expect(page.get_by_text("libvirt on the host")).to_be_visible(timeout=15_000)
        furnished.world.start_libvirtd()  # type: ignore[attr-defined]  # likewise
        furnished.world.virsh("suspend", GUEST)
        expect(page.get_by_text("libvirt on the host")).to_be_hidden(timeout=15_000)
        expect(row).to_contain_text("suspended", ignore_case=True)
        furnished.world.virsh("resume", GUEST)


def test_what_is_typed_stays_whatever_others_do(furnished: Server, browser: Browser) -> None:
    with visit(browser, furnished.fresh_link()) as mine, visit(browser, furnished.fresh_link()) as theirs:
        settled(mine)
        settled(theirs)
        mine.goto(f"{furnished.url}/guests/{GUEST}/notes")
        mine.get_by_role("textbox", name="Notes").fill("Do not stop it before noon.")
        theirs.goto(f"{furnished.url}/guests/{GUEST}/notes")
        theirs.get_by_role("textbox", name="Title").fill("Shop, moved")
        theirs.get_by_role("button", name="Save", exact=True).click()
        expect(mine.get_by_text("Shop, moved").first).to_be_visible()  # seen without a reload
        expect(mine.get_by_role("textbox", name="Notes")).to_have_value("Do not stop it before noon.")
        mine.context.set_offline(True)
        expect(mine.get_by_text(AWAY)).to_be_visible()
        mine.context.set_offline(False)
        expect(mine.get_by_text(AWAY)).to_be_hidden(timeout=15_000)
        expect(mine.get_by_role("textbox", name="Notes")).to_have_value("Do not stop it before noon.")
        mine.get_by_role("button", name="Save", exact=True).click()
        expect(mine.get_by_role("button", name="Save", exact=True)).to_be_disabled(timeout=15_000)
    shown = furnished.world.inn_json("show", GUEST)
    assert (shown["title"], shown["notes"]) == ("Shop, moved", "Do not stop it before noon.")


def test_a_guest_is_deleted_and_brought_back_in_chinese(furnished: Server, browser: Browser) -> None:
    with visit(browser, furnished.fresh_link(), locale="zh-CN") as page:
        page.get_by_role("navigation").get_by_role("link", name="虚拟机").click()
        page.get_by_role("link", name="crashed").click()
        page.get_by_role("button", name="启动", exact=True).click()
        expect(page.get_by_text("运行中").first).to_be_visible(timeout=20_000)
        page.get_by_role("button", name="操作", exact=True).click()
        page.get_by_role("menuitem", name="删除", exact=True).click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("回收站")
        dialog.get_by_label("它正在运行：先强制断电").check()
        dialog.get_by_role("button", name="移到回收站").click()
        expect(dialog).to_be_hidden(timeout=20_000)
        page.get_by_role("navigation").get_by_role("link", name="回收站").click()
        row = page.get_by_role("row", name=re.compile("crashed"))
        row.get_by_role("button", name="恢复").click()
        expect(row).to_be_hidden(timeout=20_000)
        page.get_by_role("navigation").get_by_role("link", name="虚拟机").click()
        expect(page.get_by_role("row", name=re.compile("crashed"))).to_contain_text("已关机")


def test_dialogs_and_menus_by_keys_alone(furnished: Server, browser: Browser) -> None:
    with visit(browser, furnished.fresh_link()) as page:
        settled(page)
        page.goto(f"{furnished.url}/guests/{GUEST}")
        stop = page.get_by_role("button", name="Stop", exact=True)
        expect(stop).to_be_visible()
        _tab_to(page, stop)
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(stop).to_be_focused()
        menu = page.get_by_role("button", name="Actions", exact=True)
        _tab_to(page, menu)
        page.keyboard.press("Enter")
        expect(page.get_by_role("menuitem").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(menu).to_be_focused()


def _tab_to(page: Page, wanted: Locator) -> None:
    """By Tab alone, as far as one round of the page."""
    for _ in range(80):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not come there")
