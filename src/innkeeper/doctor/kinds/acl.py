"""The access list of a file or directory, with its mode: lines as getfacl(1) prints them, ids as numbers.

A repair says {"add": "user:64055:--x"}.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper.doctor.repairs import Kind

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND"]


def _look(site: Site, path: str) -> list[str]:
    argv = [
        "getfacl",
        "--omit-header",
        "--numeric",
        "--absolute-names",
        "--no-effective",
        "--",
        site.path(path),
    ]
    return [line for line in site.machine.run(argv).stdout.decode().splitlines() if line]


def _put(site: Site, path: str, value: dict[str, str] | list[str]) -> None:
    """A list is the whole, as it was before; one without named users and groups is a plain mode again."""
    at = site.path(path)
    if isinstance(value, dict):
        site.machine.run(["setfacl", "--modify", value["add"], "--", at])
    else:
        site.machine.run(["setfacl", "--set-file=-", "--", at], input="\n".join(value).encode() + b"\n")


def _commands(path: str, value: dict[str, str] | list[str]) -> list[str]:
    said = f"--modify {value['add']}" if isinstance(value, dict) else f"--set {','.join(value)}"
    return [f"setfacl {said} -- {shlex.quote(path)}"]


KIND = Kind(
    _look,
    _put,
    _commands,
    done=lambda now, value: value["add"] in now if isinstance(value, dict) else bool(now == value),
)
