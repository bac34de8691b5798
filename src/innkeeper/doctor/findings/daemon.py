"""libvirt's daemons: which, running, answering, and who may call them."""

from __future__ import annotations

import re

from innkeeper.doctor import package_lists
from innkeeper.doctor.daemons import (
    HELPERS,
    MODULAR,
    MONOLITHIC,
    chosen_style,
    daemons,
    process,
    start_command,
)
from innkeeper.doctor.finding import Check, Found, Site
from innkeeper.doctor.kinds.daemon import has_systemd
from innkeeper.doctor.people import is_listed, person
from innkeeper.doctor.repairs import Repair
from innkeeper.errors import Denied

__all__ = ["CHECKS"]

DRIVER = "libvirt/connection-driver/libvirt_driver_qemu.so"
SOCKETS = ("/run/libvirt/virtqemud-sock", "/run/libvirt/libvirt-sock")
BUS = "/run/dbus/system_bus_socket"
"""By it libvirtd asks polkit who may use it, where its socket is open to everybody (libvirtd.conf, auth_unix_rw)."""
OLDEST = (9, 0, 0)
"""What Innkeeper is tried with; older ones are told, not refused."""
PIDS = tuple(f"/run/{name}.pid" for name in (MONOLITHIC, *MODULAR, *HELPERS))


def _libvirt(site: Site) -> Found:
    virt = site.virt
    if virt is not None:
        version = virt.version
        facts: dict[str, object] = {"version": ".".join(map(str, version)), "uri": site.host.uri}
        facts["driver"] = virt.driver
        if version < OLDEST:
            return Found("advice", "daemon.libvirt.old", {**facts, "oldest": ".".join(map(str, OLDEST))})
        return Found("ok", "daemon.libvirt.answers", facts)
    return _unreachable(site)


def _unreachable(site: Site) -> Found:
    error = site.virt_error
    assert error is not None
    facts: dict[str, object] = {"uri": site.host.uri, "detail": str(error)}
    wanted = chosen_style(site)
    if not wanted:
        purpose = "libvirt's daemons"
        remedy, repair = package_lists.command(site, purpose), package_lists.repair(site, purpose)
        return Found("problem", "daemon.libvirt.missing", facts, remedy, repair)
    if isinstance(error, Denied):
        return Found("problem", "daemon.libvirt.denied", facts)
    away = [name for name in wanted if not daemons(site)[name].running]
    if away:
        remedy = " && ".join(start_command(site, name) for name in away)
        repair = tuple(Repair("service", name, "active") for name in away)
        return Found("problem", "daemon.libvirt.stopped", {**facts, "name": ", ".join(away)}, remedy, repair)
    if not site.shell(f"ls -d /usr/lib*/{DRIVER} /usr/lib/*/{DRIVER} 2>/dev/null"):
        purpose = "the QEMU driver"
        remedy, repair = package_lists.command(site, purpose), package_lists.repair(site, purpose)
        return Found("problem", "daemon.libvirt.no_driver", facts, remedy, repair)
    if error.code != "host.libvirt_hangs" and not site.machine.is_root:
        return Found("problem", f"daemon.libvirt.{'denied' if site.exists(BUS) else 'no_bus'}", facts)
    name = wanted[0]
    again = f"systemctl restart {name}" if has_systemd(site) else f"kill $(cat /run/{name}.pid); {name} -d"
    return Found("problem", "daemon.libvirt.silent", {**facts, "name": name}, again)


def _style(site: Site) -> list[Found]:
    """Both at once: they do not see what the other has, and start the same guests twice."""
    known = daemons(site)
    running = [name for name in (MONOLITHIC, *MODULAR) if known[name].running]
    facts: dict[str, object] = {"names": ", ".join(running)}
    if known[MONOLITHIC].running and known[MODULAR[0]].running:
        new = known[MODULAR[0]].enabled and not known[MONOLITHIC].enabled
        others = [MONOLITHIC] if new else [name for name in running if name != MONOLITHIC]
        repair = tuple(Repair("service", name, "inactive") for name in others)
        remedy = " && ".join(_stop_command(site, name) for name in others)
        return [Found("problem", "daemon.style.both", facts, remedy, repair)]
    if known[MONOLITHIC].running:
        return [Found("ok", "daemon.style.monolithic", facts)]
    if not known[MODULAR[0]].running:
        return []
    away = [name for name in chosen_style(site) if not known[name].running]
    if away:
        remedy = " && ".join(start_command(site, name) for name in away)
        repair = tuple(Repair("service", name, "active") for name in away)
        return [Found("problem", "daemon.style.incomplete", {"names": ", ".join(away)}, remedy, repair)]
    return [Found("ok", "daemon.style.modular", facts)]


