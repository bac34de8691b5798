"""`<hub>`: more USB ports."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.values import Choice


class Hub(Device):
    """A USB hub."""

    TAG = "hub"
    type = Choice("@type", "usb")
