"""What every device has in common."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, OnOff, Text

VIRTIO_MODELS = ("virtio", "virtio-transitional", "virtio-non-transitional")


class Address(View):
    """Where a device sits on its bus; which attributes it has depends on `type`."""

    TAG = "address"
    type = Choice(
        "@type", "pci", "drive", "virtio-serial", "ccid", "usb", "spapr-vio", "virtio-s390", "ccw",
        "virtio-mmio", "isa", "dimm", "unassigned",
    )  # fmt: skip
    domain = Integer("@domain", digits=4)
    bus = Text("@bus")
    slot = Integer("@slot", digits=2)
    function = Integer("@function", digits=1)
    multifunction = OnOff("@multifunction")
    controller = Integer("@controller")
    target = Integer("@target")
    unit = Integer("@unit")
    port = Text("@port")
    device = Integer("@device", least=0)
    reg = Integer("@reg", digits=8, base=16)
    cssid = Integer("@cssid", digits=1)
    ssid = Integer("@ssid", digits=1)
    devno = Integer("@devno", digits=4)
    iobase = Integer("@iobase", digits=1, base=16)
    irq = Integer("@irq", digits=1, base=16)
    base = Integer("@base", digits=1, base=16)
    zpci_uid = Integer("zpci/@uid", digits=4)
    zpci_fid = Integer("zpci/@fid", digits=8)


class Device(View):
    """Any device; kinds that Innkeeper does not know are given out as this class."""

    address = Child("address", Address)
    alias = Text("alias/@name")
    boot_order = Integer("boot/@order", least=1)
    boot_load_parameter = Text("boot/@loadparm")
    acpi_index = Integer("acpi/@index", least=0)
    acpi_nodeset = Text("acpi/@nodeset")

    @property
    def kind(self) -> str:
        """The element's name: `disk`, `interface`, …"""
        return str(self.node.tag)


class VirtioDriver(View):
    """`<driver>`, as devices on the virtio bus have it."""

    TAG = "driver"
    iommu = OnOff("@iommu")
    ats = OnOff("@ats")
    packed = OnOff("@packed")
    page_per_vq = OnOff("@page_per_vq")


class VirtioDevice(Device):
    """A device that can be on the virtio bus."""

    driver = Child("driver", VirtioDriver)
