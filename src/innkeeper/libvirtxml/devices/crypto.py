"""`<crypto>`: a processor for ciphers."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import VirtioDevice
from innkeeper.libvirtxml.values import Choice, Integer


class Crypto(VirtioDevice):
    """A virtio crypto device."""

    TAG = "crypto"
    model = Choice("@model", "virtio")
    type = Choice("@type", "qemu")
    backend = Choice("backend/@model", "builtin", "lkcf")
    queues = Integer("backend/@queues", least=1)
