"""A picture of every page of the web UI, in both languages and both themes, wide and on a phone, empty and full.

python -m tests.browser.screenshots DIRECTORY [--only WORD]…      (script/screenshots does it)
"""

from __future__ import annotations

import argparse
import html
import re
import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Page, Route, ViewportSize

from tests.browser.chromium import PHONE, WIDE, browser_in, visit
from tests.browser.openings import MANY, OPENINGS, multiplied, press
from tests.browser.places import BARE, begin_what_lasts, furnish, measure, places
from tests.browser.reading import go, settled
from tests.browser.simulated import many_guests
from tests.server import Server
from tests.world import World

__all__ = ["main"]

WORLDS = ("empty", "full", "many", "away")
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
SIZES: dict[str, ViewportSize] = {"wide": WIDE, "phone": PHONE}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
GROUPS = (WORLDS, tuple(LOCALES), SCHEMES, tuple(SIZES))
TALLEST = 2600
"""pixels: a page that scrolls is pictured whole, up to this"""
_HIDDEN = """() => {
  const main = document.querySelector(".pf-v6-c-page__main");
  return main ? main.scrollHeight - main.clientHeight : 0;
}"""
_SOME = {
    "many": ("overview", "guests", "operations", "networks", "create"),
    "away": ("overview", "guests", "guest-overview", "storage", "host", "create"),
}
"""world → the pages that look different there"""


class Look(NamedTuple):
    """How a page is looked at."""

    world: str
    language: str
    scheme: Literal["light", "dark"]
    size: str


def main() -> None:
    parser = argparse.ArgumentParser("script/screenshots", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        help="such as full, zh, dark, phone, guests: all said words must fit",
    )
    asked = parser.parse_args()
    asked.directory.mkdir(parents=True, exist_ok=True)
    for world in WORLDS:
        looks = [look for look in _looks(world) if _fits(look, asked.only)]
        if looks:
            _world(world, looks, asked.directory, asked.only)
    _index(asked.directory)


def _looks(world: str) -> Iterator[Look]:
    for language, scheme, size in product(LOCALES, SCHEMES, SIZES):
        yield Look(world, language, scheme, size)


def _fits(look: Look, only: list[str]) -> bool:
    """What was asked for names each of its sides, or not that side at all."""
    said = [{word for word in only if word in group} for group in GROUPS]
    return all(not words or words & set(look) for words in said)


def _world(name: str, looks: list[Look], directory: Path, only: list[str]) -> None:
    with World() as world, tempfile.TemporaryDirectory() as spare:
        environment: dict[str, str] = {}
        if name in ("full", "away"):
            world.seed_image("tiny")
        if name == "many":
            environment = {"INNKEEPER_URI": many_guests(world, 1000)}
        with Server(world, env=environment) as server, browser_in(world.pid, Path(spare)) as browser:
            if name in ("full", "away"):
                furnish(server)
            if name == "full":
                begin_what_lasts(server)
                measure(server)
            if name == "away":
                world.stop_libvirtd()
            for look in looks:
                _look(server, browser, look, directory, only)


def _look(server: Server, browser: Browser, look: Look, directory: Path, only: list[str]) -> None:
    names = places(look.world in ("full", "away"))
    if look.world in _SOME:
        names = {name: path for name, path in names.items() if name in _SOME[look.world]}
    words = [word for word in only if not any(word in group for group in GROUPS)]

    def wanted(name: str) -> bool:
        return not words or any(word in name for word in words)

    size = SIZES[look.size]
    options = {"locale": LOCALES[look.language], "scheme": look.scheme, "size": size}
    if look.world == "empty" and wanted("sign-in"):
        with visit(browser, server.url, **options) as page:  # type: ignore[arg-type]  # they are as `visit` has them
            _take(page, directory, "sign-in", look)
    with visit(browser, server.fresh_link(), **options) as page:  # type: ignore[arg-type]  # likewise
        settled(page)
        for name, path in names.items():
            if wanted(name):
                go(page, path)
                _take(page, directory, name, look)
        if look.world == "full":
            _open(server, page, {name for name in (*OPENINGS, *MANY, *BARE) if wanted(name)}, directory, look)


def _open(server: Server, page: Page, wanted: set[str], directory: Path, look: Look) -> None:
    """What is no page of its own: dialogs, a thousand of everything, windows without the shell."""
    for name, opening in OPENINGS.items():
        if name in wanted:
            page.goto(server.url + opening.path)  # so that nothing is open any more
            settled(page)
            press(page, opening)
            _take(page, directory, name, look)
    for name, (path, asked, field) in MANY.items():
        if name in wanted:
            rows = multiplied(server.client.get(asked).json(), field)
            page.route(re.compile(rf"{asked}(\?|$)"), partial(_answer, rows))
            page.goto(server.url + path)
            _take(page, directory, name, look)
            page.unroute_all(behavior="wait")
    for name, path in BARE.items():
        if name in wanted:
            page.goto(server.url + path)
            _take(page, directory, name, look)


def _answer(rows: object, route: Route) -> None:
    route.fulfill(json=rows)


def _take(page: Page, directory: Path, name: str, look: Look) -> None:
    quiet = settled(page)
    size = SIZES[look.size]
    height = size["height"]
    for _ in range(2):  # what is seen only now may make it taller
        more = page.evaluate(_HIDDEN)
        if more > 0 and height < TALLEST:
            height = min(TALLEST, height + more)
            page.set_viewport_size({"width": size["width"], "height": height})
            page.wait_for_timeout(200)
    page.screenshot(path=directory / f"{name}.{'.'.join(look)}.png", animations="disabled")
    if height > size["height"]:
        page.set_viewport_size(size)
    print(f"{name}.{'.'.join(look)}{'' if quiet else '   (something was still loading)'}", flush=True)


def _index(directory: Path) -> None:
    """All of them on one page."""
    figures = [
        f'<figure><a href="{html.escape(file.name)}"><img loading="lazy" src="{html.escape(file.name)}"></a>'
        f"<figcaption>{html.escape(file.stem)}</figcaption></figure>"
        for file in sorted(directory.glob("*.png"))
    ]
    style = "body{display:flex;flex-wrap:wrap;gap:1rem;font:14px sans-serif}img{height:360px}figure{margin:0}"
    page = f'<!doctype html><meta charset="utf-8"><title>Innkeeper</title><style>{style}</style>{"".join(figures)}'
    (directory / "index.html").write_text(page)


if __name__ == "__main__":
    main()
