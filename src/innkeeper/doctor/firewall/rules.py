"""Rules of a packet filter, whichever program lists them, and what becomes of a packet in them.

A packet passes a hook when every base chain there accepts it, in the order of their priorities; an accept ends only the
chain that says it, a drop is the end (https://wiki.nftables.org, Netfilter hooks). What a rule asks and cannot be known
(a set that fills itself, a mark) leaves both ways open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from innkeeper.doctor.firewall.packet import Hook, Packet

__all__ = ["Chain", "Condition", "End", "Judgement", "Rule", "Table", "Verdict", "judge", "translated"]

Condition = Callable[[Packet], bool | None]
"""Whether it holds for a packet; None when that cannot be known."""

DEEPEST = 40
"""Jumps within jumps; the kernel allows 16 (NFT_JUMP_STACK_SIZE)."""


class Verdict(NamedTuple):
    """accept, drop, reject, nat, jump, goto, return, continue; or `unknown`, such as a queue to a program."""

    kind: str
    chain: str = ""


@dataclass(frozen=True)
class Rule:
    conditions: tuple[Condition, ...]
    verdict: Verdict
    text: str

    def holds(self, packet: Packet) -> bool | None:
        answers = [condition(packet) for condition in self.conditions]
        if False in answers:
            return False
        return None if None in answers else True


@dataclass
class Chain:
    name: str
    rules: list[Rule] = field(default_factory=list)
    hook: Hook | None = None
    """of a base chain, where the kernel begins"""
    priority: int = 0
    policy: str = "accept"
    type: str = "filter"
    """or nat, or route"""


@dataclass
class Table:
    tool: str
    """which program its rules are changed with: iptables, iptables-legacy, nft"""
    family: str
    """ip or inet; those of other families see no IPv4 of guests"""
    name: str
    chains: dict[str, Chain] = field(default_factory=dict)


class End(NamedTuple):
    """How a chain may end for a packet, and the rule that says so."""

    kind: str
    """accept, drop, reject, nat, unknown"""
    chain: str
    text: str


class Judgement(NamedTuple):
    """A base chain that stops a packet: for sure, or perhaps."""

    table: Table
    base: Chain
    end: End
    sure: bool


def judge(tables: Iterable[Table], packet: Packet) -> list[Judgement]:
    """The base chains that stop it, in the order that it meets them; none when it passes."""
    found = []
    for table, base in _on_its_way(tables, packet, "filter"):
        assert base.hook is not None
        ends = _ends(table, base, packet.seen_at(base.hook))
        stops = [end for end in ends if end.kind in ("drop", "reject")]
        if stops:
            found.append(Judgement(table, base, stops[0], sure=len(stops) == len(ends)))
    return found


def translated(tables: Iterable[Table], packet: Packet) -> bool:
    """Whether some rule gives it another source address on its way out."""
    for table, base in _on_its_way(tables, packet, "nat"):
        if base.hook == "postrouting":
            ends = _ends(table, base, packet.seen_at("postrouting"))
            if any(end.kind == "nat" for end in ends):
                return True
    return False


def _on_its_way(tables: Iterable[Table], packet: Packet, type: str) -> Iterator[tuple[Table, Chain]]:
    bases = [
        (table, chain)
        for table in tables
        for chain in table.chains.values()
        if chain.hook in packet.hooks and (chain.type == "nat") == (type == "nat")
    ]
    yield from sorted(bases, key=lambda one: (packet.hooks.index(one[1].hook or "input"), one[1].priority))


def _ends(table: Table, base: Chain, packet: Packet) -> list[End]:
    found = list(_walk(table, base, packet, 0))
    policy = End(base.policy, base.name, f"policy {base.policy}")
    return list(dict.fromkeys(policy if end is None else end for end in found))


def _walk(table: Table, chain: Chain, packet: Packet, depth: int) -> Iterator[End | None]:
    """The ends that a packet may find in a chain; None for falling out of it."""
    for rule in chain.rules:
        holds = rule.holds(packet)
        if holds is False or rule.verdict.kind == "continue":
            continue
        kind, target = rule.verdict
        if kind in ("jump", "goto"):
            inner = table.chains.get(target, Chain(target))
            ends = list(_walk(table, inner, packet, depth + 1)) if depth < DEEPEST else [None]
            yield from (end for end in ends if end is not None)
            back = kind == "jump" and None in ends
            if kind == "goto" and None in ends:
                yield None
        else:
            yield None if kind == "return" else End(kind, chain.name, rule.text)
            back = False
        if holds and not back:
            return
    yield None
