"""Packages of the distribution, key "swtpm swtpm-tools": installed when the value is True.

What is put back is exact: with apt it is known beforehand which packages come along, and those are purged again. The
others remove by themselves what nobody else needs.
"""

from __future__ import annotations

import shlex
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from innkeeper.doctor.repairs import Kind
from innkeeper.errors import Conflict, Failed, Unsupported

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND", "MANAGERS", "PackageCommands", "manager_of"]

INSTALLING = 900.0
"""Seconds: what is downloaded may be large, and mirrors slow."""
SETTLING = 120.0
HALF = "!"
QUIET = {"DEBIAN_FRONTEND": "noninteractive"}


class PackageCommands(NamedTuple):
    """A package manager: its commands, to be followed by names."""

    list: str
    """file below `doctor/packages`"""
    install: tuple[str, ...]
    remove: tuple[str, ...]


MANAGERS = {
    "apt-get": PackageCommands(
        "apt",
        ("apt-get", "install", "--yes", "--no-install-recommends"),
        ("apt-get", "purge", "--yes"),
    ),
    "dnf": PackageCommands(
        "dnf",
        ("dnf", "install", "--assumeyes", "--setopt=install_weak_deps=False"),
        ("dnf", "remove", "--assumeyes"),
    ),
    "zypper": PackageCommands(
        "zypper",
        ("zypper", "--non-interactive", "install", "--no-recommends"),
        ("zypper", "--non-interactive", "remove", "--clean-deps"),
    ),
}
"""program → how to use it; only apt's is proven"""


def manager_of(site: Site) -> str | None:
    """The host's package manager, as `MANAGERS` names it."""
    return next((name for name in MANAGERS if site.program(name)), None)


def _needed(site: Site) -> str:
    """Raises `Unsupported("host.no_package_manager")`."""
    name = manager_of(site)
    if name is None:
        raise Unsupported("host.no_package_manager", choices=", ".join(MANAGERS))
    return name


def _look(site: Site, key: str) -> dict[str, str | None]:
    """Version of each of these packages, and None of each that is not there and would come along."""
    names = set(key.split())
    if _needed(site) == "apt-get":
        names |= _companions(site, key.split())
    return {name: _version(site, name) for name in sorted(names)}


def _companions(site: Site, names: list[str]) -> set[str]:
    """What apt would install, by its own simulation (apt-get(8), --simulate: lines that begin with Inst).

    Raises `Failed("host.packages_unknown")` when it knows no such package, or the lists were never fetched.
    """
    argv = [*MANAGERS["apt-get"].install, "--simulate", *names]
    done = site.machine.run(argv, check=False, timeout=60, env=QUIET)
    if done.status != 0:
        raise Failed("host.packages_unknown", names=" ".join(names), detail=done.last_line)
    return {line.split()[1] for line in done.stdout.decode().splitlines() if line.startswith("Inst ")}


def _version(site: Site, name: str) -> str | None:
    """None when it is not there; what dpkg left half done is `!` and its status."""
    if _needed(site) == "apt-get":
        argv = ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", name]
        status, _, version = site.machine.run(argv, check=False, timeout=20).stdout.decode().partition(" ")
        if status in ("", "not-installed", "config-files"):
            return None
        return version if status == "installed" else f"{HALF}{status}"
    done = site.machine.run(["rpm", "-q", "--qf", "%{VERSION}-%{RELEASE}\n", name], check=False, timeout=20)
    return done.stdout.decode().split()[0] if done.status == 0 else None


def _put(site: Site, key: str, value: bool | dict[str, str | None]) -> None:
    """A value of `_look` is what was before: what was not there goes; no version is changed back."""
    manager = MANAGERS[_needed(site)]
    _settle(site)
    if value is True:
        site.machine.run([*manager.install, *key.split()], timeout=INSTALLING, env=QUIET)
        return
    assert isinstance(value, dict)
    extra = [name for name, version in value.items() if version is None and _version(site, name)]
    if extra:
        _refuse_needed(site, extra)
        site.machine.run([*manager.remove, *extra], timeout=INSTALLING, env=QUIET)


def _settle(site: Site) -> None:
    """An installation that was killed in the middle leaves packages half configured, and its dpkg at work for a while
    yet. What is wrong with them after that is told by what comes next."""
    if _needed(site) != "apt-get":
        return
    deadline = time.monotonic() + SETTLING
    while (
        site.machine.run(["dpkg", "--audit"], check=False, timeout=60).stdout and time.monotonic() < deadline
    ):
        done = site.machine.run(["dpkg", "--configure", "-a"], check=False, timeout=INSTALLING, env=QUIET)
        if done.status != 0:
            time.sleep(1)


def _refuse_needed(site: Site, names: list[str]) -> None:
    """Raises `Conflict("host.packages_needed")` when others that came later need them."""
    if _needed(site) != "apt-get":
        return
    argv = ["apt-get", "purge", "--yes", "--simulate", *names]
    said = site.machine.run(argv, timeout=60, env=QUIET).stdout.decode().splitlines()
    gone = {line.split()[1] for line in said if line.startswith(("Purg ", "Remv "))}
    if gone - set(names):
        raise Conflict(
            "host.packages_needed", names=" ".join(names), others=" ".join(sorted(gone - set(names)))
        )


def _commands(key: str, value: Any) -> list[str]:
    gone = [name for name, version in value.items() if version is None] if isinstance(value, dict) else []
    action = "purge --yes" if gone else "install --yes --no-install-recommends"
    return [f"apt-get {action} {shlex.join(gone or key.split())}"]


KIND = Kind(
    _look,
    _put,
    _commands,
    done=lambda now, value: all(version and not version.startswith(HALF) for version in now.values()),
    same=lambda key, now, then: all(bool(now[name]) == bool(then[name]) for name in key.split()),
)
