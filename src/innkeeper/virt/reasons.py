"""Why a domain is in the state it is in, in libvirt's own words (include/libvirt/libvirt-domain.h)."""

from __future__ import annotations

import libvirt

from innkeeper.virt.border import border
from innkeeper.virt.domains import STATES, Domain

__all__ = ["REASONS", "state_and_reason"]

REASONS: dict[int, tuple[str, ...]] = {
    libvirt.VIR_DOMAIN_RUNNING: (
        "unknown",
        "booted",
        "migrated",
        "restored",
        "from_snapshot",
        "unpaused",
        "migration_canceled",
        "save_canceled",
        "wakeup",
        "crashed",
        "postcopy",
        "postcopy_failed",
    ),
    libvirt.VIR_DOMAIN_PAUSED: (
        "unknown",
        "user",
        "migration",
        "save",
        "dump",
        "ioerror",
        "watchdog",
        "from_snapshot",
        "shutting_down",
        "snapshot",
        "crashed",
        "starting_up",
        "postcopy",
        "postcopy_failed",
        "api_error",
    ),
    libvirt.VIR_DOMAIN_SHUTDOWN: ("unknown", "user"),
    libvirt.VIR_DOMAIN_SHUTOFF: (
        "unknown",
        "shutdown",
        "destroyed",
        "crashed",
        "migrated",
        "saved",
        "failed",
        "from_snapshot",
        "daemon",
    ),
    libvirt.VIR_DOMAIN_CRASHED: ("unknown", "panicked"),
}
"""State → its reasons by number."""


def state_and_reason(domain: Domain) -> tuple[str, str]:
    """Our word for its state, and libvirt's reason; `unknown` for one that this list does not know yet."""
    with border(name=domain.name):
        state, reason = domain.raw.state()
    reasons = REASONS.get(state, ("unknown",))
    return STATES.get(state, "unknown"), reasons[reason] if 0 <= reason < len(reasons) else "unknown"
