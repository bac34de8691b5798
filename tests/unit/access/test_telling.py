"""What `inn serve` tells when it is ready, and to whom not."""

from __future__ import annotations

import os

import pytest

from innkeeper.cli import serve
from innkeeper.server.serving import Ready


def ready() -> Ready:
    return Ready("http://127.0.0.1:8006", None, lambda: "http://127.0.0.1:8006/#link=link_x")


def test_a_person_gets_the_link(capsys: pytest.CaptureFixture[str]) -> None:
    serve._tell(ready())
    assert "#link=link_x" in capsys.readouterr().out


def test_the_journal_does_not(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    there = os.fstat(1)
    monkeypatch.setenv("JOURNAL_STREAM", f"{there.st_dev}:{there.st_ino}")
    serve._tell(ready())
    told = capsys.readouterr().out
    assert "link_x" not in told
    assert "inn token link" in told
    monkeypatch.setenv("JOURNAL_STREAM", "1:1")
    serve._tell(ready())
    assert "link_x" in capsys.readouterr().out
