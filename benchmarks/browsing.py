"""The web UI: what its first page weighs, how long until it shows something, and until a change is seen."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.listing import make, remove
from benchmarks.measure import Comparison, seconds
from benchmarks.served import Served
from playwright.sync_api import Browser, Page, Response

from tests.browser.chromium import browser_in

__all__ = ["compare_first_page", "compare_screen", "visitor"]

_KB, _FIRST, _SCREEN = 300, 1.0, 0.5
"""What is promised: kB packed, seconds, seconds above virsh."""
_GUEST = "seen"

_USEFUL = """() => {
  const main = document.querySelector("#main");
  const busy = [...document.querySelectorAll("#main .pf-v6-c-spinner, #main .pf-v6-c-skeleton")];
  return main?.querySelector("h1") && !busy.some((node) => node.getClientRects().length) ? performance.now() : 0;
}"""
"""Milliseconds since the visit began, once there is a title and nothing on the page is still being waited for."""
_SHOWS = """([name, state]) => {
  const row = [...document.querySelectorAll("#main tr")].find((one) => one.textContent.includes(name));
  return row?.textContent.toLowerCase().includes(state) ? performance.timeOrigin + performance.now() : 0;
}"""
"""Milliseconds since 1970, once the row of that guest says that state."""


@contextmanager
def visitor(browser: Browser) -> Iterator[Page]:
    """A page of somebody whose browser knows nothing yet, before they open their link."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900}, bypass_csp=True)
    try:
        yield context.new_page()
    finally:
        context.close()


def compare_first_page(rounds: int) -> Iterator[Comparison]:
    """The overview, opened by a link: the weight of scripts and styles as they are sent, then the time."""
    make(_GUEST)
    weights, firsts, agains = [], [], []
    with _served() as (served, browser):
        for _ in range(rounds + 1):
            with visitor(browser) as page:
                sent = _answers(page)
                page.goto(served.link())
                firsts.append(_until_useful(page))
                weights.append(sum(_weight(one) for one in sent) / 1000)
                page.goto("about:blank")
                page.goto(f"http://127.0.0.1:{served.port}/")
                agains.append(_until_useful(page))
    remove([_GUEST])
    none = [0.0] * rounds
    yield Comparison("first page", "its scripts and styles, gzip", "nothing", "size", _KB, weights[1:], none)
    first = "until it is useful, nothing cached"
    yield Comparison("first page", first, "nothing", "above", _FIRST, firsts[1:], none)
    yield Comparison("first page", "the same, opened again", "nothing", "above", None, agains[1:], none)


def compare_screen(rounds: int) -> Iterator[Comparison]:
    """From before virsh is started until the row of the guest says its new state, beside virsh itself."""
    make(_GUEST)
    seen, virsh = [], []
    with _served() as (served, browser), visitor(browser) as page:
        page.goto(served.link())
        page.get_by_role("navigation").get_by_role("link", name="Guests").click()
        page.wait_for_function(_SHOWS, arg=[_GUEST, "running"])
        for number in range(rounds + 2):
            verb, state = ("resume", "running") if number % 2 else ("suspend", "suspended")
            time.sleep(2.2)  # longer than a guest is looked at again behind an event
            began = time.time()
            virsh.append(seconds("virsh", verb, _GUEST))
            shown = page.wait_for_function(_SHOWS, arg=[_GUEST, state], polling="raf").json_value()
            seen.append(shown / 1000 - began)
    remove([_GUEST])
    yield Comparison(
        "screen", "virsh's change until it is seen", "virsh", "above", _SCREEN, seen[2:], virsh[2:]
    )


@contextmanager
def _served() -> Iterator[tuple[Served, Browser]]:
    with (
        tempfile.TemporaryDirectory(dir="/var/lib") as directory,
        Served("qemu:///system", Path(directory)) as served,
        browser_in(os.getpid(), Path(directory)) as browser,
    ):
        served.until_connected(1)
        yield served, browser


def _answers(page: Page) -> list[Response]:
    """All that it is sent from now on."""
    found: list[Response] = []
    page.on("response", lambda one: found.append(one))
    return found


def _until_useful(page: Page) -> float:
    milliseconds: float = page.wait_for_function(_USEFUL, polling="raf").json_value()
    return milliseconds / 1000


def _weight(response: Response) -> int:
    """Bytes of a script's or style's body as it is sent."""
    if response.request.resource_type not in ("script", "stylesheet"):
        return 0
    return int(response.headers.get("content-length", 0))
