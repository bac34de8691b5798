"""One of libvirt's daemons, key "libvirtd": "active" is running and, under systemd, started at boot too.

Under systemd its units are switched; where there is none it is started and stopped by hand. Stopping one that brought
networks up takes those down again; one under which guests run is not stopped.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from innkeeper.doctor.repairs import Kind
from innkeeper.errors import Conflict, Failed

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND", "has_systemd", "process_of", "unit_states"]

AT_BOOT = {"active": "enabled", "inactive": "disabled"}
STARTING = 30.0
"""Seconds a daemon gets to come up; libvirtd asks every QEMU what it can do only later."""
STOPPING = 20.0
SOCKETS = ("", "-ro", "-admin")
"""What systemd listens on for a libvirt daemon: NAME.socket, NAME-ro.socket, NAME-admin.socket."""
BRINGS_NETWORKS = ("libvirtd", "virtnetworkd")
NETWORKS = "/run/libvirt/network"
GUESTS = "/run/libvirt/qemu"
"""libvirt's status documents of what is active, one NAME.xml each (src/conf/virdomainobjlist.c, virnetworkobj.c)."""
DRIVERS = ("network", "qemu", "storage")


def has_systemd(site: Site) -> bool:
    """sd_booted(3)."""
    return site.exists("/run/systemd/system")


def process_of(site: Site, name: str) -> int | None:
    """The daemon's process, by the file that it keeps its number in; None when it does not run."""
    from innkeeper.errors import NotFound

    files = site.machine.files
    try:
        pid = files.read(site.path(f"/run/{name}.pid")).decode().strip()
        if pid.isdigit() and files.read(site.path(f"/proc/{pid}/comm")).decode().strip() == name[:15]:
            return int(pid)
    except NotFound:
        return None
    return None


def unit_states(site: Site, name: str) -> dict[str, str]:
    """Under systemd: `active` and `enabled` of the daemon, the best of its units' states."""
    units = [f"{name}.service", f"{name}.socket"]
    asked = "systemctl is-active $1 $2; echo --; systemctl is-enabled $1 $2 2>/dev/null"
    said = site.machine.run(["sh", "-c", asked, "sh", *units], check=False, timeout=20).stdout.decode()
    active, _, enabled = said.partition("--")
    states = {"active": "active" if "active" in active.split() else "inactive"}
    words = enabled.split()
    best = next((word for word in ("enabled", "masked", "disabled", "static") if word in words), "none")
    return {**states, "enabled": best}


def _look(site: Site, name: str) -> dict[str, Any]:
    markers = [name for name in DRIVERS if site.machine.files.exists(site.path(_marker(name)))]
    active = {"networks": _active(site, NETWORKS), "guests": _active(site, GUESTS), "markers": markers}
    if has_systemd(site):
        states = unit_states(site, name)
        return {"state": states["active"], "enabled": states["enabled"], **active}
    return {"state": "active" if process_of(site, name) else "inactive", **active}


def _marker(driver: str) -> str:
    """Where libvirt notes that it has autostarted since boot: it does that once (src/util/virfile.c,
    virDriverShouldAutostart)."""
    return f"/run/libvirt/{driver}/autostarted"


def _active(site: Site, folder: str) -> list[str]:
    names = site.machine.files.list(site.path(folder))
    return [name.removesuffix(".xml") for name in names if name.endswith(".xml")]


def _put(site: Site, name: str, value: str | dict[str, Any]) -> None:
    """A value of `_look` is what was before; "active" and "inactive" what is wanted, at boot too."""
    wanted: dict[str, Any] = value if isinstance(value, dict) else {"state": value, "enabled": AT_BOOT[value]}
    if wanted["state"] == "active":
        _start(site, name, wanted.get("enabled", ""))
        return
    if isinstance(value, dict):
        _refuse_guests(site, name, value["guests"])
        if name in BRINGS_NETWORKS:
            _drop_networks(site, name, value["networks"])
    _stop(site, name, wanted.get("enabled", ""))
    if isinstance(value, dict) and name in BRINGS_NETWORKS:
        for driver in DRIVERS:
            if driver not in value["markers"]:
                site.machine.files.remove(site.path(_marker(driver)))


def _start(site: Site, name: str, enabled: str) -> None:
    run = site.machine.run
    if has_systemd(site):
        if unit_states(site, name)["enabled"] == "masked":
            run(["systemctl", "unmask", f"{name}.service", f"{name}.socket"], timeout=STARTING)
        if enabled in ("enabled", "disabled"):
            run(["systemctl", enabled.removesuffix("d"), f"{name}.service"], timeout=STARTING)
        run(["systemctl", "start", f"{name}.service"], timeout=STARTING)
    elif not process_of(site, name):
        run([name, "-d"], timeout=STARTING)
        _wait(lambda: process_of(site, name) is not None, STARTING, name)


def _stop(site: Site, name: str, enabled: str) -> None:
    run = site.machine.run
    if has_systemd(site):
        if enabled in ("disabled", "masked"):
            run(["systemctl", "disable", f"{name}.service"], timeout=STOPPING)
        # The sockets first, else a caller starts it again; not every version has each of them.
        run(["systemctl", "stop", *_units(name)], check=False, timeout=STOPPING)
        if enabled == "masked":
            run(["systemctl", "mask", f"{name}.service", f"{name}.socket"], timeout=STOPPING)
        return
    pid = process_of(site, name)
    if pid:
        run(["kill", "-TERM", str(pid)])
        _wait(lambda: process_of(site, name) is None, STOPPING, name)


def _units(name: str) -> list[str]:
    return [*(f"{name}{socket}.socket" for socket in SOCKETS), f"{name}.service"]


def _drop_networks(site: Site, name: str, before: list[str]) -> None:
    """What the daemon autostarted goes with it: bridge, dnsmasq and rules would stay for good."""
    if not process_of(site, name):
        return
    for network in _active(site, NETWORKS):
        if network not in before:
            site.machine.run(["virsh", "-c", "qemu:///system", "net-destroy", network], timeout=STOPPING)


def _refuse_guests(site: Site, name: str, before: list[str]) -> None:
    """Guests go on without libvirt, and nobody could reach them."""
    guests = [guest for guest in _active(site, GUESTS) if guest not in before]
    if guests:
        raise Conflict("daemon.guests_run", name=name, guests=", ".join(guests))


def _wait(reached: Any, seconds: float, name: str) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            raise Failed("daemon.no_answer", name=name, seconds=round(seconds))
        time.sleep(0.05)


def _commands(name: str, value: str | dict[str, Any]) -> list[str]:
    state = value if isinstance(value, str) else value["state"]
    if state == "active":
        return [
            f"if [ -d /run/systemd/system ]; then systemctl enable --now {name}.service; else {name} -d; fi"
        ]
    by_hand = f"kill $(cat /run/{name}.pid)"
    return [f"if [ -d /run/systemd/system ]; then systemctl disable --now {name}.service; else {by_hand}; fi"]


KIND = Kind(
    _look,
    _put,
    _commands,
    done=lambda now, value: bool(now["state"] == (value if isinstance(value, str) else value["state"])),
    same=lambda _key, now, then: bool(now["state"] == then["state"]),
    touches=(("forwarding", "all"),),
)
