"""Which package of a distribution brings what: the lists in `doctor/packages`, by their column "what for"."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from innkeeper.doctor.kinds.package import MANAGERS, manager_of
from innkeeper.doctor.repairs import Repair
from innkeeper.machine import local

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["command", "names", "repair"]


def names(site: Site, purpose: str) -> list[str]:
    """The packages for that purpose, such as "UEFI firmware"; none where no list knows any."""
    manager = manager_of(site)
    if manager is None:
        return []
    path = os.path.join(os.path.dirname(__file__), "packages", f"{MANAGERS[manager].list}.list")
    processor = site.shell("uname -m").strip()
    rows = (line.split(maxsplit=3) for line in local().files.read(path).decode().splitlines())
    return [
        row[2] for row in rows if row[0] != "#" and row[1] in ("any", processor) and row[3].strip() == purpose
    ]


def command(site: Site, purpose: str) -> str | None:
    """What an administrator types to have them; None where it is not known."""
    found, manager = names(site, purpose), manager_of(site)
    return shlex.join([*MANAGERS[manager].install, *found]) if found and manager else None


def repair(site: Site, purpose: str) -> tuple[Repair, ...]:
    """Installs them; nothing where they are not known."""
    found = names(site, purpose)
    return (Repair("package", " ".join(found), True),) if found else ()
