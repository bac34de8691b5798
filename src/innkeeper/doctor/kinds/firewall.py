"""Rules of ours in a base chain, key "nft inet filter input virbr0 host": {name: what the rule asks}.

Each is put at the beginning of its chain, accepts, and carries the comment `innkeeper BRIDGE GROUP NAME`, by which it
is known again. Another table cannot take back what a chain drops, so it has to be in that very chain.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from innkeeper.doctor.repairs import Kind

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND", "Place", "insert", "place"]


class Place(NamedTuple):
    """A chain, and whose rules are meant: those for a bridge and a purpose."""

    tool: str
    family: str
    table: str
    chain: str
    bridge: str
    group: str

    @property
    def key(self) -> str:
        return " ".join(self)

    def comment(self, name: str) -> str:
        return f"innkeeper {self.bridge} {self.group} {name}"


def place(key: str) -> Place:
    return Place(*key.split(" "))


def _look(site: Site, key: str) -> dict[str, str]:
    at = place(key)
    return {name: asks for name, (asks, _handle) in _listed(site, at).items()}


def _listed(site: Site, at: Place) -> dict[str, tuple[str, str]]:
    """Name of each rule of ours there → what it asks, and its handle with nft."""
    ours = re.escape(at.comment(""))
    found = {}
    if at.tool == "nft":
        argv = ["nft", "-a", "list", "chain", at.family, at.table, at.chain]
        pattern = rf'^\s*(?P<asks>.*) accept comment "{ours}(?P<name>\S+)" # handle (?P<handle>\d+)$'
    else:
        argv = [at.tool, "-w", "-t", at.table, "-S", at.chain]
        pattern = rf'^-A \S+ (?P<asks>.*) -m comment --comment "{ours}(?P<name>\S+)" -j ACCEPT(?P<handle>)$'
    said = site.machine.run(argv, check=False, timeout=20).stdout.decode(errors="replace")
    for line in said.splitlines():
        rule = re.match(pattern, line)
        if rule:
            found[rule["name"]] = (rule["asks"], rule["handle"])
    return found


def _put(site: Site, key: str, value: dict[str, str]) -> None:
    at = place(key)
    now = _listed(site, at)
    for name, (asks, handle) in now.items():
        if name not in value:
            site.machine.run(_delete(at, name, asks, handle), timeout=20)
    for name, asks in reversed(value.items()):
        if name not in now:
            site.machine.run(insert(at, name, asks), timeout=20)


def insert(at: Place, name: str, asks: str) -> list[str]:
    """The command that puts a rule first in its chain."""
    if at.tool == "nft":
        rule = f'{asks} accept comment "{at.comment(name)}"'
        return ["nft", "insert", "rule", at.family, at.table, at.chain, rule]
    return [at.tool, "-w", "-t", at.table, "-I", at.chain, *_iptables_rule(at, name, asks)]


def _iptables_rule(at: Place, name: str, asks: str) -> list[str]:
    return [*asks.split(), "-m", "comment", "--comment", at.comment(name), "-j", "ACCEPT"]


def _delete(at: Place, name: str, asks: str, handle: str) -> list[str]:
    if at.tool == "nft":
        return ["nft", "delete", "rule", at.family, at.table, at.chain, "handle", handle]
    return [at.tool, "-w", "-t", at.table, "-D", at.chain, *_iptables_rule(at, name, asks)]


def _commands(key: str, value: dict[str, str]) -> list[str]:
    """None means all of them away."""
    at = place(key)
    if value:
        return [shlex.join(insert(at, name, asks)) for name, asks in reversed(value.items())]
    if at.tool == "nft":
        chain = f"{at.family} {at.table} {at.chain}"
        handles = f"sed -n 's/.*comment \"{at.comment('')}.*# handle //p'"
        each = f"while read -r handle; do nft delete rule {chain} handle $handle; done"
        return [f"nft -a list chain {chain} | {handles} | {each}"]
    ours = f"sed -n '/{at.comment('')}/s/^-A/-D/p'"
    each = f'while read -r rule; do eval "{at.tool} -w -t {at.table} $rule"; done'
    return [f"{at.tool} -w -t {at.table} -S {at.chain} | {ours} | {each}"]


KIND = Kind(_look, _put, _commands, done=lambda now, value: value.keys() <= now.keys())
