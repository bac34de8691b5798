"""A guest's consoles in the browser: its screen draws and takes keys, its serial port is a terminal."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import PHONE, visit
from tests.server import Server
from tests.world import World

expect.set_options(timeout=30_000)
"""Guests are emulated here, beside other tests."""
SHELL = (
    "killall -STOP heartbeat; mkdir /screen && "
    "setsid sh -c 'clear >/dev/tty1; exec sh -i </dev/tty1 >/dev/tty1 2>&1' &"
)
"""The image's own shell is on the serial port alone; this one is on its screen, once."""
FILLING = "seq -s - 400"
"""Types without Shift, and fills most of the screen."""
KEYS = 60
"""Milliseconds for a key: the keyboard of a guest holds but a few that it has not read (QEMU, hw/input/ps2.c)."""
LIT = """canvas => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    let lit = 0;
    for (let at = 0; at < pixels.length; at += 4) if (pixels[at] > 60) lit += 1;
    return lit;
}"""
"""How many pixels are not dark."""


@pytest.fixture(scope="module", autouse=True)
def web1(server: Server) -> None:
    server.world.inn("create", "web1", "--image", "tiny", "--wait", "boot", check=True)


@pytest.fixture
def serial(server: Server, page: Page) -> Page:
    """The serial port of web1, in a window of its own."""
    expect(page.get_by_role("navigation")).to_be_visible()
    page.goto(f"{server.url}/console/web1/serial")
    connected(page)
    return page


def connected(page: Page) -> None:
    expect(page.get_by_role("status", name="Connection")).to_have_text("Connected")


