"""QEMU: the machines it can be, and qemu-img."""

from __future__ import annotations

import re

from innkeeper.doctor import package_lists
from innkeeper.doctor.finding import PROGRAM_FOLDERS, Check, Found, Site

__all__ = ["CHECKS", "system_programs"]

SYSTEM = "qemu-system-"
ALIASES = {"ppc64le": "ppc64", "i686": "i386", "armv7l": "arm"}
"""uname(1)'s name of a processor → QEMU's, where they differ"""
RED_HAT = ("qemu-kvm", "/usr/libexec")
"""The one QEMU of Red Hat's distributions, for the host's own processor, outside the search path."""
OLDEST = (7, 2)
"""What Innkeeper is tried with; older ones are told, not refused."""
SAFE_THREADS = (8, 1)
"""From here on emulated guests with several processors do not crash now and then (see support.py)."""


def system_programs(site: Site) -> dict[str, str]:
    """Architecture → the program that is such a machine."""
    found: dict[str, str] = {}
    for folder in PROGRAM_FOLDERS:
        for name in site.list(folder):
            arch = name.removeprefix(SYSTEM)
            if name.startswith(SYSTEM) and re.fullmatch(r"[a-z0-9_]+", arch):
                found.setdefault(arch, f"{folder}/{name}")
    name, folder = RED_HAT
    if name in site.list(folder):
        found.setdefault(_own(site), f"{folder}/{name}")
    return found


def _own(site: Site) -> str:
    machine = site.shell("uname -m").strip()
    return ALIASES.get(machine, machine)


def _system(site: Site) -> Found:
    programs, own = system_programs(site), _own(site)
    facts: dict[str, object] = {"arch": own, "arches": ", ".join(sorted(programs))}
    if own not in programs:
        purpose = "virtual machines of this processor"
        remedy, repair = package_lists.command(site, purpose), package_lists.repair(site, purpose)
        return Found("problem", "qemu.system.missing", facts, remedy, repair)
    version, detail = _version(site, programs[own])
    facts["program"] = programs[own]
    if not version:
        return Found("problem", "qemu.system.broken", {**facts, "detail": detail})
    facts["version"] = _dotted(version)
    if version < OLDEST:
        return Found("advice", "qemu.system.old", {**facts, "oldest": _dotted(OLDEST)})
    if version < SAFE_THREADS:
        return Found("advice", "qemu.system.threads", {**facts, "safe": _dotted(SAFE_THREADS)})
    return Found("ok", "qemu.system.there", facts)


def _version(site: Site, program: str) -> tuple[tuple[int, ...], str]:
    """Of that program; none for one that does not start, and what it said instead."""
    done = site.run([site.path(program), "--version"])
    found = re.search(rb"version (\d+)\.(\d+)(?:\.(\d+))?", done.stdout)
    if done.status != 0 or found is None:
        return (), done.last_line
    return tuple(int(part) for part in found.groups() if part), ""


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _img(site: Site) -> Found:
    program = site.program("qemu-img")
    if program:
        return Found("ok", "qemu.img.there", {"program": program})
    purpose = "qemu-img"
    remedy, repair = package_lists.command(site, purpose), package_lists.repair(site, purpose)
    return Found("problem", "qemu.img.missing", {}, remedy, repair)


CHECKS = (Check("qemu.system", _system), Check("qemu.img", _img))
