"""What changing settings amounts to, in virsh's commands."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from innkeeper.guest import metadata
from innkeeper.guest.changing import values
from innkeeper.guest.changing.difference import masked, unified
from innkeeper.guest.changing.protection import metadata_commands
from innkeeper.libvirtxml import Domain
from innkeeper.schema.guest_change import GuestSet
from innkeeper.schema.sizes import format_size
from innkeeper.verbs import Plan

if TYPE_CHECKING:
    from innkeeper.guest.changing.settings import Decided
    from innkeeper.host import Host

__all__ = ["plan"]

_CALLS = {"cpus": ("setvcpus", 1), "memory": ("setmem", 1024), "max_memory": ("setmaxmem", 1024)}
"""value → virsh's command and how many of ours are one of its"""


def plan(_host: Host, _request: GuestSet, found: Decided) -> Plan:
    """One command for each value; the whole document where virsh has none for one of them."""
    name = found.domain.name
    file = f"{name}.xml"
    commands: list[str] = []
    documents: dict[str, str] = {}
    if _needs_document(found):
        documents[file] = masked(found.new)
        commands.append(shlex.join(["virsh", "define", file]))
    else:
        commands += _stored(name, found)
        if not found.after.keys().isdisjoint(values.OURS):
            facts = metadata.read(Domain.from_xml(found.new))
            commands += metadata_commands(found.domain, facts)[1]
    commands += _live(name, found.live)
    if found.autostart is not None:
        disable = [] if found.autostart else ["--disable"]
        commands.append(shlex.join(["virsh", "autostart", *disable, name]))
    summary = [
        f"{name}: {what}: {_told(what, found.before.get(what))} → {_told(what, found.after[what])}"
        for what in found.after
    ]
    if found.autostart is not None:
        summary.append(f"{name}: autostart: {'yes' if found.autostart else 'no'}")
    differences = {file: unified(file, found.old, found.new)} if found.after else {}
    return Plan(summary or [f"nothing: {name} is so already"], documents, commands, differences)


def _needs_document(found: Decided) -> bool:
    """virsh cannot change sockets, cannot take a title or notes away, and leaves an empty element of metadata."""
    old, new = Domain.from_xml(found.old), Domain.from_xml(found.new)
    if old.metadata.exists and not new.metadata.exists:
        return True
    gone = any(found.after.get(name, "") is None for name in ("title", "notes"))
    return gone or old.cpu.topology.sockets != new.cpu.topology.sockets


def _stored(name: str, found: Decided) -> list[str]:
    """What can be grows before what is, and shrinks after it."""
    after = found.after
    lines: list[str] = []
    for what in ("cpus", "memory"):
        most = f"max_{what}"
        calls = [key for key in (most, what) if key in after]
        if most in after and after[most] < found.before[most]:
            calls.reverse()
        lines += [_amount(name, key, after[key], "--config") for key in calls]
    for what, option in (("title", ["--title"]), ("notes", [])):
        if what in after:
            impact = ["--config", *(["--live"] if what in found.live else [])]
            text = ["--new-desc", after[what]]
            lines.append(shlex.join(["virsh", "desc", name, *option, *impact, *text]))
    return lines


def _live(name: str, live: dict[str, Any]) -> list[str]:
    return [_amount(name, what, live[what], "--live") for what in ("memory", "cpus") if what in live]


def _amount(name: str, what: str, amount: int, impact: str) -> str:
    if what == "max_cpus":
        return shlex.join(["virsh", "setvcpus", name, str(amount), "--maximum", impact])
    command, unit = _CALLS[what]
    return shlex.join(["virsh", command, name, str(amount // unit), impact])


def _told(what: str, value: Any) -> str:
    if what in ("memory", "max_memory"):
        return format_size(value)
    if isinstance(value, dict):
        return " ".join(f"{key}={text}" for key, text in sorted(value.items())) or "-"
    return "-" if value is None else str(value)
