"""What an operation's target is locked by: the same whichever way it was named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.schema.names import RELEASE, unmark

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["lock_name"]

_UUID = 32
"""Characters of the shortest way to write one."""


def lock_name(host: Host, verb: str, target: str) -> str:
    """`guest:web1`, also for that guest's UUID and for its marked name in the bin; `image:debian-12` for each of its
    versions."""
    kind = verb.partition(".")[0]
    if kind == "image":
        return f"{kind}:{target.partition(RELEASE)[0]}"
    return f"{kind}:{_guest(host, target) if kind in ('backup', 'guest') else target}"


def _guest(host: Host, name: str) -> str:
    if len(name) >= _UUID:
        from innkeeper.virt import domains

        domain = domains.find(host.virt, name)
        name = domain.name if domain else name
    return unmark(name)[0]
