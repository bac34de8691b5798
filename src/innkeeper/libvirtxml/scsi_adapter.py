"""`<adapter>`: a SCSI host of the computer, named or found by where it hangs."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child
from innkeeper.libvirtxml.devices.device import Address
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, Text, YesNo


class ScsiAdapter(View):
    """A SCSI host by its `name`, by the PCI device it is on, or with Fibre Channel by its world wide names."""

    TAG = "adapter"
    type = Choice("@type", "scsi_host", "fc_host")
    name = Text("@name")
    parent = Text("@parent")
    managed = YesNo("@managed")
    wwnn = Text("@wwnn")
    wwpn = Text("@wwpn")
    parent_wwnn = Text("@parent_wwnn")
    parent_wwpn = Text("@parent_wwpn")
    parent_fabric_wwn = Text("@parent_fabric_wwn")
    parent_unique_id = Integer("parentaddr/@unique_id", least=0)
    parent_address = Child("parentaddr/address", Address)
