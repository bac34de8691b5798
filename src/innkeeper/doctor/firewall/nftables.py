"""What `nft -j list ruleset` prints, as rules (libnftables-json(5)); tables that IPv4 meets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from innkeeper.doctor.firewall import expressions
from innkeeper.doctor.firewall.expressions import Sets
from innkeeper.doctor.firewall.rules import Chain, Condition, Rule, Table, Verdict

__all__ = ["parse"]

FAMILIES = ("ip", "inet")
VERDICTS = ("accept", "drop", "reject", "return", "continue")
TRANSLATIONS = ("masquerade", "snat", "dnat", "redirect")
HANDED_ON = ("queue", "tproxy", "synproxy")
NO_CONDITION = {
    "counter",
    "log",
    "mangle",
    "notrack",
    "flow",
    "ct helper",
    "ct timeout",
    "dup",
    "last",
    "secmark",
}


def parse(said: str, listing: str) -> list[Table]:
    """Its tables; `listing`, the text of `nft -a list ruleset`, gives each rule its words."""
    words = _words(listing)
    tables: dict[tuple[str, str], Table] = {}
    sets: dict[tuple[str, str], Sets] = {}
    items = [item for item in json.loads(said or "{}").get("nftables", ()) if isinstance(item, dict)]
    for item in items:
        kind, body = next(iter(item.items()))
        if body.get("family") not in FAMILIES:
            continue
        if kind == "table":
            key = (body["family"], body["name"])
            tables[key], sets[key] = Table("nft", *key), {}
        elif kind in ("set", "map"):
            sets[body["family"], body["table"]][body["name"]] = body.get("elem", [])
        elif kind == "chain":
            tables[body["family"], body["table"]].chains[body["name"]] = _chain(body)
    for item in items:
        body = item.get("rule")
        if body and body["family"] in FAMILIES:
            key = (body["family"], body["table"])
            text = words.get((*key, body["chain"], body["handle"]), json.dumps(body["expr"]))
            rules = _rules(body["expr"], text, sets[key])
            tables[key].chains[body["chain"]].rules += rules
    return list(tables.values())


def _chain(body: dict[str, Any]) -> Chain:
    return Chain(
        body["name"], [], body.get("hook"), int(body.get("prio", 0)), body.get("policy", "accept"),
        body.get("type", "filter"),
    )  # fmt: skip


def _words(listing: str) -> dict[tuple[str, str, str, int], str]:
    """(family, table, chain, handle) → the rule as nft prints it."""
    found: dict[tuple[str, str, str, int], str] = {}
    family = table = chain = ""
    for line in listing.splitlines():
        if head := re.match(r"table (\S+) (\S+) \{", line):
            family, table = head.groups()
        elif head := re.match(r"\tchain (\S+) \{", line):
            chain = head[1]
        elif rule := re.match(r"\t\t(.*) # handle (\d+)$", line):
            text = re.sub(r"counter packets \d+ bytes \d+ ", "", rule[1])
            found[family, table, chain, int(rule[2])] = text
    return found


def _rules(parts: list[Any], text: str, sets: Sets) -> Iterator[Rule]:
    """A rule, or one for each element of a verdict map."""
    conditions: list[Condition] = []
    for part in parts:
        kind, body = _opened(part)
        if kind == "vmap":
            for condition, verdict in _mapped(body, sets):
                yield Rule((*conditions, condition), verdict, text)
        elif (end := _verdict(kind, body)) is not None:
            yield Rule(tuple(conditions), end, text)
            return
        elif kind not in NO_CONDITION:
            conditions.append(_condition(kind, body, sets))


def _opened(part: Any) -> tuple[str, Any]:
    """The name of a statement, and what it holds."""
    if isinstance(part, dict):
        for kind, body in part.items():
            return kind, body
    return str(part), None


def _condition(kind: str, body: Any, sets: Sets) -> Condition:
    if kind == "match":
        return expressions.match(body, sets)
    if kind == "limit":
        within = not body.get("inv")
        return lambda _packet: within
    return lambda _packet: None  # an xt match of iptables, a quota, a set that is added to …


def _verdict(kind: str, body: Any) -> Verdict | None:
    if kind in VERDICTS:
        return Verdict(kind)
    if kind in ("jump", "goto"):
        return Verdict(kind, body["target"])
    if kind in TRANSLATIONS or (kind == "xt" and body and body.get("name") in ("MASQUERADE", "SNAT")):
        return Verdict("nat")
    return Verdict("unknown") if kind in HANDED_ON else None


def _mapped(body: dict[str, Any], sets: Sets) -> Iterator[tuple[Condition, Verdict]]:
    data = body["data"]
    elements = sets.get(data[1:], []) if isinstance(data, str) else data.get("set", [])
    for key, value in elements:
        verdict = _verdict(*_opened(value)) or Verdict("unknown")
        yield expressions.match({"op": "==", "left": body["key"], "right": key}, sets), verdict
