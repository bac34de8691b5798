"""`<memballoon>`: gives memory back to the host and reports what is in use."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import VIRTIO_MODELS, VirtioDevice
from innkeeper.libvirtxml.values import Choice, Integer, OnOff


class Memballoon(VirtioDevice):
    """The balloon; libvirt adds one to a QEMU guest that does not say `none`. `stats_period` is in
    seconds.
    """

    TAG = "memballoon"
    model = Choice("@model", *VIRTIO_MODELS, "xen", "none")
    autodeflate = OnOff("@autodeflate")
    free_page_reporting = OnOff("@freePageReporting")
    stats_period = Integer("stats/@period", least=0)
