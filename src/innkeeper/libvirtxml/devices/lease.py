"""`<lease>`: a lock that a guest holds while it runs."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.values import Integer, Text


class Lease(Device):
    """A lease of the lock manager."""

    TAG = "lease"
    lockspace = Text("lockspace")
    key = Text("key")
    target_path = Text("target/@path")
    target_offset = Integer("target/@offset", least=0)
