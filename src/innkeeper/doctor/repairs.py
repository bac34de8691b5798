"""What the doctor changes on a host: a repair brings one piece of its state to a value, and its inverse is the value
that was there before.

    Repair("sysctl", "net.ipv4.ip_forward", "1")

A kind of state is a module with a `KIND` that can look (the value now), put (make it so; may be done twice), and say
the commands that amount to the same. Values are JSON; what `look` answers can be handed to `put`. So undoing needs no
code of its own, and is exact as far as `look` sees.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KINDS", "Kind", "Repair", "kind"]

KINDS = {
    "acl": "innkeeper.doctor.kinds.acl",
    "apparmor": "innkeeper.doctor.kinds.apparmor",
    "directory": "innkeeper.doctor.kinds.directory",
    "file": "innkeeper.doctor.kinds.file",
    "firewall": "innkeeper.doctor.kinds.firewall",
    "firewalld": "innkeeper.doctor.kinds.firewalld",
    "forwarding": "innkeeper.doctor.kinds.forwarding",
    "group": "innkeeper.doctor.kinds.group",
    "guest_units": "innkeeper.doctor.kinds.guest_units",
    "libvirt_network": "innkeeper.doctor.kinds.libvirt_network",
    "mode": "innkeeper.doctor.kinds.mode",
    "network": "innkeeper.doctor.kinds.network",
    "owner": "innkeeper.doctor.kinds.owner",
    "package": "innkeeper.doctor.kinds.package",
    "pool": "innkeeper.doctor.kinds.pool",
    "service": "innkeeper.doctor.kinds.daemon",
    "sysctl": "innkeeper.doctor.kinds.sysctl",
    "sysfs": "innkeeper.doctor.kinds.sysfs",
    "ufw": "innkeeper.doctor.kinds.ufw",
}
"""kind → the module whose `KIND` knows it"""


@dataclass(frozen=True)
class Repair:
    """Bring the piece `key` of a kind (`KINDS`) to `value`; None mostly means: not there."""

    kind: str
    key: str
    value: Any


@dataclass(frozen=True)
class Kind:
    """How to deal with one kind of state.

    `look` reads anew, past what the site remembers. `put` raises errors of ours. `commands` are shell lines for a
    person. Where `look` tells more than a repair asks for (a package brings others along), `done(now, value)` says
    whether the value is reached, and `same(key, now, then)` whether two answers of `look` are alike in what the repair
    was about; the undo puts back all that `look` told. `touches` are other pieces, (kind, key), that a deed may change
    on the way: they are put back with it.
    """

    look: Callable[[Site, str], Any]
    put: Callable[[Site, str, Any], None]
    commands: Callable[[str, Any], list[str]]
    done: Callable[[Any, Any], bool] = lambda now, value: bool(now == value)
    same: Callable[[str, Any, Any], bool] = lambda key, now, then: bool(now == then)
    touches: tuple[tuple[str, str], ...] = ()


def kind(name: str) -> Kind:
    """The kind of that name; loads its module."""
    found: Kind = import_module(KINDS[name]).KIND
    return found
