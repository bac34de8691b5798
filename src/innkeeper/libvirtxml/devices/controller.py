"""`<controller>`: what the buses of a guest hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.devices.device import VIRTIO_MODELS, VirtioDevice
from innkeeper.libvirtxml.values import Choice, Integer, OnOff, Size, Text

if TYPE_CHECKING:
    from innkeeper.libvirtxml.devices.disk_driver import MappedIoThread

MODELS = (
    "auto", "buslogic", "lsilogic", "lsisas1068", "vmpvscsi", "ibmvscsi", "virtio-scsi",
    "lsisas1078", "ncr53c90", "dc390", "am53c974", "piix3", "piix4", "ich6", *VIRTIO_MODELS,
)  # fmt: skip
PCI_MODELS = (
    "pci-root", "pcie-root", "pci-bridge", "dmi-to-pci-bridge", "pcie-to-pci-bridge",
    "pcie-root-port", "pcie-switch-upstream-port", "pcie-switch-downstream-port", "pci-expander-bus",
    "pcie-expander-bus",
)  # fmt: skip
USB_MODELS = (
    "piix3-uhci", "piix4-uhci", "ehci", "ich9-ehci1", "ich9-uhci1", "ich9-uhci2", "ich9-uhci3",
    "vt82c686b-uhci", "pci-ohci", "nec-xhci", "qusb1", "qusb2", "qemu-xhci", "none",
)  # fmt: skip


class Controller(VirtioDevice):
    """A controller of disks, of a bus or of virtio-serial."""

    TAG = "controller"
    type = Choice(
        "@type", "ide", "fdc", "scsi", "sata", "virtio-serial", "usb", "ccid", "pci", "xenbus", "isa", "nvme"
    )
    index = Integer("@index", least=0)
    model = Choice("@model", *MODELS, *PCI_MODELS, *USB_MODELS)
    ports = Integer("@ports", least=0)
    vectors = Integer("@vectors", least=0)
    max_grant_frames = Integer("@maxGrantFrames")
    max_event_channels = Integer("@maxEventChannels")
    queues = Integer("driver/@queues", least=1)
    cmd_per_lun = Integer("driver/@cmd_per_lun", least=1)
    max_sectors = Integer("driver/@max_sectors", least=1)
    serial = Text("serial")
    ioeventfd = OnOff("driver/@ioeventfd")
    iothread = Integer("driver/@iothread", least=0)
    iothread_mapping: Children[MappedIoThread] = Children(
        "driver/iothreads/iothread", "devices.disk_driver:MappedIoThread"
    )


class PciController(Controller):
    """A PCI root, bridge or port."""

    model = Choice("@model", *PCI_MODELS)
    model_name = Choice(
        "model/@name", "spapr-pci-host-bridge", "pci-bridge", "i82801b11-bridge", "pcie-pci-bridge",
        "ioh3420", "pcie-root-port", "x3130-upstream", "xio3130-downstream", "pxb", "pxb-pcie",
    )  # fmt: skip
    chassis_number = Integer("target/@chassisNr")
    chassis = Integer("target/@chassis")
    port = Integer("target/@port", digits=1)
    bus_number = Integer("target/@busNr")
    target_index = Integer("target/@index")
    hotplug = OnOff("target/@hotplug")
    numa_node = Integer("target/node", least=0)
    memory_reserve = Integer("target/@memReserve", least=0)
    hole64 = Size("pcihole64", default="KiB")


class UsbController(Controller):
    """A USB controller; companions share an `index` and name the port where they start."""

    model = Choice("@model", *USB_MODELS)
    master_start_port = Integer("master/@startport", least=0)
