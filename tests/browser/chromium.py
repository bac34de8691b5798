"""Debian's Chromium, inside a test world, driven by Playwright over pipes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

__all__ = ["PHONE", "WIDE", "browser_in", "visit"]

WIDE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb")
"""A sandbox of its own needs another user than root."""
expect.set_options(timeout=20_000)  # as actions wait: it may be a busy machine


@contextmanager
def browser_in(pid: int, directory: Path) -> Iterator[Browser]:
    """A browser in the network namespace of that process."""
    program = shutil.which("chromium") or "chromium"
    wrapper = directory / "chromium-there"
    wrapper.write_text(f'#!/bin/sh\nexec nsenter --net --target {pid} {program} "$@"\n')
    wrapper.chmod(0o755)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=wrapper, args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(
    browser: Browser,
    url: str,
    *,
    locale: str = "en-GB",
    scheme: Literal["light", "dark"] = "light",
    size: ViewportSize | None = None,
) -> Iterator[Page]:
    """A page of somebody new; whatever it said on its console that is an error fails the test."""
    context: BrowserContext = browser.new_context(
        locale=locale,
        color_scheme=scheme,
        viewport=size or WIDE,
        timezone_id="Europe/Berlin",
    )
    errors: list[str] = []
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        page.goto(url)
        yield page
        assert not errors, errors
    finally:
        context.close()
