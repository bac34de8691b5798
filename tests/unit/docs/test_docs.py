"""What the pages say can be typed, opened and found; the two READMEs say the same.

Blocks of `sh` are commands line by line; in blocks of `console` they stand behind `$ `, and the rest is output.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from innkeeper import config, errors
from innkeeper.cli.framework import Command, Group
from innkeeper.cli.reference import commands, verb_of
from innkeeper.cli.session import Session
from innkeeper.cli.tree import root
from tests import rules
from tests.rules import PACKAGE, ROOT

README, README_ZH = ROOT / "README.md", ROOT / "README.zh-CN.md"
PAGES = (
    README,
    README_ZH,
    ROOT / "HACKING.md",
    *sorted((ROOT / "docs" / "how-to").glob("*.md")),
    *sorted((ROOT / "docs" / "tutorial").glob("*.md")),
    *sorted((ROOT / "docs" / "design").glob("*.md")),
)
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TREES = ("src/", "tests/", "docs/", "script/", "benchmarks/", "locks/", ".ci/")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


class Line(NamedTuple):
    """A command line as a page shows it, and the words of it that are `inn`'s."""

    text: str
    words: list[str]
    whole: bool
    """in a block, to be typed as it stands; in running text some of it may be left out"""


def prose(page: Path) -> str:
    return BLOCK.sub("", page.read_text(encoding="utf-8"))


def shown_lines(page: Path) -> Iterator[str]:
    """Every command of the blocks, with its continuation lines."""
    for kind, body in BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in body.replace("\\\n", " ").splitlines():
            if kind == "console" and line.startswith("$ "):
                yield line[2:]
            elif kind == "sh" and line.strip() and not line.startswith("#"):
                yield line


def spans(page: Path) -> list[str]:
    """Everything in `backticks` outside the blocks."""
    return re.findall(r"`([^`\n]+)`", prose(page))


def inn_lines(page: Path) -> Iterator[Line]:
    for whole, lines in ((True, shown_lines(page)), (False, iter(spans(page)))):
        for text in lines:
            for part in re.split(r"\||&&|;|<<<|<|>", text):
                try:
                    words = shlex.split(part, comments=True)
                except ValueError:
                    continue  # half of a quoted script of another program
                while words and re.fullmatch(r"[A-Z_]+=.*|sudo", words[0]):
                    words.pop(0)
                if words and words[0] in ("inn", ".venv/bin/inn"):
                    yield Line(text, words[1:], whole)


def command_of(words: list[str]) -> tuple[Command | Group, list[str]]:
    """The command they name, and what follows."""
    found: Command | Group = root
    rest = list(words[2:] if words[:1] == ["-c"] else words)
    while isinstance(found, Group) and rest and not re.match(r"-|[A-Z]+$", rest[0]):
        below = found.get_command(click.Context(found), rest[0])
        assert isinstance(below, Command | Group), f"there is no command {' '.join(words)}"
        found, rest = below, rest[1:]
    return found, rest


@each_page
def test_inn_commands_can_be_typed(page: Path) -> None:
    for line in inn_lines(page):
        command, rest = command_of(line.words)
        known = {option for param in command.get_params(click.Context(command)) for option in param.opts}
        own = rest[: rest.index("--")] if "--" in rest else rest
        for word in own:
            if word.startswith("--"):
                assert word.partition("=")[0] in known, f"{page.name}: {line.text}: no option {word}"
        if line.whole and not {"--help", "-h", "--version"} & set(own):
            try:
                command.make_context("inn", list(rest), obj=Session())
            except (click.ClickException, errors.InnkeeperError) as error:
                raise AssertionError(f"{page.name}: {line.text}: {error}") from error


@pytest.mark.parametrize("folder", ["how-to", "tutorial"])
def test_each_page_is_there_in_both_languages_with_the_same_commands(folder: str) -> None:
    pages = {page.name: page for page in (ROOT / "docs" / folder).glob("*.md")}
    english = {name.removesuffix(".md") for name in pages if not name.endswith(".zh-CN.md")}
    chinese = {name.removesuffix(".zh-CN.md") for name in pages if name.endswith(".zh-CN.md")}
    assert english == chinese
    for name in sorted(english):
        told = [list(shown_lines(pages[name + ending])) for ending in (".md", ".zh-CN.md")]
        assert told[0] == told[1], f"{name}: the two languages show other commands"


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path) if path else page
        assert file.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(file), f"{page.name}: {target}"


