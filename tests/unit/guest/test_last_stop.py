"""Why a guest last stopped, from a log that is named after it."""

from __future__ import annotations

from typing import Any

import pytest

from innkeeper.guest.watching import log_reading

LINE = "2026-11-22 10:34:51.120+0000: shutting down, reason=destroyed"
AT = 1795343691.12
NOBODY: Any = None


@pytest.mark.parametrize(("created", "told"), [(0.0, True), (AT - 60, True), (AT + 60, False)])
def test_what_is_older_than_the_guest_was_another_s(
    monkeypatch: pytest.MonkeyPatch, created: float, told: bool
) -> None:
    monkeypatch.setattr(log_reading, "_lines", lambda _host, path: [LINE] if path else [])
    places = log_reading._Places(NOBODY, "/log/web.log", None, None, created)
    found = log_reading._stop(NOBODY, places, "running", "booted")
    assert (found is not None) == told
    if found is not None:
        assert (found.reason, found.at) == ("destroyed", AT)
