"""The keyboard and the screen of a domain, as libvirt reaches them."""

from __future__ import annotations

import libvirt

from innkeeper.virt.border import border
from innkeeper.virt.domains import Domain

__all__ = ["CODESETS", "open_graphics", "send_key"]

CODESETS = {
    "linux": libvirt.VIR_KEYCODE_SET_LINUX,
    "xt": libvirt.VIR_KEYCODE_SET_XT,
    "atset1": libvirt.VIR_KEYCODE_SET_ATSET1,
    "atset2": libvirt.VIR_KEYCODE_SET_ATSET2,
    "atset3": libvirt.VIR_KEYCODE_SET_ATSET3,
    "os_x": libvirt.VIR_KEYCODE_SET_OSX,
    "xt_kbd": libvirt.VIR_KEYCODE_SET_XT_KBD,
    "usb": libvirt.VIR_KEYCODE_SET_USB,
    "win32": libvirt.VIR_KEYCODE_SET_WIN32,
    "qnum": libvirt.VIR_KEYCODE_SET_QNUM,
}


def send_key(domain: Domain, codes: list[int], hold: int, codeset: str = "linux") -> None:
    """Press these keys together. QEMU presses one after the other, lets `hold` milliseconds pass behind each, and lets
    go of them likewise; the call returns before that (ui/input-legacy.c, qmp_send_key)."""
    with border(name=domain.name):
        domain.raw.sendKey(CODESETS[codeset], hold, codes, len(codes), 0)


def open_graphics(domain: Domain, number: int = 0, *, skip_password: bool = True) -> int:
    """A file descriptor that speaks the protocol of its screen of that number, without a password unless told so: who
    may ask libvirt may see it. Only through libvirt's UNIX socket: else `Unsupported("libvirt.unsupported")`."""
    flags = libvirt.VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH if skip_password else 0
    with border(name=domain.name):
        return int(domain.raw.openGraphicsFD(number, flags))
