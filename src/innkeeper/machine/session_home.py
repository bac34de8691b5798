"""Whether the home of an ordinary user is too deep for the sockets that their own libvirt keeps there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innkeeper.machine.base import Machine

__all__ = ["MOST", "too_long"]

MOST = 107
"""Bytes of a socket's path (unix(7): sun_path holds 108 with the NUL)."""
_NAME = 20
"""Characters of its name that libvirt puts into a path (src/conf/domain_conf.c, virDomainDefGetShortName)."""


def too_long(machine: Machine, guest: str | None = None) -> tuple[str, int] | None:
    """The directory and the length of the longest path in it, when that is more than `MOST`; of that guest, or of what
    libvirt needs to look at QEMU at all.

    The paths are those of src/qemu/qemu_conf.c: libDir holds monitors, and before channelTargetDir went to
    XDG_RUNTIME_DIR the configuration held the guest agent's line too.
    """
    asked = 'printf %s "${XDG_CONFIG_HOME:-$HOME/.config}"'
    base = machine.run(["sh", "-c", asked]).stdout.decode()
    if guest is None:
        paths = [f"{base}/libvirt/qemu/lib/qmp-XXXXXX/qmp.monitor"]
    else:
        folder = f"domain-1-{guest[:_NAME]}"
        paths = [
            f"{base}/libvirt/qemu/lib/{folder}/monitor.sock",
            f"{base}/libvirt/qemu/channel/target/{folder}/org.qemu.guest_agent.0",
        ]
    length = max(len(path.encode()) for path in paths)
    return (base, length) if length > MOST else None