def anchors(page: Path) -> set[str]:
    """Of its headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@each_page
def test_paths_that_are_named_exist(page: Path) -> None:
    texts = [*spans(page), *shown_lines(page)]
    words = [word.strip("`,:;()'\"") for text in texts for word in text.split()]
    for word in words:
        path = word.partition("::")[0].partition(":")[0]
        if "…" in path or (re.search(r"[A-Z]{3,}", path) and not (ROOT / path).exists()):
            continue  # NAME and the like stand for what the reader puts there
        if path.startswith(TREES):
            assert list(ROOT.glob(path.rstrip("/"))), f"{page.name}: {word}"
        elif re.fullmatch(r"[\w*]+(/[\w*-]+)*/[\w*-]+\.(py|md|sh|txt|list)", path):
            assert list(PACKAGE.glob(path)), f"{page.name}: {word}"


@each_page
def test_scripts_know_their_options(page: Path) -> None:
    for text in (*spans(page), *shown_lines(page)):
        found = re.match(r"(?:\S+=\S+ )*(script/\w+|\.ci/run)((?: .+)?)$", text)
        if not found:
            continue
        script = (ROOT / found[1]).read_text(encoding="utf-8")
        if found[1] == ".ci/run":
            script = (ROOT / "script" / "test").read_text(encoding="utf-8")
        passed_on = "pytest" in script  # script/test gives what it does not know to pytest
        for option in re.findall(r"(?<!\S)(--[\w-]+)", found[2]):
            assert option in script or passed_on, f"{page.name}: {text}"


@each_page
def test_environment_variables_that_are_named_exist(page: Path) -> None:
    known = {f"INNKEEPER_{key.upper()}" for key in config.KEYS}
    sources = [path for path in rules.files() if path.suffix in (".py", "") or path.suffix == ".sh"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources if path != Path(__file__))
    for name in set(re.findall(r"\bINNKEEPER_[A-Z_]+[A-Z]\b", page.read_text(encoding="utf-8"))):
        assert name in known or name in code, f"{page.name}: {name}"


@pytest.mark.parametrize("page", [README, README_ZH], ids=lambda page: page.name)
def test_the_readme_names_every_verb(page: Path) -> None:
    named = set(spans(page))
    every = {context.command_path for command, context in commands() if verb_of(command)}
    assert every - named == set()


@pytest.mark.parametrize("page", [README, README_ZH], ids=lambda page: page.name)
def test_exit_codes_are_those_of_the_errors(page: Path) -> None:
    rows = set(re.findall(r"^\| (\d) \|", page.read_text(encoding="utf-8"), re.MULTILINE))
    kinds = [errors.Refused, errors.Failed, errors.OutcomeUnknown, errors.WaitTimeout]
    assert rows == {"0", *(str(kind.exit_code) for kind in kinds)}


def test_the_readmes_have_the_same_parts() -> None:
    def levels(page: Path) -> list[int]:
        return [len(marks) for marks in re.findall(r"^(#+) ", prose(page), re.MULTILINE)]

    assert levels(README) == levels(README_ZH)


def test_the_readmes_show_the_same_commands_and_output() -> None:
    def blocks(page: Path) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = BLOCK.findall(page.read_text(encoding="utf-8"))
        return [(kind, re.sub(r"\s*# .*", "", body)) for kind, body in found]

    assert blocks(README) == blocks(README_ZH)


def test_the_readmes_name_the_same_things() -> None:
    def named(page: Path) -> set[str]:
        return {span.replace(".zh-CN", "") for span in spans(page)}

    assert named(README) ^ named(README_ZH) == set()


def test_the_readmes_give_the_same_figures() -> None:
    def figures(page: Path) -> list[str]:
        plain = re.sub(r"`[^`\n]+`|\]\([^)]+\)", "", prose(page))
        return sorted(re.findall(r"(?<![\w.])\d+(?:[.,]\d+)*", plain))

    assert figures(README) == figures(README_ZH)


def test_the_readmes_link_the_same_pages() -> None:
    def linked(page: Path) -> list[str]:
        targets = re.findall(r"\]\(([^)\s]+)\)", prose(page))
        return sorted(
            target.replace(".zh-CN", "")
            for target in targets
            if not target.startswith("README") and "#" not in target
        )

    assert linked(README) == linked(README_ZH)
