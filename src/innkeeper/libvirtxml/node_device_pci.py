"""The PCI part of a node device: its address, its functions, its IOMMU group, its link."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.node_device_mdev import MdevType
from innkeeper.libvirtxml.pci_address import PciAddress
from innkeeper.libvirtxml.values import Choice, Flag, Integer, Text


class PciLink(View):
    """A PCI Express link: what the device is capable of (`cap`), or how it is connected now (`sta`);
    `speed` in GT/s, `width` in lanes.
    """

    TAG = "link"
    validity = Choice("@validity", "cap", "sta")
    port = Integer("@port", least=0)
    speed = Text("@speed")
    width = Integer("@width", least=0)


class VpdField(View):
    """A field whose meaning is the vendor's or the system's; `index` is one digit or letter."""

    TAG = "vendor_field"
    index = Text("@index")
    value = Text(".")


class VpdSystemField(VpdField):
    """A field that the system's maker writes."""

    TAG = "system_field"


class Vpd(View):
    """Vital product data that the card itself holds."""

    TAG = "capability"
    name = Text("name")
    change_level = Text("fields[@access='readonly']/change_level")
    manufacture_id = Text("fields[@access='readonly']/manufacture_id")
    part_number = Text("fields[@access='readonly']/part_number")
    serial_number = Text("fields[@access='readonly']/serial_number")
    vendor_fields = Children("fields[@access='readonly']/vendor_field", VpdField)
    asset_tag = Text("fields[@access='readwrite']/asset_tag")
    writable_vendor_fields = Children("fields[@access='readwrite']/vendor_field", VpdField)
    system_fields = Children("fields[@access='readwrite']/system_field", VpdSystemField)


class PciCapability(View):
    """A PCI function. `device_class` is the 24-bit class code; `numa_node` is None where the host has one
    node.

    A physical function that can be split (SR-IOV) has `virtual_functions` and `max_virtual_functions`; a
    virtual one names its `physical_function`. `iommu_group` holds all that can only be passed through
    together, with their addresses in `iommu_group_addresses`.
    """

    TAG = "capability"
    device_class = Integer("class", digits=6, base=16)
    domain = Integer("domain", least=0)
    bus = Integer("bus", least=0)
    slot = Integer("slot", least=0)
    function = Integer("function", least=0)
    product = Text("product")
    product_id = Integer("product/@id", digits=4, base=16)
    vendor = Text("vendor")
    vendor_id = Integer("vendor/@id", digits=4, base=16)
    is_virtual_function = Flag("capability[@type='phys_function']")
    physical_function = Child("capability[@type='phys_function']/address", PciAddress)
    has_virtual_functions = Flag("capability[@type='virt_functions']")
    max_virtual_functions = Integer("capability[@type='virt_functions']/@maxCount", least=0)
    virtual_functions = Children("capability[@type='virt_functions']/address", PciAddress)
    is_pci_bridge = Flag("capability[@type='pci-bridge']")
    is_cardbus_bridge = Flag("capability[@type='cardbus-bridge']")
    mdev_types = Children("capability[@type='mdev_types']/type", MdevType)
    vpd = Child("capability[@type='vpd']", Vpd)
    iommu_group = Integer("iommuGroup/@number", least=0)
    iommu_group_addresses = Children("iommuGroup/address", PciAddress)
    numa_node = Integer("numa/@node")
    is_express = Flag("pci-express")
    links = Children("pci-express/link", PciLink)

    @property
    def address(self) -> str:
        """The address as the kernel and lspci write it: `0000:03:00.1`."""
        return f"{self.domain or 0:04x}:{self.bus or 0:02x}:{self.slot or 0:02x}.{self.function or 0:x}"
