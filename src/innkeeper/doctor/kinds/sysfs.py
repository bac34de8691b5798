"""A setting of the running kernel that is a file in /sys, by its path: its text, or the word chosen among several."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from innkeeper.doctor.repairs import Kind

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND", "chosen", "store"]


def chosen(text: str) -> str:
    """`madvise` of `always [madvise] never`; a plain text itself."""
    found = re.search(r"\[([^]]*)\]", text)
    return found[1] if found else text.strip()


def store(site: Site, path: str, value: str) -> None:
    """Write to a file of the kernel, which takes a value in one write, and knows neither renames nor fsync(2)."""
    site.machine.run(["sh", "-c", 'printf "%s\\n" "$2" > "$1"', "sh", site.path(path), value])


def _look(site: Site, path: str) -> str:
    return chosen(site.machine.files.read(site.path(path)).decode())


def _commands(path: str, value: str) -> list[str]:
    return [f"echo {shlex.quote(value)} > {shlex.quote(path)}"]


KIND = Kind(_look, store, _commands)
