"""The pictures of the pages are those that `tests/pictures.py` makes: of the commands that it lists, drawn as today."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from tests.pictures import CELL, COLOURS, INK, LANGUAGES, LINE, MARGIN, PICTURES, PREPARED, SCREEN, SVG, svg
from tests.rules import ROOT

FOLDER = ROOT / "docs" / "pictures"
DRAWN = [(name, ending) for name in PICTURES for ending in LANGUAGES]
CODES = {colour: code for code, colour in COLOURS.items()} | {INK: "0"}
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *(ROOT / "docs").rglob("*.md")]


def printed(picture: Path) -> str:
    """What was on the terminal, with its colours, taken from the picture."""
    root = etree.fromstring(picture.read_bytes())
    height = int(root.get("viewBox", "").split()[3])
    lines = [""] * ((height - 2 * MARGIN) // LINE)
    ends = [0] * len(lines)
    for node in root.iter(f"{SVG}text"):
        row = (int(node.get("y", "")) - MARGIN) // LINE
        column = round((float(node.get("x", "")) - MARGIN) / CELL)
        text = node.text or ""
        bold = ";1" if node.get("font-weight") else ""
        lines[row] += " " * (column - ends[row]) + f"\x1b[0;{CODES[node.get('fill', '')]}{bold}m{text}\x1b[0m"
        ends[row] = column + len(text) * (2 if node.get("letter-spacing") else 1)
    return "\n".join(lines)


def typed(picture: Path) -> list[str]:
    """The commands: what is bold behind a prompt."""
    found: list[str] = []
    for line in printed(picture).split("\n"):
        if line.startswith("\x1b[0;32m$"):
            found.append("")
        if found and ";1m" in line:
            found[-1] += line.partition(";1m")[2].partition("\x1b")[0]
    return found


def test_there_are_these_and_no_others() -> None:
    wanted = {f"{name}{ending}.svg" for name, ending in DRAWN} | {f"{SCREEN}.png"}
    assert {file.name for file in FOLDER.iterdir()} == wanted
    assert PREPARED.keys() <= PICTURES.keys()


@pytest.mark.parametrize(("name", "ending"), DRAWN)
def test_a_picture_shows_the_commands_that_are_listed(name: str, ending: str) -> None:
    assert typed(FOLDER / f"{name}{ending}.svg") == list(PICTURES[name]), "run script/pictures"


@pytest.mark.parametrize(("name", "ending"), DRAWN)
def test_a_picture_is_drawn_as_today(name: str, ending: str) -> None:
    picture = FOLDER / f"{name}{ending}.svg"
    assert svg(printed(picture)) == picture.read_bytes(), "run script/pictures"


def test_both_languages_say_something() -> None:
    for name in PICTURES:
        texts = [printed(FOLDER / f"{name}{ending}.svg") for ending in LANGUAGES]
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in texts[0]), name
        assert texts[0] != texts[1], name


@pytest.mark.parametrize(("name", "ending"), [*DRAWN, (SCREEN, "")])
def test_a_picture_is_shown_in_a_page_of_its_language(name: str, ending: str) -> None:
    file = f"{name}{ending}.{'png' if name == SCREEN else 'svg'}"
    showing = [page for page in PAGES if f"pictures/{file})" in page.read_text(encoding="utf-8")]
    assert showing, file
    if name != SCREEN:
        assert {page.name.endswith(".zh-CN.md") for page in showing} == {ending == ".zh-CN"}, showing
