"""The link that the server prints opens the pages; nothing else does."""

from __future__ import annotations

import re

import httpx
from playwright.sync_api import Browser, expect

from tests.browser.chromium import visit
from tests.server import Server


def test_the_link_lets_in_and_is_gone(server: Server, browser: Browser) -> None:
    link = server.fresh_link()
    with visit(browser, link) as page:
        expect(page.get_by_role("navigation")).to_be_visible()
        assert "link=" not in page.url
        page.reload()  # the session is in a cookie
        expect(page.get_by_role("navigation")).to_be_visible()
    with visit(browser, link) as page:
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_link_can_be_pasted(server: Server, browser: Browser) -> None:
    with visit(browser, server.url) as page:
        page.get_by_label(re.compile("paste")).fill("http://nowhere/#lin")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("not a link of Innkeeper")).to_be_visible()
        page.get_by_label(re.compile("paste")).fill(server.fresh_link())
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("navigation")).to_be_visible()


def test_pages_and_files(server: Server) -> None:
    with server.browser() as anybody:
        deep = anybody.get("/guests/web1/console")
        assert deep.status_code == 200
        assert "text/html" in deep.headers["content-type"]
        assert "script-src 'self'" in deep.headers["content-security-policy"]
        named = re.findall(r"<(/assets/[^>]+)>; rel=(?:modulepreload|preload)", deep.headers["link"])
        assert any(name.endswith(".js") for name in named), named  # what the page is made of
        assert {anybody.get(name).status_code for name in named} == {200}
        assert deep.headers["link"] != anybody.get("/host").headers["link"]
        assert anybody.get("/preloads.json").status_code in (401, 404)
        script = re.search(r'src="(/assets/[^"]+\.js)"', deep.text)
        assert script
        found = anybody.get(script[1])
        assert found.headers["content-encoding"] == "gzip"
        assert "immutable" in found.headers["cache-control"]
        again = anybody.get("/", headers={"If-None-Match": anybody.get("/").headers["etag"]})
        assert again.status_code == 304
        assert anybody.get("/assets/no.js").status_code in (401, 404)
        assert anybody.get("/api/v1/nothing").headers["content-type"].startswith("application/problem")
        refused: httpx.Response = anybody.post("/guests")
        assert refused.status_code in (401, 404, 405)
