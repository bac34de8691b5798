"""What can be set of a guest, as plain values: read from a document, written into one.

Names are those of the request (`GuestSet`). Each value stands for itself, so that undoing one leaves alone what others
changed meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from innkeeper.errors import Invalid, Unsupported
from innkeeper.guest import metadata
from innkeeper.libvirtxml import Domain

__all__ = ["OURS", "apply", "read", "undo", "wanted"]

OURS = ("labels", "start_order", "start_delay")
"""Those that are kept in our metadata."""


def read(document: Domain) -> dict[str, Any]:
    """All of them, as JSON can hold them."""
    facts = metadata.read(document)
    vcpus, memory = document.vcpus or 1, document.memory or 0
    return {
        "cpus": document.current_vcpus or vcpus,
        "max_cpus": vcpus,
        "memory": document.current_memory or memory,
        "max_memory": memory,
        "title": document.title,
        "notes": document.description,
        "labels": dict(facts.labels),
        "start_order": metadata.number(facts.start_order),
        "start_delay": metadata.number(facts.start_delay),
    }


def apply(document: Domain, values: dict[str, Any]) -> None:
    """Write these values into the document; the others stay.

    Raises `Unsupported`: `guest.vcpu_states`, `guest.numa_memory`; `Invalid("guest.topology")`.
    """
    whole = read(document) | values
    if not values.keys().isdisjoint(("cpus", "max_cpus")):
        _cpus(document, whole["cpus"], whole["max_cpus"])
    if not values.keys().isdisjoint(("memory", "max_memory")):
        _memory(document, whole["memory"], whole["max_memory"])
    if "title" in values:
        document.title = values["title"]
    if "notes" in values:
        document.description = values["notes"]
    if not values.keys().isdisjoint(OURS):
        _facts(document, whole)


def _cpus(document: Domain, count: int, most: int) -> None:
    if list(document.vcpu_states):
        raise Unsupported("guest.vcpu_states", name=document.name)
    topology = document.cpu.topology
    if most != document.vcpus and topology.exists:
        each = (
            (topology.dies or 1) * (topology.clusters or 1) * (topology.cores or 1) * (topology.threads or 1)
        )
        if most % each:
            raise Invalid("guest.topology", name=document.name, count=most, each=each)
        topology.sockets = most // each
    document.vcpus = most
    document.current_vcpus = None if count == most else count


def _memory(document: Domain, size: int, most: int) -> None:
    parts = list(document.cpu.numa_cells) or document.node.find("devices/memory") is not None
    if most != document.memory and parts:
        raise Unsupported("guest.numa_memory", name=document.name)
    document.memory, document.current_memory = most, size


def _facts(document: Domain, values: dict[str, Any]) -> None:
    order, delay = (
        None if values[name] is None else str(values[name]) for name in ("start_order", "start_delay")
    )
    facts = replace(
        metadata.read(document), labels=dict(values["labels"]), start_order=order, start_delay=delay
    )
    if facts == metadata.Facts():
        document.metadata.remove(metadata.NAMESPACE)
    else:
        document.metadata.set(facts.to_element())


def wanted(asked: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """The values that these wishes come to; only those that change.

    `asked` has them by the names of `GuestSet`, without what was not asked. Raises `Invalid("guest.over_most")`.
    """
    target = now | {name: asked[name] for name in now if name in asked and name != "labels"}
    for what in ("cpus", "memory"):
        target |= _amounts(what, asked, now)
    target |= dict.fromkeys(asked.get("clear", ()))
    labels = {**now["labels"], **asked.get("labels", {})}
    for name in asked.get("remove_labels", ()):
        labels.pop(name, None)
    target["labels"] = labels
    return {name: value for name, value in target.items() if value != now[name]}


def _amounts(what: str, asked: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """How many there are and can be. Where both were the same they stay so: nobody asked for room to grow."""
    most = f"max_{what}"
    amount = asked.get(what)
    if most in asked:
        if amount is not None and amount > asked[most]:
            raise Invalid("guest.over_most", what=what, amount=amount, most=asked[most])
        return {what: min(amount or now[what], asked[most]), most: asked[most]}
    if amount is None:
        return {}
    return {what: amount, most: amount if now[what] == now[most] else max(now[most], amount)}


def undo(document: Domain, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Put back those that still are what we made them. Returns whether anything was."""
    now = read(document)
    back = {name: value for name, value in before.items() if now[name] == after[name] != value}
    if back:
        apply(document, back)
    return bool(back)
