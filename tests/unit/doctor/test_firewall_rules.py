"""Packets walked through rules as iptables-save and nft print them: what stops them, for sure or perhaps."""

from __future__ import annotations

import ipaddress
import json
from typing import Any

import pytest

from innkeeper.doctor.bridges import Bridge
from innkeeper.doctor.firewall import iptables, nftables, passing
from innkeeper.doctor.firewall.packet import Packet
from innkeeper.doctor.firewall.rules import Judgement, Table, judge, translated
from innkeeper.doctor.firewall.seeing import author

BRIDGE = Bridge("virbr0", "default", "nat", (ipaddress.IPv4Network("192.168.122.0/24"),), True, True)
OUT, BACK = passing.away(BRIDGE, "eth0")
DHCP, DNS = passing.for_host(BRIDGE)[0], passing.for_host(BRIDGE)[2]
(ACROSS,) = passing.across(BRIDGE)


def saved(*rules: str, policy: str = "ACCEPT", chains: str = "") -> list[Table]:
    """A filter table as iptables-save prints it."""
    lines = ["*filter", f":INPUT {policy} [0:0]", f":FORWARD {policy} [0:0]", ":OUTPUT ACCEPT [0:0]"]
    lines += [f":{chain} - [0:0]" for chain in chains.split()]
    return iptables.parse("\n".join([*lines, *rules, "COMMIT", ""]), "iptables")


def verdict(tables: list[Table], packet: Packet) -> str:
    stops = judge(tables, packet)
    if not stops:
        return "passes"
    return "stopped" if any(stop.sure for stop in stops) else "perhaps"


@pytest.mark.parametrize(
    ("rule", "packet", "expected"),
    [
        ("-A FORWARD -i virbr0 -j DROP", OUT, "stopped"),
        ("-A FORWARD -i virbr0 -j DROP", BACK, "passes"),
        ("-A FORWARD -i virbr+ -j REJECT --reject-with icmp-port-unreachable", OUT, "stopped"),
        ("-A FORWARD -i vir+ -o virbr0 -j DROP", OUT, "passes"),
        ("-A FORWARD ! -i docker0 -j DROP", OUT, "stopped"),
        ("-A FORWARD ! -i virbr0 -j DROP", OUT, "passes"),
        ("-A FORWARD -s 192.168.0.0/16 -j DROP", OUT, "stopped"),
        ("-A FORWARD ! -s 192.168.122.0/24 -i virbr0 -j DROP", OUT, "passes"),
        ("-A FORWARD -d 10.0.0.0/8 -j DROP", OUT, "passes"),
        ("-A FORWARD -p tcp -m tcp --dport 400:500 -j DROP", OUT, "stopped"),
        ("-A FORWARD -p tcp -m multiport --dports 80,443 -j DROP", OUT, "stopped"),
        ("-A FORWARD -p udp -j DROP", OUT, "passes"),
        ("-A FORWARD -m conntrack --ctstate INVALID -j DROP", OUT, "passes"),
        ("-A FORWARD -m conntrack --ctstate NEW -j DROP", OUT, "stopped"),
        ("-A FORWARD -m conntrack ! --ctstate RELATED,ESTABLISHED -j DROP", BACK, "passes"),
        ("-A FORWARD -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP", OUT, "stopped"),
        ("-A FORWARD -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP", BACK, "passes"),
        ("-A FORWARD -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m conntrack --ctstate NEW -j DROP", OUT, "passes"),
        ("-A FORWARD -m physdev --physdev-is-bridged -j DROP", ACROSS, "stopped"),
        ("-A FORWARD -m physdev --physdev-is-bridged -j DROP", OUT, "passes"),
        ("-A FORWARD -m mark --mark 0x1/0x1 -j DROP", OUT, "passes"),
        ("-A FORWARD -m set --match-set blocked src -j DROP", OUT, "perhaps"),
        ("-A FORWARD -i eth0 -m set --match-set blocked src -j DROP", OUT, "passes"),
        ("-A FORWARD -m limit --limit 3/min -j LOG --log-prefix \"all of it: \"", OUT, "passes"),
        ("-A FORWARD -m comment --comment \"-j DROP is not said here\" -j ACCEPT", OUT, "passes"),
        ("-A FORWARD -j NFQUEUE --queue-num 0", OUT, "passes"),
        ("-A INPUT -m addrtype --dst-type BROADCAST -j DROP", DHCP, "stopped"),
        ("-A INPUT -m addrtype --dst-type BROADCAST -j DROP", DNS, "passes"),
        ("-A INPUT -m pkttype --pkt-type broadcast -j DROP", DHCP, "stopped"),
        ("-A INPUT -p udp -m udp --sport 68 --dport 67 -j REJECT", DHCP, "stopped"),
        ("-A INPUT -i virbr0 -o eth0 -j DROP", DNS, "passes"),
    ],
)  # fmt: skip
def test_a_rule_of_iptables(rule: str, packet: Packet, expected: str) -> None:
    assert verdict(saved(rule), packet) == expected


