"""What somebody sees and can reach on a page: its words, whether it fits, where Tab leads, what axe-core finds."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, TimeoutError

from tests.world import ROOT

__all__ = ["faults", "go", "settled", "too_wide", "unreached", "untranslated"]

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z][a-z]{2,}")
_MOST_STOPS = 150

_AXE = """async (options) => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  await frame();
  for (const one of document.getAnimations()) {
    if (one.effect.getComputedTiming().endTime !== Infinity) one.finish(); // colours on their way have no contrast yet
  }
  const { violations } = await axe.run(document, options);
  return violations.map(({ id, impact, help, nodes }) => ({
    id, impact, help, nodes: nodes.map((node) => `${node.target.join(" ")} «${node.html.slice(0, 140)}»`),
  }));
}"""
_RULES = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@cache
def _axe() -> str:
    return (ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@cache
def _look() -> str:
    return Path(__file__).with_name("look.js").read_text(encoding="utf-8").rstrip().rstrip(";")


def _ask(page: Page, name: str, argument: object = None) -> Any:
    return page.evaluate(f"(argument) => {_look()}.{name}(argument)", argument)


def settled(page: Page, patience: float = 8) -> bool:
    """Waits until nothing is being loaded, as far as somebody can see; False when that never came."""
    try:
        page.wait_for_function(f"() => {_look()}.settled()", timeout=patience * 1000)
    except TimeoutError:
        return False
    finally:
        page.wait_for_timeout(150)  # charts and tables are drawn in the next frames
    return True


def go(page: Page, path: str) -> None:
    """To another page of the UI without loading it all anew, as a link does it."""
    push = "path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }"
    page.evaluate(push, path)
    page.wait_for_selector(f'[data-here="{path.partition("?")[0]}"]')
    settled(page)


def faults(page: Page, least: tuple[str, ...] = ("serious", "critical")) -> list[str]:
    """What is wrong for people who do not see, or see little: one line each."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    found = page.evaluate(_AXE, {"runOnly": _RULES, "resultTypes": ["violations"]})
    return [
        f"{one['impact']} {one['id']}: {one['help']}: {'; '.join(one['nodes'][:4])}"
        for one in found
        if one["impact"] in least
    ]


def untranslated(page: Page, allowed: re.Pattern[str]) -> list[str]:
    """Visible texts without a Chinese letter that hold words other than the allowed ones (names, units)."""
    texts: list[str] = _ask(page, "texts")
    return [text[:120] for text in texts if not _CHINESE.search(text) and _WORD.search(allowed.sub("", text))]


def too_wide(page: Page) -> list[str]:
    """What reaches over the right edge and is not inside something that scrolls on its own."""
    found: list[str] = _ask(page, "tooWide")
    return found


def unreached(page: Page) -> list[str]:
    """Walks through the page by Tab alone: what it does not reach, and where the focus is not seen."""
    number: int = _ask(page, "numberStops")
    reached: set[str] = set()
    problems: list[str] = []
    for _ in range(min(number + 4, _MOST_STOPS)):
        page.keyboard.press("Tab")
        here = _ask(page, "here")
        if here is None:
            continue
        if here["stop"] and here["stop"] in reached:
            break
        reached.add(here["stop"])
        if not here["shows"]:
            problems.append(f"no focus to be seen: {here['what']}")
    if number <= _MOST_STOPS:
        problems += [f"Tab does not come here: {what}" for what in _ask(page, "missing", sorted(reached))]
    return problems
