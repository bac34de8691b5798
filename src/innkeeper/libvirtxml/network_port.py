"""`<networkport>`: what a guest's network card is plugged into."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child
from innkeeper.libvirtxml.element import Document
from innkeeper.libvirtxml.netparts import Bandwidth, VirtualPort, Vlan
from innkeeper.libvirtxml.pci_address import PciAddress
from innkeeper.libvirtxml.values import Choice, Text, YesNo


class NetworkPort(Document):
    """A port of a network; `owner` is the guest, `plug_type` says which of `plug_…` there are."""

    TAG = "networkport"
    uuid = Text("uuid")
    owner = Text("owner/name")
    owner_uuid = Text("owner/uuid")
    mac = Text("mac/@address")
    portgroup = Text("group")
    trust_guest_filters = YesNo("rxfilters/@trustGuest")
    virtualport = Child("virtualport", VirtualPort)
    bandwidth = Child("bandwidth", Bandwidth)
    vlan = Child("vlan", Vlan)
    isolated = YesNo("port/@isolated")
    plug_type = Choice("plug/@type", "network", "bridge", "direct", "hostdev-pci")
    plug_bridge = Text("plug/@bridge")
    plug_mac_table = Choice("plug/@macTableManager", "kernel", "libvirt")
    plug_dev = Text("plug/@dev")
    plug_mode = Choice("plug/@mode", "bridge", "passthrough", "private", "vepa")
    plug_managed = YesNo("plug/@managed")
    plug_driver = Choice("plug/driver/@name", "kvm", "vfio", "xen")
    plug_driver_model = Text("plug/driver/@model")
    plug_driver_iommufd = YesNo("plug/driver/@iommufd")
    plug_address = Child("plug/address", PciAddress)
