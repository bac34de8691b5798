"""The units that start and stop guests with the host, key "innkeeper-guests": {path: content of a unit, or target of a
link behind "-> "}, or None when none of them is there."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper.doctor.repairs import Kind
from innkeeper.errors import NotFound
from innkeeper.guest.running.units import FOLDER, HOLD, LINKS, SERVICE, UNITS

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND"]

_LINK = "-> "
_PATHS = (*(f"{FOLDER}/{name}" for name in UNITS), *LINKS)


def _look(site: Site, _key: str) -> dict[str, str] | None:
    found = {path: text for path in _PATHS if (text := _content(site, path)) is not None}
    return found or None


def _content(site: Site, path: str) -> str | None:
    at = site.path(path)
    link = site.machine.run(["readlink", "--", at], check=False)
    if link.status == 0:
        return _LINK + link.stdout.decode().rstrip("\n")
    try:
        return site.machine.files.read(at).decode(errors="surrogateescape")
    except NotFound:
        return None


def _put(site: Site, _key: str, value: dict[str, str] | None) -> None:
    """The service is begun before it is needed: systemd stops at shutdown only what was started. Its start does
    nothing when libvirt was not held back at boot."""
    files, run, wanted = site.machine.files, site.machine.run, value or {}
    booted = site.exists("/run/systemd/system")
    if booted and not wanted:
        # Ended without its ExecStop, which would stop every guest.
        run(["systemctl", "disable", SERVICE, HOLD], check=False)
    for path in _PATHS:
        at, text = site.path(path), wanted.get(path)
        if text is None:
            files.remove(at)
        elif text.startswith(_LINK):
            files.make_dir(at.rpartition("/")[0])
            run(["ln", "-sfn", "--", text.removeprefix(_LINK), at])
        else:
            files.make_dir(at.rpartition("/")[0])
            files.write(at, text.encode(errors="surrogateescape"))
    for folder in sorted({path.rpartition("/")[0] for path in LINKS} if not wanted else ()):
        run(["rmdir", "--", site.path(folder)], check=False)  # one that holds anything stays
    if booted:
        run(["systemctl", "daemon-reload"])
        if wanted:
            run(["systemctl", "start", SERVICE], timeout=60)


def _commands(_key: str, value: dict[str, str] | None) -> list[str]:
    if value is None:
        paths = shlex.join(f"{FOLDER}/{name}" for name in UNITS)
        return [f"systemctl disable {SERVICE} {HOLD}", f"rm -f -- {paths}", "systemctl daemon-reload"]
    units = {path: text for path, text in value.items() if not text.startswith(_LINK)}
    lines = [f"printf %s {shlex.quote(text)} > {shlex.quote(path)}" for path, text in units.items()]
    return [*lines, f"systemctl enable {SERVICE} {HOLD}", f"systemctl start {SERVICE}"]


KIND = Kind(_look, _put, _commands)