def test_the_policy_holds_for_what_falls_through() -> None:
    tables = saved(policy="DROP")
    (stop,) = judge(tables, OUT)
    assert (stop.end.text, stop.base.name, stop.table.name, stop.sure) == (
        "policy drop",
        "FORWARD",
        "filter",
        True,
    )
    assert verdict(saved("-A FORWARD -i virbr0 -j ACCEPT", policy="DROP"), OUT) == "passes"
    assert verdict(saved("-A FORWARD -m recent --rcheck --name x -j ACCEPT", policy="DROP"), OUT) == "perhaps"


def test_chains_return_jump_and_go() -> None:
    rules = (
        "-A FORWARD -j inner", "-A FORWARD -j DROP", "-A inner -i virbr0 -j RETURN", "-A inner -j ACCEPT",
    )  # fmt: skip
    assert verdict(saved(*rules, chains="inner"), OUT) == "stopped"
    assert verdict(saved(*rules, chains="inner"), BACK) == "passes"
    gone = ("-A FORWARD -g inner", "-A FORWARD -j ACCEPT", "-A inner -i lo -j ACCEPT")
    assert verdict(saved(*gone, chains="inner", policy="DROP"), OUT) == "stopped", "a goto does not come back"
    endless = ("-A FORWARD -j one", "-A one -j one")
    assert verdict(saved(*endless, chains="one"), OUT) == "passes"


def test_a_rule_is_told_in_its_own_words() -> None:
    (stop,) = judge(
        saved("-A FORWARD -i virbr0 -j reject-it", "-A reject-it -j REJECT", chains="reject-it"), OUT
    )
    assert (stop.end.text, stop.end.chain, stop.base.name) == (
        "-A reject-it -j REJECT",
        "reject-it",
        "FORWARD",
    )


def ruleset(*rules: list[Any], hook: str = "forward", policy: str = "accept", sets: Any = ()) -> list[Table]:
    """A table as `nft -j list ruleset` prints it."""
    base = {"family": "inet", "table": "filter", "name": "base", "handle": 1, "type": "filter", "hook": hook}
    items: list[Any] = [{"metainfo": {"version": "1.0.6"}}, {"table": {"family": "inet", "name": "filter"}}]
    items += [{"chain": {**base, "prio": 0, "policy": policy}}]
    items += [{kind: {"family": "inet", "table": "filter", **body}} for kind, body in sets]
    for number, rule in enumerate(rules):
        body = {"family": "inet", "table": "filter", "chain": "base", "handle": number, "expr": rule}
        items.append({"rule": body})
    return nftables.parse(json.dumps({"nftables": items}), "")


def match(left: Any, right: Any, op: str = "==") -> dict[str, Any]:
    return {"match": {"op": op, "left": left, "right": right}}


def meta(key: str) -> dict[str, Any]:
    return {"meta": {"key": key}}


