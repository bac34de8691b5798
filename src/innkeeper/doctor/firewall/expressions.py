"""Matches of nftables on a packet (libnftables-json(5), EXPRESSIONS)."""

from __future__ import annotations

from typing import Any

from innkeeper.doctor.firewall.packet import Packet, in_net, wildcard
from innkeeper.doctor.firewall.rules import Condition

__all__ = ["Sets", "match"]

Sets = dict[str, list[Any]]
"""Name of a set or map of the table → its elements."""


class _Mark:
    """Two answers that are no value: not known, and not to be had from such a packet."""


UNKNOWN, ABSENT = _Mark(), _Mark()


def match(body: dict[str, Any], sets: Sets) -> Condition:
    """The condition of one `match`."""
    operator, right = body.get("op", "=="), body["right"]

    def holds(packet: Packet) -> bool | None:
        left = body["left"]
        if isinstance(left, dict) and "&" in left:
            return _masked(left["&"], operator, right, packet)
        value = _value(left, packet)
        if value is ABSENT:
            return False
        if value is UNKNOWN:
            return None
        return _compared(value, operator, right, sets)

    return holds


def _masked(parts: list[Any], operator: str, right: Any, packet: Packet) -> bool | None:
    """`ct state & (established | related) != 0`, `meta mark & 0xff == 1`."""
    value = _value(parts[0], packet)
    if isinstance(value, frozenset):
        among = bool(value & set(_flat(parts[1])))
        if right == 0:
            return among == (operator == "!=")
        return (set(_flat(right)) == value & set(_flat(parts[1]))) == (operator in ("==", "in"))
    if isinstance(value, int) and isinstance(parts[1], int) and isinstance(right, int):
        return (value & parts[1] == right) == (operator == "==")
    return None


def _flat(value: Any) -> list[Any]:
    """The members of `a | b`, of a list, or the one."""
    if isinstance(value, dict) and "|" in value:
        return [one for part in value["|"] for one in _flat(part)]
    if isinstance(value, dict) and "set" in value:
        return _flat(value["set"])
    return [one for part in value for one in _flat(part)] if isinstance(value, list) else [value]


def _compared(value: Any, operator: str, right: Any, sets: Sets) -> bool | None:
    if operator in ("==", "in", "!="):
        answer = _is(value, right, sets)
        return answer if answer is None or operator != "!=" else not answer
    if isinstance(value, int) and isinstance(right, int):
        return {"<": value < right, ">": value > right, "<=": value <= right, ">=": value >= right}[operator]
    return None


def _is(value: Any, right: Any, sets: Sets) -> bool | None:
    """Whether the value is that, or among those."""
    if isinstance(right, str) and right.startswith("@"):
        members = sets.get(right[1:])
        return None if members is None else _among(value, [_key(one) for one in members], sets)
    if isinstance(right, list):
        return _among(value, right, sets)
    if isinstance(right, dict):
        return _is_structured(value, right, sets)
    if isinstance(value, frozenset):
        return right in value
    if isinstance(value, str) and isinstance(right, str):
        return wildcard(value, right, "*") or bool("." in value and "." in right and in_net(value, right))
    return bool(value == right)


def _key(member: Any) -> Any:
    """Of an element of a map its key."""
    return member[0] if isinstance(member, list) and len(member) == 2 else member


def _is_structured(value: Any, right: dict[str, Any], sets: Sets) -> bool | None:
    kind, body = next(iter(right.items()))
    if kind == "set":
        return _among(value, body if isinstance(body, list) else [body], sets)
    if kind == "elem":
        return _is(value, body["val"] if isinstance(body, dict) else body, sets)
    if kind == "prefix":
        return in_net(value, f"{body['addr']}/{body['len']}") if isinstance(value, str) else None
    if kind == "range":
        return _in_range(value, *body)
    if kind == "concat" and isinstance(value, tuple):
        return _all([_is(part, wanted, sets) for part, wanted in zip(value, body, strict=False)])
    if kind == "|":
        return _among(value, body, sets)
    return None


def _in_range(value: Any, first: Any, last: Any) -> bool | None:
    if isinstance(value, int):
        return bool(int(first) <= value <= int(last))
    if isinstance(value, str) and value.count(".") == 3:
        import ipaddress

        low, here, high = (int(ipaddress.IPv4Address(one)) for one in (first, value, last))
        return low <= here <= high
    return None


def _among(value: Any, members: list[Any], sets: Sets) -> bool | None:
    answers = [_is(value, member, sets) for member in members]
    return True if True in answers else None if None in answers else False


def _all(answers: list[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True


def _value(left: Any, packet: Packet) -> Any:
    if not isinstance(left, dict):
        return UNKNOWN
    kind, body = next(iter(left.items()))
    if kind == "concat":
        parts = [_value(part, packet) for part in body]
        known = [part for part in parts if part not in (UNKNOWN, ABSENT)]
        return tuple(parts) if len(known) == len(parts) else ABSENT if ABSENT in parts else UNKNOWN
    reader = {"meta": _meta, "payload": _payload, "ct": _ct, "fib": _fib}.get(kind)
    return reader(body, packet) if reader else UNKNOWN


def _meta(body: dict[str, Any], packet: Packet) -> Any:
    known: dict[str, Any] = {
        "iifname": packet.iif,
        "iif": packet.iif,
        "oifname": packet.oif,
        "oif": packet.oif,
        "l4proto": packet.protocol,
        "nfproto": "ipv4",
        "protocol": "ip",
        "pkttype": frozenset({"broadcast"} if packet.to == "broadcast" else {"host", "unicast"}),
        "mark": 0,
    }
    return known.get(body.get("key", ""), UNKNOWN)


def _payload(body: dict[str, Any], packet: Packet) -> Any:
    protocol, field = body.get("protocol"), body.get("field")
    if protocol == "ip":
        known: dict[str, Any] = {"saddr": packet.src, "daddr": packet.dst, "protocol": packet.protocol}
        return known.get(str(field)) or UNKNOWN
    if protocol in (packet.protocol, "th") and field in ("sport", "dport"):
        return packet.sport if field == "sport" else packet.dport
    if protocol in ("tcp", "udp", "udplite", "sctp", "dccp", "icmp", "icmpv6", "ip6", "vlan", "ah", "esp"):
        return UNKNOWN if protocol == packet.protocol else ABSENT
    return UNKNOWN


def _ct(body: dict[str, Any], packet: Packet) -> Any:
    known: dict[str, Any] = {
        "state": frozenset({packet.state}),
        "status": frozenset({"confirmed"} if packet.state == "established" else ()),
        "mark": 0,
        "direction": "original" if packet.state == "new" else "reply",
    }
    return known.get(str(body.get("key")), UNKNOWN)


def _fib(body: dict[str, Any], packet: Packet) -> Any:
    """`fib daddr type`; and that there is a way back to where a packet of ours comes from."""
    flags = _flat(body.get("flags", []))
    if body.get("result") == "type" and "daddr" in flags:
        return packet.to
    return True if body.get("result") == "oif" and "saddr" in flags else UNKNOWN
