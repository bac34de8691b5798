"""Networks: a picture that moves with what happens, who is on each, and the addresses that were given out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import PHONE, visit
from tests.server import Server
from tests.world import Inside

IP = "<ip address='10.9.0.1' netmask='255.255.255.0'/>"
ISLAND = f"<network><name>island</name><bridge name='virbr9'/>{IP}</network>"


@pytest.fixture(scope="module", autouse=True)
def guests(server: Server) -> None:
    server.world.inn("create", "web1", "--image", "tiny", "--wait", "ip", check=True)
    server.world.inn("create", "far", "--image", "tiny", "--network", "user", "--no-start", check=True)


@pytest.fixture
def picture(page: Page) -> Locator:
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Networks").click()
    return page.get_by_role("region", name=re.compile("Picture of the networks"))


def mac_of(world: Inside, name: str) -> str:
    found: str = world.inn_json("show", name)["nics"][0]["mac"]
    return found


def test_the_picture_moves_with_what_happens(server: Server, page: Page, picture: Locator) -> None:
    world = server.world
    expect(picture.get_by_role("link", name="default, NAT · 192.168.122.1/24")).to_be_visible()
    expect(picture.get_by_role("link", name="web1, Running")).to_be_visible()
    expect(picture.get_by_role("link", name="user networking")).to_be_visible()
    expect(picture.get_by_role("link", name="far, Off")).to_be_visible()
    world.virsh("start", "far")
    expect(picture.get_by_role("link", name="far, Running")).to_be_visible()
    world.virsh("domif-setlink", "web1", mac_of(world, "web1"), "down")
    expect(picture.locator(".inn-net__cable--pulled")).to_have_count(1)
    world.virsh("domif-setlink", "web1", mac_of(world, "web1"), "up")
    expect(picture.locator(".inn-net__cable--pulled")).to_have_count(0)
    world.virsh("destroy", "far")
    expect(picture.get_by_role("link", name="far, Off")).to_be_visible()


def test_a_network_that_comes_and_goes(server: Server, page: Page, picture: Locator) -> None:
    world = server.world
    world.run(["sh", "-c", f'echo "{ISLAND}" >/var/lib/island.xml'], check=True)
    expect(picture).to_be_visible()
    world.virsh("net-define", "/var/lib/island.xml")
    expect(picture.get_by_role("link", name="island, Not active · 10.9.0.1/24")).to_be_visible()
    world.virsh("net-start", "island")
    expect(picture.get_by_role("link", name="island, Isolated · 10.9.0.1/24")).to_be_visible()
    table = page.get_by_role("grid", name="Networks")
    expect(table.get_by_role("row").filter(has_text="island")).to_contain_text(
        "Nowhere: only guests and the host"
    )
    table.get_by_role("link", name="island").click()
    expect(page.get_by_text("No guest is plugged into this network")).to_be_visible()
    expect(page.get_by_text("gives out no addresses itself")).to_be_visible()
    world.virsh("net-destroy", "island")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Not active")
    world.virsh("net-undefine", "island")
    expect(page.get_by_role("heading", name="there is no network island")).to_be_visible()


def test_leases_and_the_way_to_the_guest(server: Server, page: Page, picture: Locator) -> None:
    (lease,) = server.world.inn_json("network", "show", "default")["leases"]
    way = picture.get_by_role("link", name=re.compile("^default, NAT"))
    way.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("default")
    given = page.get_by_role("grid", name="Leases").get_by_role("row").filter(has_text=lease["mac"])
    expect(given).to_contain_text(lease["address"])
    card = page.get_by_role("grid", name="Guests").get_by_role("row").filter(has_text=lease["mac"])
    expect(card).to_contain_text(lease["address"])
    expect(card).to_contain_text("Plugged in")
    card.get_by_role("link", name="web1").click()
    expect(page).to_have_url(re.compile("/guests/web1$"))


def test_user_networking_and_on_a_phone_in_chinese(server: Server, browser: Browser) -> None:
    with visit(browser, server.fresh_link(), locale="zh-CN", size=PHONE) as page:
        expect(page.get_by_role("banner")).to_be_visible()
        page.goto(f"{server.url}/networks")
        region = page.get_by_role("region", name=re.compile("网络示意图"))
        region.get_by_role("link", name=re.compile("^用户态网络")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("用户态网络")
        expect(page.get_by_role("row").filter(has_text="far")).to_contain_text("已关机")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
