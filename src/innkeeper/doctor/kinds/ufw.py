"""Rules of ours in ufw, key a bridge: "allow in on virbr0 to any port 67 proto udp" and the like, as ufw(8) takes them.

ufw keeps them in its own files, so that they outlast a reboot, and writes those back as they were when a rule goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.doctor.repairs import Kind

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND"]

COMMENT = " comment 'innkeeper'"


def _look(site: Site, bridge: str) -> list[str]:
    said = site.machine.run(["ufw", "show", "added"], check=False, timeout=30).stdout.decode()
    lines = [line.removeprefix("ufw ").removesuffix(COMMENT) for line in said.splitlines() if COMMENT in line]
    return [line for line in lines if bridge in line.split()]


def _put(site: Site, bridge: str, value: list[str]) -> None:
    now = _look(site, bridge)
    for rule in now:
        if rule not in value:
            site.machine.run(["ufw", *_deleted(rule)], timeout=60)
    for rule in value:
        if rule not in now:
            site.machine.run(["ufw", *rule.split(), "comment", "innkeeper"], timeout=60)


def _deleted(rule: str) -> list[str]:
    words = rule.split()
    return ["route", "delete", *words[1:]] if words[0] == "route" else ["delete", *words]


def _commands(_bridge: str, value: list[str]) -> list[str]:
    return [f"ufw {rule} comment innkeeper" for rule in value]


KIND = Kind(_look, _put, _commands, done=lambda now, value: set(value) <= set(now))
