"""`<hostdev>`: a device of the host given to the guest."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child
from innkeeper.libvirtxml.devices.device import Address, Device
from innkeeper.libvirtxml.values import Choice, Flag, Integer, OnOff, Text, YesNo


class Hostdev(Device):
    """A device of the host; containers get whole block devices, character devices and network cards."""

    TAG = "hostdev"
    mode = Choice("@mode", "subsystem", "capabilities")
    type = Choice("@type", "usb", "pci", "scsi", "scsi_host", "mdev", "storage", "misc", "net")
    managed = YesNo("@managed")
    block = Text("source/block")
    char = Text("source/char")
    interface = Text("source/interface")
    rom_bar = OnOff("rom/@bar")
    rom_file = Text("rom/@file")
    rom_enabled = YesNo("rom/@enabled")
    teaming = Choice("teaming/@type", "persistent", "transient")
    teaming_persistent = Text("teaming/@persistent")
    protocol = Choice("source/@protocol", "vhost")
    wwpn = Text("source/@wwpn")


class PciHostdev(Hostdev):
    """A PCI device, given through VFIO."""

    source_address = Child("source/address", Address)
    write_filtering = YesNo("source/@writeFiltering")
    driver_name = Choice("driver/@name", "kvm", "vfio", "xen")
    driver_model = Text("driver/@model")


class UsbHostdev(Hostdev):
    """A USB device, by vendor and product or by its place."""

    source_address = Child("source/address", Address)
    vendor = Integer("source/vendor/@id", digits=4)
    product = Integer("source/product/@id", digits=4)
    startup_policy = Choice("source/@startupPolicy", "mandatory", "requisite", "optional")
    guest_reset = Choice("source/@guestReset", "off", "uninitialized", "on")
    source_device = Integer("source/address/@device")


class MdevHostdev(Hostdev):
    """A mediated device: a share of a GPU or of another device, by its UUID."""

    model = Choice("@model", "vfio-pci", "vfio-ccw", "vfio-ap")
    display = OnOff("@display")
    ram_framebuffer = OnOff("@ramfb")
    uuid = Text("source/address/@uuid")


class ScsiHostdev(Hostdev):
    """A SCSI device of the host or of an iSCSI server."""

    raw_io = YesNo("@rawio")
    sgio = Choice("@sgio", "filtered", "unfiltered")
    source_protocol = Choice("source/@protocol", "iscsi", "adapter")
    source_name = Text("source/@name")
    adapter = Text("source/adapter/@name")
    source_address = Child("source/address", Address)
    readonly = Flag("readonly")
    shareable = Flag("shareable")
