"""What this host adds to an AppArmor profile: the text of its file below /etc/apparmor.d/local, key the file's name.

The profile that includes it is read anew by the kernel, where AppArmor is on.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from innkeeper.doctor.kinds import file
from innkeeper.doctor.repairs import Kind

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["FOLDER", "KIND", "LOCAL"]

FOLDER = "/etc/apparmor.d"
LOCAL = f"{FOLDER}/local"


def _look(site: Site, name: str) -> Any:
    return file.KIND.look(site, f"{LOCAL}/{name}")


def _put(site: Site, name: str, value: dict[str, Any] | None) -> None:
    """The kernel's copy is replaced after the file, so that doing both again is right after any interruption."""
    file.KIND.put(site, f"{LOCAL}/{name}", value)
    site.machine.run(["apparmor_parser", "--replace", site.path(f"{FOLDER}/{name}")], timeout=60)


def _commands(name: str, value: dict[str, Any] | None) -> list[str]:
    profile = shlex.quote(f"{FOLDER}/{name}")
    return [*file.KIND.commands(f"{LOCAL}/{name}", value), f"apparmor_parser --replace {profile}"]


KIND = Kind(_look, _put, _commands, file.KIND.done)