def _stop_command(site: Site, name: str) -> str:
    return f"systemctl disable --now {name}" if has_systemd(site) else f"kill $(cat /run/{name}.pid)"


def _outdated(site: Site) -> list[Found]:
    """A daemon that runs on after its program was replaced: proc(5), /proc/PID/exe ends in (deleted)."""
    found = []
    for name in (MONOLITHIC, *MODULAR, *HELPERS):
        pid = process(site, name) if daemons(site)[name].installed else None
        at = site.run(["readlink", site.path(f"/proc/{pid}/exe")]).stdout.decode().strip() if pid else ""
        if at.endswith(" (deleted)"):
            again = (
                f"systemctl restart {name}"
                if has_systemd(site)
                else f"kill $(cat /run/{name}.pid); {name} -d"
            )
            found.append(Found("advice", "daemon.outdated.old_program", {"name": name}, again))
    return found


def _setting(site: Site, key: str) -> str:
    said = re.search(rf'^\s*{key}\s*=\s*"([^"]*)"', site.read("/etc/libvirt/qemu.conf"), re.MULTILINE)
    return said[1] if said else ""


def _virtlogd(site: Site) -> list[Found]:
    """Through it QEMU's output and serial logs go, unless qemu.conf says `stdio_handler = "file"`."""
    if site.host.is_session or not chosen_style(site):
        return []
    if _setting(site, "stdio_handler") == "file":
        return [Found("ok", "daemon.virtlogd.not_used")]
    return [_helper(site, "virtlogd")]


def _virtlockd(site: Site) -> list[Found]:
    """Only where qemu.conf says `lock_manager = "lockd"`."""
    if site.host.is_session or not chosen_style(site):
        return []
    if _setting(site, "lock_manager") != "lockd":
        return [Found("ok", "daemon.virtlockd.not_used")]
    return [_helper(site, "virtlockd")]


def _helper(site: Site, name: str) -> Found:
    known = daemons(site)[name]
    if known.running:
        return Found("ok", f"daemon.{name}.runs")
    if not known.installed:
        purpose = "libvirt's daemons"
        remedy, repair = package_lists.command(site, purpose), package_lists.repair(site, purpose)
        return Found("problem", f"daemon.{name}.missing", {}, remedy, repair)
    repair = (Repair("service", name, "active"),)
    return Found("problem", f"daemon.{name}.stopped", {}, start_command(site, name), repair)


def _access(site: Site) -> list[Found]:
    """Whether the person may call libvirt without being root: by membership in the group of its socket."""
    socket = next((path for path in SOCKETS if site.stat(path)), "")
    seen = site.stat(socket) if socket else None
    if seen is None or site.host.is_session:
        return []
    who = person(site)
    facts: dict[str, object] = {
        "user": who.name,
        "group": seen.group,
        "socket": socket,
        "mode": f"{seen.mode:o}",
    }
    if seen.mode & 0o006 == 0o006:
        return [Found("ok", "daemon.access.policy", facts)]
    if who.name == "root":
        return [Found("ok", "daemon.access.root", facts)]
    if seen.group in who.groups:
        return [Found("ok", "daemon.access.member", facts)]
    if is_listed(site, who.name, seen.group):
        return [Found("advice", "daemon.access.new_member", facts)]
    if seen.group == "root":
        return [Found("advice", "daemon.access.only_root", facts)]
    repair = (Repair("group", f"{seen.group}:{who.name}", True),)
    remedy = f"gpasswd --add {who.name} {seen.group}"
    return [Found("advice", "daemon.access.stranger", facts, remedy, repair)]


CHECKS = (
    Check("daemon.libvirt", _libvirt, PIDS),
    Check("daemon.style", _style, PIDS),
    Check("daemon.virtlogd", _virtlogd, (*PIDS, "/etc/libvirt/qemu.conf")),
    Check("daemon.virtlockd", _virtlockd, (*PIDS, "/etc/libvirt/qemu.conf")),
    Check("daemon.outdated", _outdated, PIDS),
    Check("daemon.access", _access),
)
