"""Whether a user is in a group, key "GROUP:USER"; as the group's own list says, which a login reads."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper.doctor.repairs import Kind

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND"]


def _look(site: Site, key: str) -> bool:
    group, _, user = key.partition(":")
    entry = site.machine.run(["getent", "group", group], check=False).stdout.decode().strip()
    return user in entry.rpartition(":")[2].split(",")


def _put(site: Site, key: str, value: bool) -> None:
    group, _, user = key.partition(":")
    site.machine.run(["gpasswd", "--add" if value else "--delete", user, group])


def _commands(key: str, value: bool) -> list[str]:
    group, _, user = key.partition(":")
    return [f"gpasswd {'--add' if value else '--delete'} {shlex.quote(user)} {shlex.quote(group)}"]


KIND = Kind(_look, _put, _commands)
