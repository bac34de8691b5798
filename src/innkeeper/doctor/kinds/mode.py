"""The permission bits of a file or directory, as an octal number in text: "755"."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper.doctor.repairs import Kind

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND"]


def _look(site: Site, path: str) -> str | None:
    done = site.machine.run(["stat", "-L", "-c", "%a", "--", site.path(path)], check=False)
    return done.stdout.decode().strip() if done.status == 0 else None


def _put(site: Site, path: str, mode: str | None) -> None:
    if mode is not None:
        site.machine.run(["chmod", mode, "--", site.path(path)])


def _commands(path: str, mode: str | None) -> list[str]:
    return [f"chmod {mode} -- {shlex.quote(path)}"] if mode is not None else []


KIND = Kind(_look, _put, _commands)
