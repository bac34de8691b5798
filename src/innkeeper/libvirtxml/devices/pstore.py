"""`<pstore>`: a place where a dying kernel leaves its last words."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.values import Choice, Size, Text


class Pstore(Device):
    """Persistent storage for crash logs; `size` in bytes."""

    TAG = "pstore"
    backend = Choice("@backend", "acpi-erst")
    path = Text("path")
    size = Size("size")
