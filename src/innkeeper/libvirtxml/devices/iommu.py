"""`<iommu>`: an address translator for devices in the guest."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.values import Choice, Integer, OnOff


class Iommu(Device):
    """An IOMMU that the guest sees."""

    TAG = "iommu"
    model = Choice("@model", "intel", "smmuv3", "virtio", "amd")
    interrupt_remapping = OnOff("driver/@intremap")
    caching_mode = OnOff("driver/@caching_mode")
    extended_interrupts = OnOff("driver/@eim")
    iotlb = OnOff("driver/@iotlb")
    address_bits = Integer("driver/@aw_bits", least=1)
