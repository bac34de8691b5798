"""What iptables-save prints, as rules (iptables(8), iptables-extensions(8))."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator

from innkeeper.doctor.firewall.packet import Packet, in_net, wildcard
from innkeeper.doctor.firewall.rules import Chain, Condition, Rule, Table, Verdict

__all__ = ["parse"]

HOOKS = {
    "PREROUTING": "prerouting",
    "INPUT": "input",
    "FORWARD": "forward",
    "OUTPUT": "output",
    "POSTROUTING": "postrouting",
}
PRIORITIES = {"raw": -300, "mangle": -150, "filter": 0, "security": 50, "nat": 100}
"""enum nf_ip_hook_priorities (linux/netfilter_ipv4.h)"""
VERDICTS = {"ACCEPT": "accept", "DROP": "drop", "REJECT": "reject", "RETURN": "return"} | dict.fromkeys(
    ("MASQUERADE", "SNAT", "DNAT", "REDIRECT", "NETMAP"), "nat"
)
UNKNOWN = ("NFQUEUE", "QUEUE", "TPROXY", "SYNPROXY")
"""Targets that hand a packet to somebody else."""


def parse(text: str, tool: str) -> list[Table]:
    """Its tables; `tool` changes them."""
    tables: list[Table] = []
    for line in text.splitlines():
        if line.startswith("*"):
            tables.append(Table(tool, "ip", line[1:].strip()))
        elif line.startswith(":"):
            name, policy = line[1:].split()[:2]
            tables[-1].chains[name] = _chain(tables[-1].name, name, policy)
        elif line.startswith("-A "):
            _, name, rest = line.split(" ", 2)
            tables[-1].chains.setdefault(name, Chain(name)).rules.append(_rule(line, rest))
    for table in tables:
        for chain in table.chains.values():
            chain.rules = [_resolved(rule, table) for rule in chain.rules]
    return tables


def _chain(table: str, name: str, policy: str) -> Chain:
    if policy == "-":
        return Chain(name)
    hook: str = HOOKS[name]
    kind = "nat" if table == "nat" else "filter"
    return Chain(name, [], hook, PRIORITIES.get(table, 0), policy.lower(), kind)  # type: ignore[arg-type]  # a Hook by HOOKS


def _rule(line: str, rest: str) -> Rule:
    words = shlex.split(rest)
    target = next((at for at, word in enumerate(words) if word in ("-j", "-g")), None)
    conditions = tuple(_conditions(words[:target]))
    if target is None:
        return Rule(conditions, Verdict("continue"), line)
    kind = "goto" if words[target] == "-g" else "jump"
    return Rule(conditions, Verdict(kind, words[target + 1]), line)


def _resolved(rule: Rule, table: Table) -> Rule:
    """A jump to what is no chain is a target: a verdict, or something that is done to the packet by the way."""
    kind, target = rule.verdict
    if kind != "jump" or target in table.chains:
        return rule
    what = "unknown" if target in UNKNOWN else VERDICTS.get(target, "continue")
    return Rule(rule.conditions, Verdict(what), rule.text)


def _conditions(words: list[str]) -> Iterator[Condition]:
    at = 0
    while at < len(words):
        negated = words[at] == "!"
        at += negated
        option = words[at]
        end = at + 1
        while end < len(words) and not words[end].startswith("-") and words[end] != "!":
            end += 1
        values = words[at + 1 : end]
        at = end
        condition = _condition(option, values)
        if condition is not None:
            yield _negated(condition) if negated else condition


def _negated(condition: Condition) -> Condition:
    def inverse(packet: Packet) -> bool | None:
        holds = condition(packet)
        return None if holds is None else not holds

    return inverse


def _condition(option: str, values: list[str]) -> Condition | None:
    """None for what asks nothing of the packet."""
    if option in IGNORED:
        return None
    make = MATCHES.get(option)
    return make(values) if make else lambda _packet: None


def _protocol(values: list[str]) -> Condition:
    name = {"6": "tcp", "17": "udp", "1": "icmp"}.get(values[0], values[0])
    return lambda packet: name in ("all", "0") or packet.protocol == name


def _ports(of: Callable[[Packet], tuple[int, ...]]) -> Callable[[list[str]], Condition]:
    def make(values: list[str]) -> Condition:
        spans = [
            (int(first or 0), int(last or 65535 if colon else first))
            for first, colon, last in (part.partition(":") for part in values[0].split(","))
        ]
        return lambda packet: any(first <= port <= last for port in of(packet) for first, last in spans)

    return make


def _state(values: list[str]) -> Condition:
    return lambda packet: packet.state.upper() in values[0].split(",")


def _kind_of_target(values: list[str]) -> Condition:
    return lambda packet: packet.to.upper() in values[0].split(",")


def _kind_of_source(values: list[str]) -> Condition:
    return lambda packet: ("LOCAL" if not packet.iif else "UNICAST") in values[0].split(",")


def _packet_type(values: list[str]) -> Condition:
    return lambda packet: values[0] == ("broadcast" if packet.to == "broadcast" else "unicast")


def _mark(values: list[str]) -> Condition:
    wanted = int(values[0].split("/")[0], 0)
    return lambda _packet: wanted == 0


def _flags(values: list[str]) -> Condition:
    """A first packet of TCP has SYN, a later one ACK."""
    mask, wanted = (set(part.split(",")) for part in values)
    return lambda packet: ({"SYN"} if packet.state == "new" else {"ACK"}) & mask == wanted - {"NONE"}


def _always(_values: list[str]) -> Condition:
    return lambda _packet: True


def _never(_values: list[str]) -> Condition:
    return lambda _packet: False


IGNORED = (
    "-m", "--comment", "--limit-burst", "--reject-with", "--log-prefix", "--loose", "--validmark",
    "--hashlimit-name", "--hashlimit-mode", "--hashlimit-burst", "--hashlimit-htable-expire",
)  # fmt: skip
MATCHES: dict[str, Callable[[list[str]], Condition]] = {
    "-i": lambda values: lambda packet: wildcard(packet.iif, values[0], "+"),
    "-o": lambda values: lambda packet: wildcard(packet.oif, values[0], "+"),
    "-s": lambda values: lambda packet: in_net(packet.src, values[0]),
    "-d": lambda values: lambda packet: in_net(packet.dst, values[0]),
    "-p": _protocol,
    "-f": _never,
    "--dport": _ports(lambda packet: (packet.dport,)),
    "--sport": _ports(lambda packet: (packet.sport,)),
    "--dports": _ports(lambda packet: (packet.dport,)),
    "--sports": _ports(lambda packet: (packet.sport,)),
    "--ports": _ports(lambda packet: (packet.sport, packet.dport)),
    "--ctstate": _state,
    "--state": _state,
    "--ctstatus": lambda values: lambda packet: "NONE" in values[0].split(","),
    "--dst-type": _kind_of_target,
    "--src-type": _kind_of_source,
    "--pkt-type": _packet_type,
    "--mark": _mark,
    "--limit": _always,
    "--hashlimit-upto": _always,
    "--hashlimit-above": _never,
    "--invert": _never,  # of rpfilter: ours come from where their answers go
    "--icmp-type": _never,  # none of ours is ICMP
    "--tcp-flags": _flags,
    "--physdev-is-bridged": lambda _values: lambda packet: packet.bridged,
}
