"""Reading logs of a host from their end, and following them; what is in them, guests and others wrote."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from innkeeper.errors import Denied, NotFound

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.machine import Machine

__all__ = ["Tail", "behind", "follow", "hypervisor_log", "plain", "tail"]

_PIECE = 64 * 1024
_MOST = 16 * 1024**2
"""Bytes read of a log at most; virtlogd begins a new file at two MiB unless told otherwise (virtlogd.conf)."""
_DRIVERS = {"LXC": "lxc", "Xen": "libxl"}
_COMMANDS = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]+[0-~]|\x1b[@-Z\\^_]"
)
"""Escape sequences (ECMA-35, ECMA-48): colours, cursor movements, titles, character sets."""


class Tail(NamedTuple):
    """The end of a log: its lines, whether the line was found that they were to begin with, and the log's size then."""

    lines: list[str]
    whole: bool
    size: int


def hypervisor_log(host: Host, name: str) -> str:
    """Where libvirt lets the hypervisor of a guest write."""
    from innkeeper.guest.watching.serial_log import directory

    folder = directory(host)
    driver = _DRIVERS.get(host.virt.driver)
    return f"/var/log/libvirt/{driver}/{name}.log" if driver else f"{folder}/{name}.log"


def tail(machine: Machine, path: str, lines: int, since: re.Pattern[str] | None = None) -> Tail:
    """Its last lines, from the last one on that `since` matches. Reads on in the file before it (`PATH.0`), where
    virtlogd put what was older.

    Raises `NotFound("machine.file_missing")`, `Denied("machine.file_denied")`.
    """
    found: list[str] = []
    first_size = None
    for file in (path, f"{path}.0"):
        try:
            size = machine.files.size(file)
            found = _end(machine, file, size, lines - len(found) if since is None else None, since) + found
        except NotFound:
            if file == path:
                _refuse_hidden(machine, path)
                raise
            break
        first_size = size if first_size is None else first_size
        begins = _last(found, since)
        if begins is not None:
            return Tail(_cut(found[begins:], lines), True, first_size)
        if since is None and len(found) >= lines:
            break
    return Tail(_cut(found, lines), since is None, first_size or 0)


def _end(
    machine: Machine, path: str, size: int, lines: int | None, since: re.Pattern[str] | None
) -> list[str]:
    """At least that many lines of its end when it has them, or all from the line that `since` matches."""
    data, piece, offset = b"", _PIECE, size
    if lines == 0:
        machine.files.read(path, size, 1)  # so that one that may not be read is told
    while offset > 0 and len(data) < _MOST and lines != 0:
        step = min(piece, offset)
        offset -= step
        data = machine.files.read(path, offset, step) + data
        piece *= 4
        if lines is not None and data.count(b"\n") > lines:
            break
        if since is not None and since.search(data.decode(errors="replace")):
            break
    text = data.decode(errors="replace")
    return (text.partition("\n")[2] if offset > 0 else text).splitlines()


def _last(lines: list[str], pattern: re.Pattern[str] | None) -> int | None:
    if pattern is None:
        return None
    return next((n for n in range(len(lines) - 1, -1, -1) if pattern.search(lines[n])), None)


def _cut(lines: list[str], most: int) -> list[str]:
    return lines[-most:] if most else []


def _refuse_hidden(machine: Machine, path: str) -> None:
    """A file in a directory that one may not look into seems to be missing."""
    folder = path.rpartition("/")[0]
    if not machine.is_root and machine.run(["test", "-x", folder], check=False).status != 0:
        raise Denied("machine.file_denied", path=path)


def behind(machine: Machine, path: str, offset: int) -> Tail:
    """Its whole lines behind that many bytes, and where they end. A file that became shorter is a new one.

    Raises `NotFound("machine.file_missing")`, `Denied("machine.file_denied")`.
    """
    size = machine.files.size(path)
    if size < offset:
        offset = 0
    data = machine.files.read(path, offset, _MOST) if size > offset else b""
    lines, end, _rest = data.rpartition(b"\n")
    found = lines.decode(errors="replace").split("\n") if end else []
    return Tail(found, True, offset + len(lines) + len(end))


def follow(machine: Machine, path: str, offset: int, pause: float) -> Iterator[str]:
    """Its lines behind that many bytes, for ever; looks each `pause` seconds. A file that became shorter is a new one;
    one that is away may come again."""
    rest = ""
    while True:
        size = _size(machine, path)
        if size is not None and size < offset:
            offset, rest = 0, ""
        if size is not None and size > offset:
            data = machine.files.read(path, offset, _MOST)
            offset += len(data)
            *lines, rest = (rest + data.decode(errors="replace")).split("\n")
            yield from lines
        else:
            time.sleep(pause)


def _size(machine: Machine, path: str) -> int | None:
    try:
        return machine.files.size(path)
    except NotFound:
        return None


def plain(line: str) -> str:
    """Without what only commands a terminal; other signs that it would obey are left for whoever prints it."""
    return _COMMANDS.sub("", line).rstrip("\r").rpartition("\r")[2]
