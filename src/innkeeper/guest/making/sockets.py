"""Why a guest of an ordinary user's session may not start: the paths of its sockets are too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.errors import Failed
from innkeeper.machine.session_home import MOST, too_long

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.virt.domains import Domain

__all__ = ["start"]


def start(host: Host, domain: Domain) -> None:
    """Start it. Raises `Failed("guest.home_long")` where that is what libvirt stumbled over."""
    try:
        domain.start()
    except Failed as error:
        found = None
        if error.code == "libvirt.failed" and host.is_session and host.machine is not None:
            found = too_long(host.machine, domain.name)
        if found is None:
            raise
        path, length = found
        raise Failed(
            "guest.home_long",
            name=domain.name,
            path=path,
            length=length,
            most=MOST,
            variable="XDG_CONFIG_HOME",
        ) from error