def field(protocol: str, name: str) -> dict[str, Any]:
    return {"payload": {"protocol": protocol, "field": name}}


DROP: dict[str, Any] = {"drop": None}
STATE = {"ct": {"key": "state"}}


@pytest.mark.parametrize(
    ("conditions", "packet", "expected"),
    [
        ([match(meta("iifname"), "virbr0")], OUT, "stopped"),
        ([match(meta("iifname"), "virbr*")], OUT, "stopped"),
        ([match(meta("iifname"), "virbr0", "!=")], OUT, "passes"),
        ([match(meta("oifname"), {"set": ["lo", "eth0"]})], OUT, "stopped"),
        ([match(meta("iifname"), "@inside")], OUT, "stopped"),
        ([match(meta("iifname"), "@elsewhere")], OUT, "perhaps"),
        ([match(field("ip", "saddr"), {"prefix": {"addr": "192.168.0.0", "len": 16}})], OUT, "stopped"),
        ([match(field("ip", "saddr"), {"range": ["192.168.122.1", "192.168.122.9"]})], OUT, "passes"),
        ([match(field("ip6", "saddr"), "::1", "!=")], OUT, "passes"),
        ([match(field("tcp", "dport"), {"set": [22, {"range": [440, 450]}]})], OUT, "stopped"),
        ([match(field("tcp", "dport"), 22, "!=")], DHCP, "passes"),
        ([match(field("udp", "dport"), 67)], DHCP, "passes"),
        ([match(field("th", "dport"), 443)], OUT, "stopped"),
        ([match(field("tcp", "dport"), 1024, "<")], OUT, "stopped"),
        ([match(STATE, ["established", "related"], "in")], OUT, "passes"),
        ([match(STATE, {"set": ["new", "invalid"]})], OUT, "stopped"),
        ([match(STATE, "established", "!=")], OUT, "stopped"),
        ([match({"&": [STATE, ["established", "related"]]}, 0)], OUT, "stopped"),
        ([match({"ct": {"key": "status"}}, "dnat", "in")], OUT, "passes"),
        ([match({"&": [meta("mark"), 255]}, 1)], OUT, "passes"),
        ([match(meta("nfproto"), "ipv6")], OUT, "passes"),
        ([match(meta("l4proto"), {"set": ["icmp", "tcp"]})], OUT, "stopped"),
        ([match({"fib": {"result": "oif", "flags": ["saddr", "iif"]}}, False)], OUT, "passes"),
        ([match({"fib": {"result": "type", "flags": ["daddr"]}}, "local")], OUT, "passes"),
        ([match({"concat": [meta("iifname"), field("tcp", "dport")]}, {"set": [{"concat": ["virbr0", 443]}]})], OUT,
         "stopped"),
        ([match({"socket": {"key": "transparent"}}, 1)], OUT, "perhaps"),
        ([{"limit": {"rate": 3, "per": "second", "inv": True}}], OUT, "passes"),
        ([{"counter": {"packets": 1, "bytes": 2}}, {"log": None}], OUT, "stopped"),
        ([{"xt": {"type": "match", "name": "recent"}}], OUT, "perhaps"),
    ],
)  # fmt: skip
def test_a_rule_of_nftables(conditions: list[Any], packet: Packet, expected: str) -> None:
    sets = [("set", {"name": "inside", "elem": ["virbr0", "virbr1"]})]
    assert verdict(ruleset([*conditions, DROP], sets=sets), packet) == expected


def test_a_verdict_map() -> None:
    states = {
        "set": [["invalid", {"drop": None}], ["established", {"accept": None}], ["new", {"drop": None}]]
    }
    tables = ruleset([{"vmap": {"key": STATE, "data": states}}])
    assert verdict(tables, OUT) == "stopped"
    assert verdict(tables, BACK) == "passes"
    named = [("map", {"name": "zones", "elem": [["virbr0", {"reject": {"type": "icmpx"}}]]})]
    assert (
        verdict(ruleset([{"vmap": {"key": meta("iifname"), "data": "@zones"}}], sets=named), OUT) == "stopped"
    )


