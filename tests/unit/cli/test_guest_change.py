"""`inn set`, `edit`, `protect`, `restore` and the long list, on libvirt's own test driver."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from innkeeper.machine import local
from innkeeper.operation import journal
from tests.unit.cli.conftest import Inn

TEST = ("-c", "test:///default")


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INNKEEPER_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("INNKEEPER_RUNTIME_DIR", str(tmp_path))
    return tmp_path


def test_set_says_what_and_when(inn: Inn) -> None:
    argv = ("set", "test", "--cpus", "9", "--title", "A\u202eB".replace("\u202e", " "), "--label", "env=prod")
    told = inn(*TEST, *argv, "--start-order", "3")
    assert (told.status, told.err) == (0, "")
    assert told.out.splitlines() == [
        "test: CPUs: 2 → 9, at its next start: while it runs it can have 2 at most",
        "test: Most CPUs: 2 → 9, at its next start",
        "test: Title: - → A B",
        "test: label env: - → prod",
        "test: Start order: - → 3",
    ] or sorted(told.out.splitlines())


def test_set_dry_run_is_a_difference_and_changes_nothing(inn: Inn) -> None:
    told = inn(*TEST, "set", "test", "--title", "x", "--dry-run")
    assert "+  <title>x</title>" in told.out
    assert told.out.startswith("test: title: - → x\n")
    assert json.loads(inn(*TEST, "show", "test", "--json").out)["title"] is None
    explained = inn(*TEST, "set", "test", "--cpus", "1", "--autostart", "--dry-run", "--explain").out
    assert "virsh setvcpus test 1 --config" in explained


def test_the_long_list(inn: Inn) -> None:
    told = inn(*TEST, "list", "--long").out.splitlines()
    assert told[0].split() == [
        *("NAME", "STATE", "CPUS", "MEMORY", "AUTOSTART", "ORDER", "PROTECTED", "LABELS", "TITLE"),
    ]
    assert told[1].split() == ["test", "running", "2", "2G", "no", "-", "no", "-", "-"]


@pytest.mark.parametrize("word", ["=x", "x", "-", "", "="])
def test_a_label_that_is_none(inn: Inn, word: str) -> None:
    told = inn(*TEST, "set", "test", "--label", word)
    assert told.status == 2
    assert told.err.startswith("inn: ")


def test_edit_keeps_what_was_typed(inn: Inn, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def edit_with(change: Callable[[str], str], status: int = 0) -> None:
        def attend(argv: list[str]) -> int:
            path = Path(argv[-1])
            assert path.stat().st_mode & 0o777 == 0o600
            path.write_text(change(path.read_text()))
            return status

        monkeypatch.setenv("EDITOR", "ed")
        monkeypatch.setattr(local(), "attend", attend)

    def kept() -> list[Path]:
        return list((state / "edits").iterdir())

    edit_with(lambda text: text)
    told = inn(*TEST, "edit", "test")
    assert (told.status, told.out, told.err) == (0, "", "test: nothing was changed\n")
    assert kept() == []
    edit_with(lambda text: text, status=1)
    assert inn(*TEST, "edit", "test").status == 1
    assert kept() == [], "nothing was typed that could be lost"
    edit_with(lambda text: text.replace("<os>", "<title>t</title><os>"), status=1)
    told = inn(*TEST, "edit", "test")
    (file,) = kept()
    assert told.status == 1
    assert f"left behind: your text, in {file}" in told.err
    assert "<title>t</title>" in file.read_text()
    file.unlink()
    edit_with(lambda text: text.replace("<os>", "<title>t</title><os>"))
    told = inn(*TEST, "edit", "test")
    assert told.status == 0, told
    assert "+  <title>t</title>" in told.out
    assert kept() == []
    told = inn(*TEST, "edit", "test", "--dry-run", "--json")
    assert told.status == 0, told
    assert list(json.loads(told.out)["differences"]) == ["test.xml"]
    assert len(kept()) == 1, "a dry run takes nothing, so the text stays"


def test_edit_without_an_editor(inn: Inn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    told = inn(*TEST, "edit", "test")
    assert told.status == 2
    assert "EDITOR" in told.err


def test_dropping_what_is_saved_is_asked_about(inn: Inn) -> None:
    told = inn(*TEST, "restore", "test", "--discard")
    assert (told.status, "has no saved memory" in told.err) == (2, True)


def test_guests_of_a_host(inn: Inn) -> None:
    told = inn(*TEST, "host", "start-guests")
    assert (told.status, told.err) == (0, "no guests to deal with\n")
    told = inn(*TEST, "host", "stop-guests", "--dry-run", "--explain")
    assert "stop order -: test" in told.out
    assert "virsh managedsave $guest" in told.out
    assert journal.read_all() == []
