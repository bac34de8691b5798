"""The source tree as the rules of tests/test_rules.py see it: files, syntax trees, layers, raised errors."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "innkeeper"

LAYERS: tuple[tuple[str, ...], ...] = (
    ("errors", "messages", "libvirtxml", "schema"),
    ("virt", "machine"),
    ("command_line", "config", "host", "operation", "routes", "support", "tools", "verbs"),
    (
        "backup",
        "cluster",
        "container",
        "convert",
        "doctor",
        "guest",
        "image",
        "install",
        "network",
        "spec",
        "storage",
    ),
    ("client", "durable", "inventory", "pool", "schedule", "store", "token", "volume"),
    ("cli", "server"),
)
"""From the ground up (DESIGN.md §2): a module may import from its own layer and from those before it."""


@cache
def files() -> tuple[Path, ...]:
    """Every text file of the project that git has or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return tuple(sorted(path for path in paths if path.is_file()))


def python_files(*folders: str) -> list[Path]:
    return [p for p in files() if p.suffix == ".py" and (not folders or relative(p).startswith(folders))]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def module(path: Path) -> str:
    """Dotted name below `innkeeper`: `guest.create`; "" for the package itself."""
    parts = list(path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class Import(NamedTuple):
    name: str
    line: int


def imports(path: Path) -> Iterator[Import]:
    """Every imported module by its full name, those inside functions and for type checkers too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{relative(path)}:{node.lineno}: write the import out in full"
            yield Import(node.module or "", node.lineno)
            yield from (Import(f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def layer(name: str) -> int:
    """Number of the layer that a module below `innkeeper` is in."""
    top = name.partition(".")[0]
    for number, members in enumerate(LAYERS):
        if top in members:
            return number
    raise AssertionError(
        f"innkeeper.{top} is in no layer: name it in LAYERS of tests/rules.py, after DESIGN.md §2"
    )


class Raised(NamedTuple):
    """An error made in the source: its code, or None where that is no literal, and the facts given with it."""

    where: str
    kind: str
    code: str | None
    facts: frozenset[str]
    open: bool
    """facts are given with ** too, so that the names are not all known"""


def raised(path: Path, kinds: frozenset[str]) -> Iterator[Raised]:
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in kinds or not node.args:
            continue
        first = node.args[0]
        code = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
        facts = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
        starred = any(keyword.arg is None for keyword in node.keywords)
        yield Raised(f"{relative(path)}:{node.lineno}", name, code, facts, starred)
