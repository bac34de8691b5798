"""The host's clock: what it is read from, and whether something keeps it right."""

from __future__ import annotations

from innkeeper.doctor.finding import Check, Found, Site
from innkeeper.doctor.kernel_settings import sysfs
from innkeeper.doctor.kinds.daemon import has_systemd
from innkeeper.doctor.kinds.package import MANAGERS, manager_of
from innkeeper.doctor.repairs import Repair

__all__ = ["CHECKS"]

SOURCE = "/sys/devices/system/clocksource/clocksource0/current_clocksource"
AVAILABLE = "/sys/devices/system/clocksource/clocksource0/available_clocksource"
SLOW = ("hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit", "pmtmr")
"""Clocks outside the processor: each reading is a trip over a bus, and a guest's kvm-clock cannot be built on them."""
QUICK = ("tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "xen")

DAEMONS = {
    "chronyd": "chrony",
    "ntpd": "ntpd",
    "systemd-timesyn": "systemd-timesyncd",
    "openntpd": "openntpd",
    "ptp4l": "linuxptp",
}
"""Name of the process, which the kernel cuts at 15 characters → what it is of"""
ADJTIMEX = """import ctypes
print(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)))
"""
TIME_ERROR = "5"
"""adjtimex(2): the clock is not synchronized to anything"""
PROCESSES = 'cat "$1"/proc/[0-9]*/comm 2>/dev/null; true'


def _source(site: Site) -> Found:
    now = site.read(SOURCE).strip()
    if now not in SLOW:
        return Found("ok", "clock.source.fine" if now else "clock.source.none", {"source": now})
    better = next((name for name in QUICK if name in site.read(AVAILABLE).split()), None)
    if better is None:
        return Found(
            "advice", "clock.source.dropped", {"source": now}, "dmesg | grep -i -e tsc -e clocksource"
        )
    facts: dict[str, object] = {"source": now, "better": better}
    repair = sysfs(site, SOURCE, better, "clocksource")
    return Found("problem", "clock.source.slow", facts, f"echo {better} > {SOURCE}", repair)


def _sync(site: Site) -> Found:
    """A daemon that runs and a kernel that calls its clock synchronized are two questions."""
    running = site.shell(PROCESSES, site.root).split("\n")
    daemon = next((DAEMONS[name] for name in running if name in DAEMONS), None)
    answer = site.run(["python3", "-c", ADJTIMEX])
    synchronized = None if answer.status else answer.stdout.decode().strip() != TIME_ERROR
    if daemon and synchronized is False:
        return Found("advice", "clock.sync.not_yet", {"daemon": daemon}, _ask(daemon))
    if daemon:
        return Found("ok", "clock.sync.kept", {"daemon": daemon})
    if synchronized:
        return Found("ok", "clock.sync.kept_by_others")
    return _nobody(site)


def _ask(daemon: str) -> str:
    asked = {
        "chrony": "chronyc tracking",
        "ntpd": "ntpq -p",
        "systemd-timesyncd": "timedatectl timesync-status",
    }
    return asked.get(daemon, "timedatectl")


def _nobody(site: Site) -> Found:
    """What is installed is started before anything is installed."""
    for program, service in (("chronyd", "chrony"), ("systemd-timesyncd", "systemd-timesyncd")):
        if has_systemd(site) and (site.program(program) or site.exists(f"/usr/lib/systemd/{program}")):
            unit = _unit(site, service)
            repair = (Repair("service", unit, "active"),)
            return Found(
                "advice", "clock.sync.stopped", {"service": unit}, f"systemctl enable --now {unit}", repair
            )
    manager = manager_of(site)
    if manager is None:
        return Found("advice", "clock.sync.none")
    remedy = " ".join([*MANAGERS[manager].install, "chrony"])
    return Found("advice", "clock.sync.none", {}, remedy, (Repair("package", "chrony", True),))


def _unit(site: Site, service: str) -> str:
    """chrony's unit is called after the package or after the program, as the distribution likes."""
    units = ("/usr/lib/systemd/system", "/lib/systemd/system", "/etc/systemd/system")
    if service == "chrony" and any(site.exists(f"{at}/chronyd.service") for at in units):
        return "chronyd"
    return service


CHECKS = (
    Check("clock.source", _source, (SOURCE, AVAILABLE)),
    Check("clock.sync", _sync),
)
