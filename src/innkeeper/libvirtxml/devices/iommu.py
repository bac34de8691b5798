"""`<iommu>`: an address translator for devices in the guest."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.values import Choice, Integer, OnOff, Size


class Iommu(Device):
    """An IOMMU that the guest sees."""

    TAG = "iommu"
    model = Choice("@model", "intel", "smmuv3", "virtio", "amd")
    interrupt_remapping = OnOff("driver/@intremap")
    caching_mode = OnOff("driver/@caching_mode")
    extended_interrupts = OnOff("driver/@eim")
    iotlb = OnOff("driver/@iotlb")
    address_bits = Integer("driver/@aw_bits", least=1)
    dma_translation = OnOff("driver/@dma_translation")
    extended_apic = OnOff("driver/@xtsup")
    passthrough = OnOff("driver/@passthrough")
    pci_bus = Integer("driver/@pciBus", least=0)
    granule_mode = Choice("driver/granule/@mode", "host")
    granule = Size("driver/granule/@size")
    accelerated = OnOff("driver/@accel")
    ats = OnOff("driver/@ats")
    range_invalidation = OnOff("driver/@ril")
    substream_bits = Integer("driver/@ssidsize", least=0)
    output_address_bits = Integer("driver/@oas", least=0)
    command_queue = OnOff("driver/@cmdqv")
