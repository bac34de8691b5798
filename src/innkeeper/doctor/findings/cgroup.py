"""Control groups: by them libvirt limits and counts what a guest uses."""

from __future__ import annotations

from innkeeper.doctor.finding import Check, Found, Site

__all__ = ["CHECKS"]

NEEDED = ("cpu", "cpuset", "memory", "io")
"""What libvirt's tuning of guests stands on (src/util/vircgroupv2.c), by the names of version 2."""
OLD_NAMES = {"io": "blkio"}
SWITCHED_OFF = {"memory": "cgroup_enable=memory"}
"""Controller → the kernel's parameter that puts it on where it is off from the start"""

REACHED = 'root=$1; shift; for at; do [ -e "$root$at/cgroup.procs" ] && echo "$at"; done'
"""Every directory of control groups has that file (cgroups(7))."""


def _controllers(site: Site) -> Found:
    """Version 2 makes do without `devices`: its place is taken by a BPF program."""
    modern, old, unified = _mounted(site)
    if not modern and not old and unified:
        return Found("problem", "cgroup.controllers.empty", {"place": unified})
    if not modern and not old:
        return Found("problem", "cgroup.controllers.none", {}, "mount -t cgroup2 none /sys/fs/cgroup")
    missing = [name for name in NEEDED if name not in modern and OLD_NAMES.get(name, name) not in old]
    if not old:
        version = "2"
    else:
        version = "1" if not modern else "1 + 2"
        missing += ["devices"] if "devices" not in old else []
    facts: dict[str, object] = {"version": version, "controllers": ", ".join(sorted(modern | old))}
    if not missing:
        return Found("ok", "cgroup.controllers.there", facts)
    facts["missing"] = ", ".join(missing)
    disabled = [name for name in missing if name in SWITCHED_OFF and _off_at_boot(site, name)]
    if disabled:
        facts["parameter"] = " ".join(SWITCHED_OFF[name] for name in disabled)
        return Found("advice", "cgroup.controllers.off_at_boot", facts)
    return Found("advice", "cgroup.controllers.missing", facts)


def _mounted(site: Site) -> tuple[set[str], set[str], str]:
    """Controllers of version 2, those of version 1, and where version 2 is mounted.

    /proc/mounts lists mounts too that a later one covers.
    """
    modern: set[str] = set()
    old: set[str] = set()
    unified = ""
    rows = [line.split()[1:4] for line in site.read("/proc/mounts").splitlines() if " cgroup" in line]
    reached = site.shell(REACHED, site.root, *(place for place, _kind, _options in rows)).splitlines()
    for place, kind, options in rows:
        if place not in reached:
            continue
        if kind == "cgroup2":
            unified = place
            modern |= set(site.read(f"{place}/cgroup.controllers").split())
        elif kind == "cgroup":
            old |= set(options.split(",")) & {"cpu", "cpuacct", "cpuset", "memory", "blkio", "devices"}
    return modern, old, unified


def _off_at_boot(site: Site, name: str) -> bool:
    """The last column of /proc/cgroups (cgroups(7)): 0 when a parameter of the kernel disabled it."""
    rows = (line.split() for line in site.read("/proc/cgroups").splitlines()[1:])
    return any(row[0] == name and row[-1] == "0" for row in rows if row)


CHECKS = (
    Check(
        "cgroup.controllers",
        _controllers,
        ("/proc/mounts", "/proc/cgroups", "/sys/fs/cgroup/cgroup.controllers"),
    ),
)