def terminal(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Terminal input")


def rows(page: Page) -> Locator:
    return page.locator(".xterm-rows")


def enter(page: Page, line: str) -> None:
    terminal(page).focus()
    page.keyboard.type(f"{line}\n")


def screen(page: Page, name: str = "web1") -> Locator:
    return page.get_by_role("application", name=f"Screen of {name}")


def lit(page: Page, name: str = "web1") -> int:
    found: int = screen(page, name).locator("canvas").evaluate(LIT)
    return found


def shows_more_than(page: Page, least: int, name: str = "web1") -> None:
    """Waits for that many pixels. The page's policy forbids Playwright's own way of waiting for a function."""
    deadline = time.monotonic() + 20
    while lit(page, name) <= least:
        assert time.monotonic() < deadline, lit(page, name)
        page.wait_for_timeout(100)


def test_serial_is_a_terminal(serial: Page) -> None:
    enter(serial, "echo $((6*7))7")
    expect(rows(serial)).to_contain_text("427")
    serial.get_by_role("button", name="Search the terminal").click()
    serial.get_by_role("textbox", name="Search the terminal").fill("427")
    expect(serial.get_by_text("1 / 1")).to_be_visible()
    serial.keyboard.press("Escape")
    # What is sent by a menu or a dialog arrives, too
    serial.get_by_role("button", name="Send keys").click()
    serial.get_by_role("menuitem", name=re.compile("Type this size")).click()
    enter(serial, "stty -a | head -1")
    expect(rows(serial)).to_contain_text(re.compile(r"rows \d+; columns 1\d\d;"))
    serial.get_by_role("button", name="Text", exact=True).click()
    serial.get_by_role("textbox", name="Text").fill("echo $((4*4))a\necho $((5*5))b\n")
    serial.get_by_role("button", name="Type it").click()
    expect(rows(serial)).to_contain_text("16a")
    expect(rows(serial)).to_contain_text("25b")


def test_screen_draws_and_types(server: Server, serial: Page) -> None:
    enter(serial, SHELL)
    serial.get_by_role("button", name="Screen", exact=True).click()
    connected(serial)
    shows_more_than(serial, 100)
    screen(serial).focus()
    serial.keyboard.type(FILLING, delay=KEYS)
    serial.keyboard.press("Enter")
    shows_more_than(serial, 15_000)
    # Characters by the layout of the guest: capitals and signs, whatever lies on the keys here
    serial.get_by_role("button", name="Keyboard:").click()
    serial.get_by_role("option", name="English (US)").click()
    screen(serial).focus()
    serial.keyboard.type('echo "Seen: $((7*7))!" > /dev/ttyS0', delay=KEYS)
    serial.keyboard.press("Enter")
    serial.get_by_role("button", name="Text", exact=True).click()
    serial.get_by_role("textbox", name="Text").fill('echo "Pasted: $((8*8))" > /dev/ttyS0\n')
    serial.get_by_role("button", name="Type it").click()
    expect(serial.get_by_role("dialog")).to_have_count(0)
    serial.get_by_role("button", name="Serial port", exact=True).click()
    expect(rows(serial)).to_contain_text("Seen: 49!")
    expect(rows(serial)).to_contain_text("Pasted: 64")


def test_keys_sizes_and_watching(server: Server, page: Page) -> None:
    expect(page.get_by_role("navigation")).to_be_visible()
    page.goto(f"{server.url}/console/web1/vnc")
    connected(page)
    canvas = screen(page).locator("canvas")
    fitted = canvas.bounding_box()
    page.get_by_role("button", name="Size: fit").click()
    page.get_by_role("option", name="true").click()
    expect(page.get_by_role("button", name="Size: true")).to_be_visible()
    true = canvas.bounding_box()
    assert fitted is not None
    assert true is not None
    assert fitted["width"] > true["width"] == canvas.evaluate("canvas => canvas.width")
    # Keys belong to the guest, and there is a way out by keys
    screen(page).focus()
    page.keyboard.press("Tab")
    expect(canvas).to_be_focused()
    page.keyboard.press("Control+Alt+g")
    expect(page.get_by_role("button", name="Screen", exact=True)).to_be_focused()
    page.get_by_text("Only watch").click()
    page.get_by_role("button", name="Send keys").click()
    item = page.get_by_role("menuitem", name="Ctrl+Alt+Delete")
    expect(item).to_have_attribute("aria-disabled", "true")
    expect(item).to_contain_text("You only watch")


def test_a_screen_with_a_password(server: Server, page: Page) -> None:
    given = "./devices/graphics/@passwd=geheim42"
    server.world.inn("create", "locked", "--image", "tiny", "--xml", given, check=True)
    page.goto(f"{server.url}/console/locked/vnc")
    asked = page.get_by_label("Password of the screen")
    expect(page.get_by_role("heading", name="The screen of locked has a password")).to_be_visible()
    asked.fill("falsch")
    asked.press("Enter")
    expect(page.get_by_text("refused that password")).to_be_visible()
    asked.fill("geheim42")
    page.get_by_role("button", name="Open", exact=True).click()
    connected(page)
    expect(asked).to_have_count(0)
    server.world.inn("stop", "locked", "--force", check=True)


def test_two_at_one_serial_port(server: Server, browser: Browser, serial: Page) -> None:
    with visit(browser, server.fresh_link()) as other:
        expect(other.get_by_role("navigation")).to_be_visible()
        other.goto(f"{server.url}/console/web1/serial")
        connected(other)
        other.get_by_text("Only watch").click()
        connected(other)
        enter(serial, "echo $((3*3))both")
        expect(rows(other)).to_contain_text("9both")
        expect(other.get_by_text(re.compile("types$"))).to_be_visible()
        enter(other, "echo $((3*3))never")
        enter(serial, "echo $((2*2))after")
        expect(rows(other)).to_contain_text("4after")
        expect(rows(other)).not_to_contain_text("9never")


def test_off_started_and_gone(server: Server, page: Page) -> None:
    world = server.world
    world.inn("create", "late", "--image", "tiny", "--no-start", check=True)
    expect(page.get_by_role("navigation")).to_be_visible()
    page.goto(f"{server.url}/console/late/serial")
    expect(page.get_by_role("heading", name="late is off")).to_be_visible()
    page.get_by_role("button", name="Start it").click()
    connected(page)
    expect(rows(page)).to_contain_text(re.compile(r"\w"))
    world.virsh("destroy", "late")
    expect(page.get_by_text("late is off")).to_be_visible()
    expect(rows(page)).to_contain_text(re.compile(r"\w"))  # its last words stay
    world.virsh("start", "late")  # by somebody else
    connected(page)
    world.inn("stop", "late", "--force", check=True)
    world.inn("delete", "late", check=True)
    expect(page.get_by_role("heading", name="late is gone")).to_be_visible()


@contextmanager
def outside(world: World) -> Iterator[None]:
    """Somebody's `inn console` has it, as soon as the server has let go of it."""
    deadline = time.monotonic() + 30
    while True:
        with world.popen(["inn", "console", "web1"], stdin=-1, stdout=-1, stderr=-1) as process:
            assert process.stderr
            if "console of web1; " in process.stderr.readline():
                yield
                process.communicate("\x1d", timeout=30)
                return
            process.communicate(timeout=30)
        assert time.monotonic() < deadline


def test_taken_by_somebody_outside(server: Server, page: Page) -> None:
    expect(page.get_by_role("navigation")).to_be_visible()
    with outside(server.world):  # type: ignore[arg-type]  # the fixture's own
        page.goto(f"{server.url}/console/web1/serial")
        page.get_by_role("button", name="Take it over").click()
        connected(page)
        enter(page, "echo $((9*9))taken")
        expect(rows(page)).to_contain_text("81taken")


def test_the_line_breaks_and_comes_back(server: Server, serial: Page) -> None:
    enter(serial, "echo $((5*7))before")
    expect(rows(serial)).to_contain_text("35before")
    server.close()
    expect(serial.get_by_role("status", name="Connection")).to_have_text("Disconnected")
    expect(serial.get_by_text("The connection broke")).to_be_visible()
    expect(rows(serial)).to_contain_text("35before")
    server.restart(same_port=True)
    connected(serial)
    enter(serial, "echo $((5*8))back")
    expect(rows(serial)).to_contain_text("40back")
    expect(rows(serial)).to_contain_text("35before")


def test_on_a_phone_in_chinese(server: Server, browser: Browser) -> None:
    with visit(browser, server.fresh_link(), locale="zh-CN", size=PHONE) as page:
        expect(page.get_by_role("button", name="菜单")).to_be_visible()
        page.goto(f"{server.url}/console/web1/vnc")
        expect(page.get_by_role("status", name="连接")).to_have_text("已连接")
        canvas = page.get_by_role("application", name="web1 的屏幕").locator("canvas")
        box = canvas.bounding_box()
        assert box
        assert box["width"] <= PHONE["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
