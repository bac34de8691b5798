"""Whom the host's rights are looked at for: the person, not root in that person's place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["Person", "is_listed", "person"]

ASK = 'id -un ${SUDO_USER:+"$SUDO_USER"}; id -Gn ${SUDO_USER:+"$SUDO_USER"}'


class Person(NamedTuple):
    name: str
    groups: tuple[str, ...]
    """of this login; of whom sudo(8) runs us for, those of the next"""


def person(site: Site) -> Person:
    """Who we are on the host, or whom sudo(8) runs us for."""
    name, groups = site.shell(ASK).split("\n")[:2]
    return Person(name, tuple(groups.split()))


def is_listed(site: Site, name: str, group: str) -> bool:
    """Whether the group names that user: a membership counts from the next login on."""
    entry = site.run(["getent", "group", group]).stdout.decode().strip()
    return name in entry.rpartition(":")[2].split(",")
