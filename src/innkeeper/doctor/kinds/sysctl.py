"""A parameter of the running kernel (sysctl(8)), by its dotted name."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper.doctor.kinds.sysfs import store
from innkeeper.doctor.repairs import Kind

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND"]


def _path(key: str) -> str:
    """sysctl.d(5): dots and slashes change places."""
    return "/proc/sys/" + key.translate(str.maketrans("./", "/."))


def _look(site: Site, key: str) -> str:
    return site.machine.files.read(site.path(_path(key))).decode().strip()


def _put(site: Site, key: str, value: str) -> None:
    store(site, _path(key), value)


def _commands(key: str, value: str) -> list[str]:
    return [f"sysctl -w {shlex.quote(f'{key}={value}')}"]


KIND = Kind(_look, _put, _commands, touches=(("forwarding", "all"),))
