"""What findings say: every text exists, in both languages; what is not fine says what it means and what to do."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from innkeeper import messages
from innkeeper.doctor import areas
from innkeeper.doctor.repairs import KINDS, Kind, kind
from tests.rules import PACKAGE, tree

FOLDER = PACKAGE / "doctor" / "findings"


class Said(NamedTuple):
    where: str
    status: str
    text: str
    remedy: bool


def said() -> Iterator[Said]:
    """Every `Found("status", "text", …)` that is written out."""
    for path in (FOLDER / f"{area}.py" for area in areas.AREAS):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Found" and len(node.args) >= 2:
                status, text = node.args[:2]
                if isinstance(status, ast.Constant) and isinstance(text, ast.Constant):
                    more = len(node.args) > 3 or any(one.arg == "remedy" for one in node.keywords)
                    yield Said(f"{path.name}:{node.lineno}", str(status.value), str(text.value), more)


ALL = list(said())


def test_some_were_found() -> None:
    assert len(ALL) > 40


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.where} {one.text}")
def test_a_finding_has_words(one: Said) -> None:
    assert one.status in ("ok", "advice", "problem", "unknown")
    for language in messages.LANGUAGES:
        assert messages.has(one.text, language), f"{one.where}: no text {one.text} in {language}"
        if one.status in ("ok", "unknown"):
            continue
        assert messages.has(f"{one.text}.means", language), (
            f"{one.where}: no text {one.text}.means in {language}"
        )
        if one.status == "problem" and not one.remedy:
            assert messages.has(f"{one.text}.remedy", language), (
                f"{one.where}: neither command nor text as a remedy"
            )


def test_every_area_has_its_module_and_its_findings() -> None:
    assert sorted(areas.AREAS) == sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
    ids = [check.id for check in areas.all_checks()]
    assert len(ids) == len(set(ids))
    for check in areas.all_checks():
        assert check.look.__module__ == f"innkeeper.doctor.findings.{check.id.partition('.')[0]}"


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_of_repair_is_one(name: str) -> None:
    assert isinstance(kind(name), Kind)
    assert importlib.import_module(KINDS[name]).__doc__
    assert all(messages.has(f"host.kind.{name}", language) for language in messages.LANGUAGES)
