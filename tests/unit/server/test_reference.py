"""The reference of REST is what the description of the API says now."""

from __future__ import annotations

from pathlib import Path

import pytest

from innkeeper.routes import API, ROUTES
from innkeeper.server import reference

PAGES = Path(__file__).parents[3] / "docs" / "reference"


@pytest.mark.parametrize(("language", "page"), [("en", "rest.md"), ("zh", "rest.zh-CN.md")])
def test_it_is_fresh(language: str, page: str) -> None:
    text = reference.markdown(language)
    for name, route in ROUTES.items():
        assert f"### {route.method} {API}{route.path}\n" in text, name
        assert f"`{name}`" in text
    again = f".venv/bin/python -m innkeeper.server.reference {language} > docs/reference/{page}"
    assert (PAGES / page).read_text(encoding="utf-8") == text, f"make it anew: {again}"
