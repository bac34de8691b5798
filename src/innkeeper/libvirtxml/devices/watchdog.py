"""`<watchdog>`: acts when the guest hangs."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.values import Choice


class Watchdog(Device):
    """A watchdog and what it does when nobody feeds it."""

    TAG = "watchdog"
    model = Choice("@model", "i6300esb", "ib700", "diag288", "itco")
    action = Choice("@action", "reset", "shutdown", "poweroff", "pause", "none", "dump", "inject-nmi")
