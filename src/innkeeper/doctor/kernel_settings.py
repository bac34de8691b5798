"""Repairs of the kernel's settings: for now, and for the next boot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.doctor.repairs import Repair

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["sysctl", "sysfs"]


def sysctl(site: Site, key: str, value: str) -> tuple[Repair, ...]:
    """A parameter of sysctl(8), kept in a file of its own where the host reads sysctl.d(5)."""
    return (
        Repair("sysctl", key, value),
        *_kept(site, "/etc/sysctl.d", f"60-innkeeper-{key}.conf", f"{key} = {value}\n"),
    )


def sysfs(site: Site, path: str, value: str, name: str) -> tuple[Repair, ...]:
    """A file in /sys, kept as tmpfiles.d(5) has it where systemd reads that at boot; `name` is that of the file."""
    lasting = _kept(site, "/etc/tmpfiles.d", f"innkeeper-{name}.conf", f"w {path} - - - - {value}\n")
    return (Repair("sysfs", path, value), *lasting)


def _kept(site: Site, folder: str, name: str, content: str) -> tuple[Repair, ...]:
    if not site.exists(folder):
        return ()
    return (Repair("file", f"{folder}/{name}", {"content": content, "mode": "644"}),)
