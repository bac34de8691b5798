"""`<panic>`: how a guest tells that its kernel died."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.values import Choice


class Panic(Device):
    """A device that reports a crashed guest, so that `on_crash` is followed."""

    TAG = "panic"
    model = Choice("@model", "isa", "pseries", "hyperv", "s390", "pvpanic")
