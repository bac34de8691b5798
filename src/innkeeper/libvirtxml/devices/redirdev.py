"""`<redirdev>`: USB devices of whoever looks at the guest."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.chardev import CharDevice
from innkeeper.libvirtxml.values import Choice


class Redirdev(CharDevice):
    """A USB device redirected from a viewer."""

    TAG = "redirdev"
    bus = Choice("@bus", "usb")
