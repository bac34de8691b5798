"""Why a guest of an ordinary user's session may not start: the paths of its sockets are too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.errors import Failed

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.virt.domains import Domain

__all__ = ["start"]

MOST = 107
"""Bytes of a socket's path (unix(7): sun_path holds 108 with the NUL)."""
_NAME = 20
"""Characters of its name that libvirt puts into a path (src/conf/domain_conf.c, virDomainDefGetShortName)."""


def start(host: Host, domain: Domain) -> None:
    """Start it. Raises `Failed("guest.home_long")` where that is what libvirt stumbled over."""
    try:
        domain.start()
    except Failed as error:
        if error.code == "libvirt.failed" and host.is_session and host.machine is not None:
            asked = 'printf %s "${XDG_CONFIG_HOME:-$HOME/.config}"'
            base = host.machine.run(["sh", "-c", asked]).stdout.decode()
            length = max(len(path.encode()) for path in _paths(base, domain.name))
            if length > MOST:
                facts = {"name": domain.name, "path": base, "length": length, "most": MOST}
                raise Failed("guest.home_long", variable="XDG_CONFIG_HOME", **facts) from error
        raise


def _paths(base: str, name: str) -> tuple[str, str]:
    """QEMU's monitor, and the guest agent where libvirt keeps its line in the configuration too (src/qemu/qemu_conf.c,
    libDir and channelTargetDir; later versions keep it below XDG_RUNTIME_DIR)."""
    folder = f"domain-1-{name[:_NAME]}"
    return (
        f"{base}/libvirt/qemu/lib/{folder}/monitor.sock",
        f"{base}/libvirt/qemu/channel/target/{folder}/org.qemu.guest_agent.0",
    )
