"""What holds for every page: for who sees little or has no mouse, on a phone, in Chinese, when the line breaks."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

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
    r"|audio|none|channel|console|pty|unix|controller|usb|sata|pci|graphics|input|tablet|mouse|keyboard|memballoon|rng|serial|video"
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
        page.get_by_role("link", name="Guests").click()
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
        page.get_by_role("link", name="Guests").click()
        row = page.get_by_role("row", name=re.compile(GUEST))
        expect(row).to_contain_text("running", ignore_case=True)
        page.context.set_offline(True)
        expect(page.get_by_text(AWAY)).to_be_visible()
        furnished.world.virsh("suspend", GUEST)
        expect(row).to_contain_text("running", ignore_case=True)  # what was last known, and said to be that
        page.context.set_offline(False)
        expect(row).to_contain_text("paused", ignore_case=True)
        expect(page.get_by_text(AWAY)).to_be_hidden()
        furnished.world.virsh("resume", GUEST)
        expect(row).to_contain_text("running", ignore_case=True)


def test_the_server_is_restarted(furnished: Server, browser: Browser) -> None:
    with visit(browser, furnished.fresh_link()) as page:
        page.get_by_role("link", name="Guests").click()
        row = page.get_by_role("row", name=re.compile(GUEST))
        expect(row).to_contain_text("running", ignore_case=True)
        furnished.close()
        expect(page.get_by_text(AWAY)).to_be_visible()
        furnished.world.virsh("suspend", GUEST)
        furnished.restart(same_port=True)
        expect(page.get_by_text(AWAY)).to_be_hidden()
        expect(row).to_contain_text("paused", ignore_case=True)
        furnished.world.virsh("resume", GUEST)
        expect(row).to_contain_text("running", ignore_case=True)


def test_libvirtd_is_restarted(furnished: Server, browser: Browser) -> None:
    with visit(browser, furnished.fresh_link()) as page:
        page.get_by_role("link", name="Guests").click()
        row = page.get_by_role("row", name=re.compile(GUEST))
        expect(row).to_contain_text("running", ignore_case=True)
        furnished.world.stop_libvirtd()  # type: ignore[attr-defined]  # it is a World
        expect(page.get_by_text("libvirt on the host")).to_be_visible()
        furnished.world.start_libvirtd()  # type: ignore[attr-defined]  # likewise
        furnished.world.virsh("suspend", GUEST)
        expect(page.get_by_text("libvirt on the host")).to_be_hidden()
        expect(row).to_contain_text("paused", ignore_case=True)
        furnished.world.virsh("resume", GUEST)
