"""What each role may: whoever looks is a viewer, whoever uses guests an operator, all else is for admins."""

from __future__ import annotations

from innkeeper.schema.token import Role

__all__ = ["OPERATOR", "RANKS", "VIEWER", "may", "needed"]

RANKS: dict[Role, int] = {"viewer": 0, "operator": 1, "admin": 2}

VIEWER = frozenset((
    "access.whoami", "access.sign_out", "backup.list", "backup.show", "events", "guest.document", "guest.list",
    "guest.show", "guest.ssh", "guest.ssh_config", "guest.top", "host.check", "host.device_list", "host.show",
    "host.support", "image.list", "image.show", "metrics", "network.list", "network.show", "openapi",
    "operation.follow", "operation.list", "operation.show", "pool.list", "pool.show", "samples", "schedule.list",
    "schedule.show", "volume.list",
))  # fmt: skip
"""What only looks, by the handler's name: that of its verb, or of what it is."""
OPERATOR = frozenset((
    "console", "guest.console", "guest.logs", "guest.paste", "guest.reboot", "guest.reset", "guest.restore",
    "guest.resume", "guest.save", "guest.screenshot", "guest.send_keys", "guest.start", "guest.stop", "guest.suspend",
    "guest.view",
))  # fmt: skip
"""What uses guests as they are. Their screens and logs too: a password may stand there."""


def needed(name: str) -> Role:
    """The least role that may call the handler of that name. One that is in no list is for admins."""
    if name in VIEWER:
        return "viewer"
    return "operator" if name in OPERATOR else "admin"


def may(role: Role, wanted: Role) -> bool:
    return RANKS[role] >= RANKS[wanted]
