"""The systemd units that start and stop guests with their host: what is shipped, and what is installed."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import innkeeper
from innkeeper.machine import LocalMachine, local

if TYPE_CHECKING:
    from innkeeper.machine import Machine

__all__ = ["LINKS", "UNITS", "program", "texts"]

SERVICE, HOLD = "innkeeper-guests.service", "innkeeper-guests-hold.service"
FOLDER = "/etc/systemd/system"
UNITS = (SERVICE, HOLD)
LINKS = {
    f"{FOLDER}/multi-user.target.wants/{SERVICE}": f"{FOLDER}/{SERVICE}",
    f"{FOLDER}/libvirtd.service.wants/{HOLD}": f"{FOLDER}/{HOLD}",
    f"{FOLDER}/virtqemud.service.wants/{HOLD}": f"{FOLDER}/{HOLD}",
}
"""What `systemctl enable` makes of their [Install] sections."""


def program(machine: Machine) -> str | None:
    """Where `inn` is on that machine; None when it is not installed there."""
    if isinstance(machine, LocalMachine):
        beside = f"{os.path.dirname(sys.executable)}/inn"
        if machine.files.exists(beside):
            return beside
    found = machine.run(["sh", "-c", "command -v inn"], check=False)
    return found.stdout.decode().strip() or None if found.status == 0 else None


def texts(inn: str) -> dict[str, str]:
    """Path → content of each unit, for `inn` at that path."""
    folder = os.path.join(os.path.dirname(innkeeper.__file__), "systemd")
    shipped = {name: local().files.read(f"{folder}/{name}").decode() for name in UNITS}
    return {f"{FOLDER}/{name}": text.replace("@INN@", _escaped(inn)) for name, text in shipped.items()}


def _escaped(path: str) -> str:
    """systemd.unit(5): a % is a specifier, blanks end a word."""
    return path.replace("%", "%%").replace(" ", "\\x20")
