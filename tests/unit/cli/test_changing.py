"""What changing commands share: dry run, explanation, and ^C in the middle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from innkeeper.schema.guest import GuestStart, GuestView
from innkeeper.verbs import Plan, Verb
from tests.unit.cli.conftest import Inn
from tests.unit.cli.views import guest

TEST = ("-c", "test:///default")


def test_dry_run_and_explain(inn: Inn, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan(["make web1"], {"web1": "<domain/>\n"}, ["virsh define web1.xml", "virsh start web1"])
    performed: list[str] = []

    def run(_host: object, request: GuestStart, _operation: object) -> GuestView:
        performed.append(request.name)
        return guest()

    planned: Verb[GuestStart, GuestView] = Verb(
        "guest.start", GuestStart, GuestView, lambda *_: None, run, plan=lambda *_: plan
    )
    monkeypatch.setattr("innkeeper.verbs.verb", lambda _name: planned)
    xml = "\nXML of web1:\n<domain/>\n"
    commands = "\nThe same by hand:\n  virsh define web1.xml\n  virsh start web1\n"
    assert inn(*TEST, "start", "web1", "--dry-run").out == "make web1\n" + xml
    assert inn(*TEST, "start", "web1", "--dry-run", "--explain").out == "make web1\n" + xml + commands
    assert json.loads(inn(*TEST, "start", "web1", "--dry-run", "--json").out) == {
        "summary": plan.summary,
        "documents": plan.documents,
        "commands": plan.commands,
        "differences": {},
        "inn": "inn start web1",
    }
    assert performed == []
    assert inn(*TEST, "start", "web1", "--explain").out == "web1 is started\n" + xml + commands
    told = json.loads(inn(*TEST, "start", "web1", "--explain", "--json").out)
    assert (told["result"]["name"], told["plan"]["commands"]) == ("web1", plan.commands)
    assert performed == ["web1", "web1"]


def test_an_edited_document_is_shown_by_its_difference(inn: Inn, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands take it whole, so the explanation shows it whole too."""
    plan = Plan(["change web1"], {"w.xml": "<domain/>"}, ["virsh define w.xml"], {"w.xml": "-<a/>\n+<b/>\n"})
    planned: Verb[GuestStart, GuestView] = Verb(
        "guest.start", GuestStart, GuestView, lambda *_: None, lambda *_: guest(), plan=lambda *_: plan
    )
    monkeypatch.setattr("innkeeper.verbs.verb", lambda _name: planned)
    difference = "change web1\n\nWhat changes in w.xml:\n-<a/>\n+<b/>\n"
    assert inn(*TEST, "start", "web1", "--dry-run").out == difference
    explained = inn(*TEST, "start", "web1", "--dry-run", "--explain").out
    assert explained.startswith(difference + "\nXML of w.xml:\n<domain/>\n")


def test_interrupted_in_the_middle(inn: Inn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """^C undoes what was begun, and says so."""
    monkeypatch.setenv("INNKEEPER_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("INNKEEPER_RUNTIME_DIR", str(tmp_path))

    def run(_host: object, _request: GuestStart, operation: Any) -> GuestView:
        path = operation.workdir()
        assert Path(path).is_dir()
        raise KeyboardInterrupt

    slow: Verb[GuestStart, GuestView] = Verb(
        "guest.start", GuestStart, GuestView, lambda *_: None, run, steps=("a",)
    )
    monkeypatch.setattr("innkeeper.verbs.verb", lambda _name: slow)
    status, out, err = inn(*TEST, "start", "web1")
    assert (status, out) == (1, "")
    assert "inn: guest.start of web1 was cancelled\n  undone: workdir.delete" in err
    assert not list((tmp_path / "operations").iterdir())


def test_without_commands_that_is_said(inn: Inn, monkeypatch: pytest.MonkeyPatch) -> None:
    plain: Verb[GuestStart, GuestView] = Verb(
        "guest.start", GuestStart, GuestView, lambda *_: None, lambda *_: guest()
    )
    monkeypatch.setattr("innkeeper.verbs.verb", lambda _name: plain)
    told = inn(*TEST, "start", "web1", "--dry-run", "--explain").out
    assert told == "guest.start web1: -\n\nThere are no commands that amount to the same.\n"
