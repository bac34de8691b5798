"""`<controller>`: what the buses of a guest hang on."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import VirtioDevice
from innkeeper.libvirtxml.values import Choice, Integer, OnOff, Size, Text


class Controller(VirtioDevice):
    """A controller of disks, of a bus or of virtio-serial."""

    TAG = "controller"
    type = Choice(
        "@type", "ide", "fdc", "scsi", "sata", "virtio-serial", "usb", "ccid", "pci", "xenbus", "isa", "nvme"
    )
    index = Integer("@index", least=0)
    model = Text("@model")
    ports = Integer("@ports", least=0)
    vectors = Integer("@vectors", least=0)
    max_grant_frames = Integer("@maxGrantFrames")
    max_event_channels = Integer("@maxEventChannels")
    queues = Integer("driver/@queues", least=1)
    cmd_per_lun = Integer("driver/@cmd_per_lun", least=1)
    max_sectors = Integer("driver/@max_sectors", least=1)
    ioeventfd = OnOff("driver/@ioeventfd")
    iothread = Integer("driver/@iothread", least=0)


class PciController(Controller):
    """A PCI root, bridge or port."""

    model_name = Text("model/@name")
    chassis_number = Integer("target/@chassisNr")
    chassis = Integer("target/@chassis")
    port = Integer("target/@port", digits=1)
    bus_number = Integer("target/@busNr")
    target_index = Integer("target/@index")
    hotplug = OnOff("target/@hotplug")
    numa_node = Integer("target/node", least=0)
    hole64 = Size("pcihole64", default="KiB")


class UsbController(Controller):
    """A USB controller; companions share an `index` and name the port where they start."""

    master_start_port = Integer("master/@startport", least=0)
