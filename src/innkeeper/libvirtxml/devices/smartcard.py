"""`<smartcard>`: a card reader."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child
from innkeeper.libvirtxml.devices.chardev import CharDevice, CharSource
from innkeeper.libvirtxml.values import Choice, Text, Values


class Smartcard(CharDevice):
    """A smartcard of the host, of its certificates, or of a viewer."""

    TAG = "smartcard"
    mode = Choice("@mode", "host", "host-certificates", "passthrough")
    source = Child("source", CharSource)
    certificates = Values("certificate")
    database = Text("database")
