"""The log of a guest's first serial port, which virtlogd writes: read without taking the console from anybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from innkeeper.errors import NotFound

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.machine import Machine

__all__ = ["SerialLog", "directory", "make_directory", "undo_log"]


def directory(host: Host) -> str:
    """Where virtlogd may write for this connection: beside libvirt's own log of each guest."""
    if not host.is_session:
        return "/var/log/libvirt/qemu"
    assert host.machine is not None
    cache = host.machine.run(["sh", "-c", 'printf %s "${XDG_CACHE_HOME:-$HOME/.cache}"']).stdout.decode()
    return f"{cache}/libvirt/qemu/log"


def make_directory(host: Host) -> None:
    """In a session nobody has made it before libvirt's first guest there has started, and virtlogd makes none."""
    if host.is_session and host.machine is not None:
        host.machine.files.make_dir(directory(host), 0o700)


_COMMANDS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\^_]")
"""Escape sequences (ECMA-48, 5.4)."""


class SerialLog:
    """Follows a log from where it stood when this object was made."""

    def __init__(self, machine: Machine, path: str) -> None:
        self._files = machine.files
        self._path = path
        self._text = ""
        try:
            self._offset = self._files.size(path)
        except NotFound:
            self._offset = 0

    def read(self) -> str:
        """All that was written since, as text."""
        try:
            fresh = self._files.read(self._path, self._offset)
        except NotFound:
            return self._text
        self._offset += len(fresh)
        self._text += fresh.decode(errors="replace")
        return self._text

    @property
    def last_line(self) -> str:
        """The last line that says something, without colours and other commands to a terminal."""
        for line in reversed(self._text.splitlines()):
            plain = _COMMANDS.sub("", line)
            plain = "".join(character for character in plain if character.isprintable()).strip()
            if plain:
                return plain
        return ""


def undo_log(host: Host, path: str) -> None:
    """Remove the log that a guest left which is no more."""
    if host.machine is not None:
        host.machine.files.remove(path)
