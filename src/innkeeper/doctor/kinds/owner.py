"""Who owns a file or directory: "user:group"."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper.doctor.repairs import Kind

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND"]


def _look(site: Site, path: str) -> str | None:
    """Numbers where nobody has a name for them."""
    done = site.machine.run(["stat", "-L", "-c", "%U:%G %u:%g", "--", site.path(path)], check=False)
    names, _, numbers = done.stdout.decode().strip().partition(" ")
    return (numbers if "UNKNOWN" in names else names) or None


def _put(site: Site, path: str, owner: str | None) -> None:
    """chown(2) clears set-user-ID bits of files; devices and directories keep theirs."""
    if owner is not None:
        site.machine.run(["chown", owner, "--", site.path(path)])


def _commands(path: str, owner: str | None) -> list[str]:
    return [f"chown {shlex.quote(owner)} -- {shlex.quote(path)}"] if owner is not None else []


KIND = Kind(_look, _put, _commands)
