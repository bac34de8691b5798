"""libvirt's daemons as they stand on a host: installed, running, started at boot.

Two styles: one daemon for everything (libvirtd), or one for each driver (virtqemud, virtnetworkd, virtstoraged …; see
https://libvirt.org/daemons.html). Both at once want the same guests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from innkeeper.doctor.kinds.daemon import has_systemd

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = [
    "HELPERS",
    "MODULAR",
    "MONOLITHIC",
    "Daemon",
    "chosen_style",
    "daemons",
    "process",
    "start_command",
]

MONOLITHIC = "libvirtd"
MODULAR = (
    "virtqemud",
    "virtnetworkd",
    "virtstoraged",
    "virtnodedevd",
    "virtsecretd",
    "virtnwfilterd",
    "virtinterfaced",
)
NEEDED = ("virtqemud", "virtnetworkd", "virtstoraged")
"""Without these of them no guest has a disk or a network."""
HELPERS = ("virtlogd", "virtlockd")


class Daemon(NamedTuple):
    name: str
    installed: bool
    running: bool
    """or listened for by systemd, which starts it when somebody calls"""
    enabled: bool
    """started at boot, or when somebody calls; unknown without systemd, and then False"""


def daemons(site: Site) -> dict[str, Daemon]:
    """All of libvirt's that Innkeeper knows, by name; seen once."""
    return site.once("daemons", lambda: _look(site))


def process(site: Site, name: str) -> int | None:
    """The daemon's process, as the site saw it; None when it does not run."""
    pid = site.read(f"/run/{name}.pid").strip()
    return int(pid) if pid.isdigit() and site.read(f"/proc/{pid}/comm").strip() == name[:15] else None


def _look(site: Site) -> dict[str, Daemon]:
    names = (MONOLITHIC, *MODULAR, *HELPERS)
    units = _units(site, names) if has_systemd(site) else {}
    found = {}
    for name in names:
        installed = site.program(name) is not None
        running = process(site, name) is not None if installed else False
        states = [units.get(f"{name}.{suffix}", ("", "")) for suffix in ("service", "socket")]
        running = running or any(active == "active" for active, _ in states)
        found[name] = Daemon(name, installed, running, any(enabled == "enabled" for _, enabled in states))
    return found


def _units(site: Site, names: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Unit → (ActiveState, UnitFileState), of systemctl(1) show: blocks of KEY=VALUE with an empty line between."""
    wanted = [f"{name}.{suffix}" for name in names for suffix in ("service", "socket")]
    said = site.run(["systemctl", "show", "-p", "Id,ActiveState,UnitFileState", *wanted]).stdout.decode()
    found = {}
    for block in said.split("\n\n"):
        facts = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        found[facts.get("Id", "")] = (facts.get("ActiveState", ""), facts.get("UnitFileState", ""))
    return found


def chosen_style(site: Site) -> tuple[str, ...]:
    """The daemons that are to serve QEMU's guests here: those that run, else those of the boot, else what is there."""
    known = daemons(site)
    for quality in ("running", "enabled", "installed"):
        if getattr(known[MONOLITHIC], quality):
            return (MONOLITHIC,)
        if getattr(known[MODULAR[0]], quality):
            return tuple(name for name in NEEDED if known[name].installed)
    return ()


def start_command(site: Site, name: str) -> str:
    """What an administrator types to have it run."""
    return f"systemctl enable --now {name}" if has_systemd(site) else f"{name} -d"
