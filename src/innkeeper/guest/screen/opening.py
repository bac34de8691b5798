"""A connection to a guest's screen that libvirt hands over: no port is opened for it, whatever else QEMU listens on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.errors import Conflict, Unsupported
from innkeeper.guest.naming import find
from innkeeper.libvirtxml import Domain
from innkeeper.virt.screen import open_graphics

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["open_vnc", "vnc_of"]


def open_vnc(host: Host, name: str) -> int:
    """A file descriptor that speaks RFB with the guest's QEMU. Where the screen has a password QEMU asks for it; any
    other way of proving oneself (qemu.conf: TLS, SASL) is for its ports, and is left out.

    Raises what `vnc_of` does, and `Unsupported("libvirt.unsupported")` where libvirt is not reached by a UNIX socket.
    """
    number, password = vnc_of(host, name)
    return open_graphics(find(host, name), number, skip_password=not password)


def vnc_of(host: Host, name: str) -> tuple[int, bool]:
    """Which of its screens (libvirt's index) is VNC, and whether it has a password.

    Raises `Conflict("guest.not_running")`, `Unsupported("guest.no_graphics")`, `Unsupported("guest.only_spice")`.
    """
    domain = find(host, name)
    if not domain.active:
        raise Conflict("guest.not_running", name=domain.name)
    screens = list(Domain.from_xml(domain.xml(live=True)).devices.graphics)
    for number, screen in enumerate(screens):
        if screen.type == "vnc":
            return number, bool(screen.password)
    if any(screen.type == "spice" for screen in screens):
        raise Unsupported("guest.only_spice", name=domain.name)
    raise Unsupported("guest.no_graphics", name=domain.name)
