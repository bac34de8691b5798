"""Mediated devices: shares of a device that guests get as devices of their own."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, Text


class MdevType(View):
    """A kind of share that a device offers, and how many more of it can be made now."""

    TAG = "type"
    id = Text("@id")
    name = Text("name")
    device_api = Choice("deviceAPI", "vfio-pci", "vfio-ccw", "vfio-ap")
    available_instances = Integer("availableInstances", least=0)


class MdevAttribute(View):
    """A sysfs attribute that is set when the device is made; their order counts."""

    TAG = "attr"
    name = Text("@name")
    value = Text("@value")


class MdevCapability(View):
    """A mediated device; its parent is named by the node device, and by `parent_address` too."""

    TAG = "capability"
    type_id = Text("type/@id")
    uuid = Text("uuid")
    parent_address = Text("parent_addr")
    iommu_group = Integer("iommuGroup/@number", least=0)
    attributes = Children("attr", MdevAttribute)
