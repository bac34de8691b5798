"""A directory, key its path: made with that mode ("711") where it is missing, with its parents.

What is looked at: which of it and of its parents are missing, the topmost first; those are taken away again when they
are empty.
"""

from __future__ import annotations

import shlex
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from innkeeper.doctor.repairs import Kind

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND"]


def _look(site: Site, path: str) -> list[str]:
    places = [str(parent) for parent in reversed(PurePosixPath(path).parents)] + [path]
    return [place for place in places if not site.machine.files.exists(site.path(place))]


def _put(site: Site, path: str, value: str | list[str]) -> None:
    """A list is what was missing before."""
    if isinstance(value, str):
        site.machine.files.make_dir(site.path(path), 0o755)
        site.machine.run(["chmod", value, "--", site.path(path)])
        return
    for place in reversed(value):
        if site.machine.files.exists(site.path(place)):
            site.machine.run(["rmdir", "--ignore-fail-on-non-empty", "--", site.path(place)])


def _commands(path: str, value: str | list[str]) -> list[str]:
    if isinstance(value, str):
        return [f"mkdir -p {shlex.quote(path)}", f"chmod {value} {shlex.quote(path)}"]
    return [f"rmdir {shlex.join(reversed(value))}"] if value else []


KIND = Kind(
    _look,
    _put,
    _commands,
    done=lambda now, value: not now if isinstance(value, str) else bool(now == value),
)
