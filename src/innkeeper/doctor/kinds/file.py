"""A small text file of the host whole: {"content", "mode", "owner"}, or None when there is none."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from innkeeper.doctor.repairs import Kind
from innkeeper.errors import NotFound

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND"]


def _look(site: Site, path: str) -> dict[str, str] | None:
    """Bytes that are no UTF-8 come back as they were."""
    at = site.path(path)
    try:
        content = site.machine.files.read(at).decode(errors="surrogateescape")
    except NotFound:
        return None
    mode, owner = site.machine.run(["stat", "-L", "-c", "%a %u:%g", "--", at]).stdout.decode().split()
    return {"content": content, "mode": mode, "owner": owner}


def _put(site: Site, path: str, value: dict[str, Any] | None) -> None:
    """Without `mode` and `owner` they stay as they are, or are those of a new file of root."""
    files, at = site.machine.files, site.path(path)
    if value is None:
        files.remove(at)
        return
    now = _look(site, path)
    mode = value.get("mode") or (now or {}).get("mode") or "644"
    files.write(at, value["content"].encode(errors="surrogateescape"), int(mode, 8))
    owner = value.get("owner") or (now or {}).get("owner")
    if owner:
        site.machine.run(["chown", owner, "--", at])


def _commands(path: str, value: dict[str, Any] | None) -> list[str]:
    at = shlex.quote(path)
    if value is None:
        return [f"rm -f -- {at}"]
    lines = [f"printf %s {shlex.quote(value['content'])} > {at}"]
    if value.get("mode"):
        lines.append(f"chmod {value['mode']} -- {at}")
    return lines


def _done(now: dict[str, str] | None, value: dict[str, Any] | None) -> bool:
    """What the value does not name is as it may be."""
    if now is None or value is None:
        return now is value
    return all(now[name] == wanted for name, wanted in value.items())


KIND = Kind(_look, _put, _commands, _done)
