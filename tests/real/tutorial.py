"""The tutorial as a test sees it: its commands in order, and what each is said to print.

Blocks of `console` hold commands behind `$ ` and, below each, lines of its output: they come in this order, others may
stand between them, `…` is any text. A comment before a block says what else is so:

    <!-- test: exit 0,1 -->          its last command ends with one of these (else all end with 0)
    <!-- test: type echo hi; ^] -->  typed on the terminal of its last command, one after the other
    <!-- test: image tiny -->        `inn image build` of this block is run where the mirror can be reached
    <!-- test: kvm -->               where KVM is not proven its commands are refused instead, with status 2
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.world import ROOT

__all__ = ["Command", "commands", "missing", "pages"]

BLOCK = re.compile(r"(?:^<!-- test: (.*?) -->\n)?^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Command:
    """One command of a page."""

    line: str
    where: str
    output: list[str] = field(default_factory=list)
    test: str = ""
    last: bool = False

    def says(self, word: str) -> str | None:
        """What stands behind that word in the block's comment."""
        kind, _, rest = self.test.partition(" ")
        return rest if kind == word else None

    @property
    def statuses(self) -> set[int]:
        said = self.says("exit") if self.last else None
        return set(map(int, said.split(","))) if said else {0}


def pages(language: str = "en") -> list[Path]:
    """In the order of the road."""
    found = sorted((ROOT / "docs" / "tutorial").glob("[0-9]*.md"))
    return [page for page in found if page.name.endswith(".zh-CN.md") == (language == "zh")]


def commands(page: Path) -> Iterator[Command]:
    for test, body in BLOCK.findall(page.read_text(encoding="utf-8")):
        found: list[Command] = []
        for line in body.replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                found.append(Command(line[2:], page.name, test=test))
            elif line.strip():
                assert found, f"{page.name}: output without a command: {line}"
                found[-1].output.append(line.rstrip())
        if found:
            found[-1].last = True
        yield from found


def missing(wanted: list[str], printed: str) -> str | None:
    """The first line of what a page shows that is not in what was printed, behind the ones before it."""
    rest = iter([" ".join(line.split()) for line in printed.replace("\r", "").splitlines()])
    for line in wanted:
        pattern = ".*".join(re.escape(" ".join(part.split())) for part in line.split("…"))
        if pattern != ".*" and not any(re.search(pattern, one) for one in rest):
            return line
    return None
