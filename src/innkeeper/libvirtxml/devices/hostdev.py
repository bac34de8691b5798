"""`<hostdev>`: a device of the host given to the guest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.devices.device import VIRTIO_MODELS, Address, Device
from innkeeper.libvirtxml.values import Choice, Flag, Integer, OnOff, Text, YesNo

if TYPE_CHECKING:
    from innkeeper.libvirtxml.devices.disk_source import SourceHost
    from innkeeper.libvirtxml.devices.interface import InterfaceIp, InterfaceRoute
    from innkeeper.libvirtxml.scsi_adapter import ScsiAdapter
    from innkeeper.libvirtxml.storage_encryption import Auth


class Hostdev(Device):
    """A device of the host; containers get whole block devices, character devices and network cards."""

    TAG = "hostdev"
    mode = Choice("@mode", "subsystem", "capabilities")
    type = Choice("@type", "usb", "pci", "scsi", "scsi_host", "mdev", "storage", "misc", "net")
    managed = YesNo("@managed")
    model = Choice("@model", *VIRTIO_MODELS)
    display = OnOff("@display")
    ram_framebuffer = OnOff("@ramfb")
    block = Text("source/block")
    char = Text("source/char")
    interface = Text("source/interface")
    ips: Children[InterfaceIp] = Children("ip", "devices.interface:InterfaceIp")
    routes: Children[InterfaceRoute] = Children("route", "devices.interface:InterfaceRoute")
    rom_bar = OnOff("rom/@bar")
    rom_file = Text("rom/@file")
    rom_enabled = YesNo("rom/@enabled")
    teaming = Choice("teaming/@type", "persistent", "transient")
    teaming_persistent = Text("teaming/@persistent")
    protocol = Choice("source/@protocol", "vhost", "iscsi", "adapter")
    wwpn = Text("source/@wwpn")
    readonly = Flag("readonly")
    shareable = Flag("shareable")


class PciHostdev(Hostdev):
    """A PCI device, given through VFIO."""

    source_address = Child("source/address", Address)
    startup_policy = Choice("source/@startupPolicy", "mandatory", "requisite", "optional")
    write_filtering = YesNo("source/@writeFiltering")
    driver_name = Choice("driver/@name", "kvm", "vfio", "xen")
    driver_model = Text("driver/@model")
    iommufd = YesNo("driver/@iommufd")


class UsbHostdev(Hostdev):
    """A USB device, by vendor and product or by its place."""

    source_address = Child("source/address", Address)
    vendor = Integer("source/vendor/@id", digits=4)
    product = Integer("source/product/@id", digits=4)
    startup_policy = Choice("source/@startupPolicy", "mandatory", "requisite", "optional")
    guest_reset = Choice("source/@guestReset", "off", "uninitialized", "on")
    source_device = Integer("source/address/@device", least=0)


class MdevHostdev(Hostdev):
    """A mediated device: a share of a GPU or of another device, by its UUID."""

    model = Choice("@model", "vfio-pci", "vfio-ccw", "vfio-ap")
    uuid = Text("source/address/@uuid")


class ScsiHostdev(Hostdev):
    """A SCSI device of the host (`adapter` names its SCSI host) or of an iSCSI server."""

    raw_io = YesNo("@rawio")
    sgio = Choice("@sgio", "filtered", "unfiltered")
    source_name = Text("source/@name")
    adapter = Text("source/adapter/@name")
    source_adapter: Child[ScsiAdapter] = Child("source/adapter", "scsi_adapter:ScsiAdapter")
    source_address = Child("source/address", Address)
    source_hosts: Children[SourceHost] = Children("source/host", "devices.disk_source:SourceHost")
    auth: Child[Auth] = Child("source/auth", "storage_encryption:Auth")
    initiator = Text("source/initiator/iqn/@name")
