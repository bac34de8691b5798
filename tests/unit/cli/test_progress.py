"""Progress is data; here is how it is shown: one line that lives on a terminal, plain lines elsewhere."""

from __future__ import annotations

import io
import os
import pty

import pytest

from innkeeper.cli import progress
from innkeeper.operation import Progress


def event(target: str, text: str, fraction: float | None = None, **facts: object) -> Progress:
    return Progress("0" * 12, target, text, facts, fraction)


UNDOING = "operation.progress.undoing"
RECOVERED = "operation.progress.recovered"


def test_plain_says_each_thing_once(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.watch() as report:
        assert isinstance(report, progress.Plain)
        for step in range(5):
            report(event("web1", UNDOING, step / 5))
        report(event("web2", UNDOING))
        report(event("web1", UNDOING, name="web1-1"))
        report(event("web1", RECOVERED, id="abc"))
    assert capsys.readouterr().err.splitlines() == [
        "web1: undoing what was done",
        "web2: undoing what was done",
        "web1-1: undoing what was done",
        "web1: cleaned up after operation abc, which was interrupted",
    ]


def test_quiet_says_nothing() -> None:
    with progress.watch(quiet=True) as report:
        assert report is None


def test_live_line_is_drawn_over_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr("sys.stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")
        with progress.watch() as report:
            assert isinstance(report, progress.Live)
            report(event("web1", UNDOING, 0.5))
            report(event("web2", RECOVERED, id="\x1b[2J"))
        terminal.flush()
        shown = ""
        while not shown.endswith("(+1)\r\x1b[K"):
            shown += os.read(ours, 4096).decode()
    os.close(ours)
    lines = shown.split("\r\x1b[K")
    assert lines[0] == ""
    assert lines[1] == "0s web1: undoing what was done 50%"
    assert lines[2].startswith("0s web2: cleaned up after operation \\x1b[2J")
    assert lines[2].endswith("(+1)")
    assert lines[-1] == ""
    assert "\n" not in shown


def test_live_line_does_not_wrap() -> None:
    assert progress.cut("abcdef", 6) == "abcdef"
    assert progress.cut("abcdefg", 6) == "abcde…"
    assert progress.cut("正在启动虚拟机", 6) == "正在…"


def test_no_live_line_on_a_dumb_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stderr", Terminal())
    monkeypatch.setenv("TERM", "dumb")
    with progress.watch() as report:
        assert isinstance(report, progress.Plain)
