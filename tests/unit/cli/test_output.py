"""Tables and pairs line up whatever script they are in; nothing is cut."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from innkeeper.cli import output


def test_width_counts_columns() -> None:
    assert output.width("abc") == 3
    assert output.width("状态") == 4
    assert output.width("e\N{COMBINING ACUTE ACCENT}") == 1
    assert output.pad("状态", 6) + "|" == "状态  |"
    assert output.pad("7", 3, right=True) == "  7"


def test_table(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(["name", "memory"], [["web1", "2G"], ["数据库", "512M"]], right=["memory"])
    assert capsys.readouterr().out == (
        "NAME     MEMORY\n"
        "web1         2G\n"
        "数据库     512M\n"
    )  # fmt: skip


def test_table_with_chinese_heads(capsys: pytest.CaptureFixture[str], speak: Callable[[str], None]) -> None:
    speak("zh_CN.UTF-8")
    output.table(["name", "state"], [["a", output.state("running")], ["b" * 200, "weird"]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "名称" + " " * 199 + "状态"
    assert lines[1] == "a" + " " * 202 + "运行中"
    assert lines[2] == "b" * 200 + "   weird"


def test_pairs_leave_out_what_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    output.pairs([("name", "web1"), ("title", None), ("autostart", "no"), ("image", "a\x07b")])
    assert capsys.readouterr().out == "Name       web1\nAutostart  no\nImage      a\\x07b\n"


def test_moment_has_its_time_zone() -> None:
    assert output.moment(None) is None
    shown = output.moment(1_000_000_000.5)
    assert shown is not None
    assert shown.startswith("2001-09-0")
    assert shown[-5] in "+-"