def test_an_accept_elsewhere_does_not_help() -> None:
    """Every base chain of a hook has its say."""
    accepting = saved("-A FORWARD -i virbr0 -j ACCEPT")
    dropping = ruleset(policy="drop")
    for tables in ([*accepting, *dropping], [*dropping, *accepting]):
        (stop,) = judge(tables, OUT)
        assert stop.table.tool == "nft"


def test_rules_are_told_as_nft_lists_them() -> None:
    said = {"family": "inet", "table": "filter", "chain": "base", "handle": 7, "expr": [DROP]}
    base = {
        "family": "inet",
        "table": "filter",
        "name": "base",
        "type": "filter",
        "hook": "forward",
        "prio": 0,
    }
    items = [{"table": {"family": "inet", "name": "filter"}}, {"chain": base}, {"rule": said}]
    listing = (
        "table inet filter { # handle 3\n\tchain base { # handle 1\n"
        '\t\tiifname "virbr0" counter packets 12 bytes 960 drop # handle 7\n\t}\n}\n'
    )
    (stop,) = judge(nftables.parse(json.dumps({"nftables": items}), listing), OUT)
    assert stop.end.text == 'iifname "virbr0" drop'


@pytest.mark.parametrize("said", ["", "{}", '{"nftables": []}'])
def test_no_rules_at_all(said: str) -> None:
    assert nftables.parse(said, "") == []
    assert iptables.parse("", "iptables") == []
    assert judge([], OUT) == []


def test_whose_address_is_translated() -> None:
    nat = "*nat\n:POSTROUTING ACCEPT [0:0]\n:LIBVIRT_PRT - [0:0]\n-A POSTROUTING -j LIBVIRT_PRT\n{}COMMIT\n"
    rule = "-A LIBVIRT_PRT -s 192.168.122.0/24 ! -d 192.168.122.0/24 -j MASQUERADE\n"
    assert translated(iptables.parse(nat.format(rule), "iptables"), OUT)
    assert not translated(iptables.parse(nat.format(""), "iptables"), OUT)


@pytest.mark.parametrize(
    ("tables", "name"),
    [
        (saved(policy="DROP", chains="DOCKER DOCKER-USER"), "Docker"),
        (saved(policy="DROP", chains="DOCKER ufw-user-forward"), "ufw"),
        (saved(policy="DROP"), "iptables"),
        (ruleset(policy="drop"), "nftables"),
    ],
)
def test_who_wrote_it(tables: list[Table], name: str) -> None:
    (stop,) = judge(tables, OUT)
    assert author(stop.table, stop.base.name) == name


def stop_of(tables: list[Table], packet: Packet) -> Judgement:
    return judge(tables, packet)[0]


def test_a_way_is_no_wider_than_it_has_to_be() -> None:
    assert (
        passing.rule(BRIDGE, DHCP, stop_of(saved(policy="DROP"), DHCP))
        == "-i virbr0 -p udp -m udp --dport 67"
    )
    assert passing.rule(BRIDGE, OUT, stop_of(saved(policy="DROP"), OUT)) == "-s 192.168.122.0/24 -i virbr0"
    back = passing.rule(BRIDGE, BACK, stop_of(saved(policy="DROP"), BACK))
    assert back == "-d 192.168.122.0/24 -o virbr0 -m conntrack --ctstate RELATED,ESTABLISHED"
    nft = stop_of(ruleset(policy="drop"), BACK)
    words = 'oifname "virbr0" ip daddr 192.168.122.0/24 ct state established,related'
    assert passing.rule(BRIDGE, BACK, nft) == words
    early = stop_of(ruleset([DROP], hook="prerouting"), BACK)
    assert passing.rule(BRIDGE, BACK, early) == "ip daddr 192.168.122.0/24 ct state established,related"
