"""`<smartcard>`: a card reader."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.chardev import PortDevice
from innkeeper.libvirtxml.values import Choice, Text, Values


class Smartcard(PortDevice):
    """A smartcard of the host, of its certificates, or of a viewer."""

    TAG = "smartcard"
    mode = Choice("@mode", "host", "host-certificates", "passthrough")
    certificates = Values("certificate")
    database = Text("database")
