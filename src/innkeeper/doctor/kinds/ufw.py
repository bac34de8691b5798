"""Rules of ours in ufw, key a bridge and what they are for, "virbr0 host": lines such as "allow in on virbr0 to any
port 67 proto udp", in the words in which ufw(8) says them again.

ufw keeps them in its own files, so that they outlast a reboot, and writes those back as they were when a rule goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.doctor.repairs import Kind

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND"]


def _comment(key: str) -> str:
    return f"innkeeper {key}"


def _look(site: Site, key: str) -> list[str]:
    said = site.machine.run(["ufw", "show", "added"], check=False, timeout=30).stdout.decode()
    ours = f" comment '{_comment(key)}'"
    return [line.removeprefix("ufw ").removesuffix(ours) for line in said.splitlines() if line.endswith(ours)]


def _put(site: Site, key: str, value: list[str]) -> None:
    now = _look(site, key)
    for rule in now:
        if rule not in value:
            site.machine.run(["ufw", *_deleted(rule)], timeout=60)
    for rule in value:
        if rule not in now:
            site.machine.run(["ufw", *rule.split(), "comment", _comment(key)], timeout=60)


def _deleted(rule: str) -> list[str]:
    words = rule.split()
    return ["route", "delete", *words[1:]] if words[0] == "route" else ["delete", *words]


def _commands(key: str, value: list[str]) -> list[str]:
    """None means all of them away."""
    if value:
        return [f"ufw {rule} comment '{_comment(key)}'" for rule in value]
    ours = f"sed -n \"s/ comment '{_comment(key)}'$//p\""
    gone = "sed 's/^ufw route /ufw route delete /; t; s/^ufw /ufw delete /'"
    return [f"ufw show added | {ours} | {gone} | sh -e"]


KIND = Kind(_look, _put, _commands, done=lambda now, value: set(value) <= set(now))
