"""The web UI's table of guests with ten thousand rows: how long a frame takes while it is scrolled, and how long where
there is nothing but some rows of plain text: what is drawn costs a browser without a graphics card most of a frame."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.browsing import visitor
from benchmarks.measure import Comparison, in_turns
from benchmarks.served import Served
from benchmarks.serving import simulated_host
from playwright.sync_api import Page

from tests.browser.chromium import browser_in

__all__ = ["compare", "milliseconds_a_frame"]

_MANY, _FRAME = 10_000, 0.020
"""Guests, and seconds of a frame: fifty a second."""
_SECONDS = 3
_PLAIN = """([rows]) => {
  const place = document.createElement("div");
  place.className = "inn-table--long";
  place.style.cssText = "position: fixed; inset: 260px 40px 40px 330px; overflow-y: auto; background: white";
  for (let at = 0; at < rows; at += 1) {
    const row = place.appendChild(document.createElement("tr"));
    row.style.cssText = "display: block; height: 45px; border-bottom: 1px solid #ccc";
    row.textContent = `guest-${at}   Running   2   1 GiB   team=t${at % 7}`;
  }
  document.body.append(place);
}"""
"""A page of as many rows as are seen at once, twice, of the size and place of the table."""
_ROWS = 30
_SCROLL = """async ([seconds, step]) => {
  const place = document.querySelector(".inn-table--long");
  place.scrollTop = 0;
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  const began = await frame();
  let now = began, frames = 0, empty = 0;
  while (now - began < seconds * 1000) {
    const before = place.scrollTop;
    place.scrollTop += step;
    if (place.scrollTop - before < step) place.scrollTop = 0;
    now = await frame();
    frames += 1;
    const box = place.getBoundingClientRect();
    const middle = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (!middle?.closest("tr")?.textContent) empty += 1;
  }
  return [(now - began) / frames, empty];
}"""
"""Scrolls by so many pixels each frame: milliseconds a frame, and frames that had no row in the middle."""


def compare(rounds: int) -> Iterator[Comparison]:
    """By two rows each frame, as a wheel does, and by a screen each frame, as the bar does."""
    with tempfile.TemporaryDirectory(dir="/var/lib") as directory:
        place = Path(directory)
        with (
            Served(simulated_host(place, _MANY, 1000), place / "state") as served,
            browser_in(os.getpid(), place) as browser,
            visitor(browser) as page,
        ):
            served.until_connected(_MANY)
            page.set_default_timeout(120_000)
            page.goto(served.link())
            page.get_by_role("navigation").get_by_role("link", name="Guests", exact=True).click()
            page.locator(".inn-table--long").wait_for()
            with visitor(browser) as plain:
                plain.goto("about:blank")
                plain.evaluate(_PLAIN, [_ROWS])
                for what, step in (("two rows a frame", 90), ("a screen a frame", 600)):
                    yield from _compare(page, plain, what, step, rounds)


def _compare(page: Page, plain: Page, what: str, step: int, rounds: int) -> Iterator[Comparison]:
    def scroll(where: Page) -> float:
        where.bring_to_front()
        return milliseconds_a_frame(where, step) / 1000

    took = in_turns({"ours": partial(scroll, page), "plain": partial(scroll, plain)}, rounds)
    name = f"scrolling, {_MANY:,} guests"
    yield Comparison(name, what, "nothing", "above", _FRAME, took["ours"], [0.0] * rounds)
    yield Comparison(name, what, f"{_ROWS} plain rows", "above", None, took["ours"], took["plain"])


def milliseconds_a_frame(page: Page, step: int) -> float:
    """Raises `RuntimeError` when a frame in ten or more showed no row: what is not drawn is drawn quickly."""
    took, empty = page.evaluate(_SCROLL, [_SECONDS, step])
    if empty * took * 10 > _SECONDS * 1000:
        raise RuntimeError(f"{empty} frames of {_SECONDS} s showed no row")
    return float(took)
