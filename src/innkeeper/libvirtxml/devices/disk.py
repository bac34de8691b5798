"""`<disk>`: disks, CD-ROMs, floppies."""

from __future__ import annotations

from collections.abc import Iterator

from innkeeper.libvirtxml.children import Child
from innkeeper.libvirtxml.devices.device import VIRTIO_MODELS, VirtioDevice
from innkeeper.libvirtxml.devices.disk_iotune import IoTune
from innkeeper.libvirtxml.devices.disk_source import SOURCE_TYPES, Auth, DiskSource, Encryption
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.path import path
from innkeeper.libvirtxml.values import Choice, Flag, Integer, OnOff, Size, Text, YesNo


class BackingStore(View):
    """One layer below a disk's image. An element without a type ends the chain."""

    TAG = "backingStore"
    type = Choice("@type", *SOURCE_TYPES)
    index = Integer("@index")
    format = Text("format/@type")
    metadata_cache_size = Size("format/metadata_cache/max_size", default="bytes")
    source = Child("source", DiskSource)

    @property
    def backing_store(self) -> BackingStore:
        """The layer below this one."""
        return BackingStore(None, parent=self, steps=path("backingStore").steps)


class Mirror(View):
    """The other side of a running block job; only running guests have it."""

    TAG = "mirror"
    type = Choice("@type", *SOURCE_TYPES)
    job = Choice("@job", "copy", "active-commit")
    ready = Choice("@ready", "yes", "abort", "pivot")
    format = Text("format/@type")
    source = Child("source", DiskSource)


class Disk(VirtioDevice):
    """A disk of the guest. Every disk should state its `driver_type`: a guessed format lets a guest read
    host files.
    """

    TAG = "disk"
    type = Choice("@type", *SOURCE_TYPES)
    device = Choice("@device", "disk", "cdrom", "floppy", "lun")
    model = Choice("@model", *VIRTIO_MODELS)
    raw_io = YesNo("@rawio")
    sgio = Choice("@sgio", "filtered", "unfiltered")
    snapshot = Choice("@snapshot", "internal", "external", "manual", "no")

    driver_name = Text("driver/@name")
    driver_type = Text("driver/@type")
    cache = Choice("driver/@cache", "default", "none", "writethrough", "writeback", "directsync", "unsafe")
    error_policy = Choice("driver/@error_policy", "stop", "report", "ignore", "enospace")
    read_error_policy = Choice("driver/@rerror_policy", "stop", "report", "ignore")
    io = Choice("driver/@io", "native", "threads", "io_uring")
    ioeventfd = OnOff("driver/@ioeventfd")
    event_idx = OnOff("driver/@event_idx")
    copy_on_read = OnOff("driver/@copy_on_read")
    discard = Choice("driver/@discard", "unmap", "ignore")
    detect_zeroes = Choice("driver/@detect_zeroes", "off", "on", "unmap")
    discard_no_unref = OnOff("driver/@discard_no_unref")
    iothread = Integer("driver/@iothread", least=0)
    queues = Integer("driver/@queues", least=1)
    queue_size = Integer("driver/@queue_size", least=1)
    metadata_cache_size = Size("driver/metadata_cache/max_size", default="bytes")

    source = Child("source", DiskSource)
    backing_store = Child("backingStore", BackingStore)
    mirror = Child("mirror", Mirror)
    auth = Child("auth", Auth)
    encryption = Child("encryption", Encryption)
    iotune = Child("iotune", IoTune)

    target_dev = Text("target/@dev")
    target_bus = Choice(
        "target/@bus", "ide", "fdc", "scsi", "virtio", "xen", "usb", "uml", "sata", "sd", "nvme"
    )
    tray = Choice("target/@tray", "open", "closed")
    removable = OnOff("target/@removable")
    rotation_rate = Integer("target/@rotation_rate")

    readonly = Flag("readonly")
    shareable = Flag("shareable")
    transient = Flag("transient")
    share_backing = YesNo("transient/@shareBacking")
    serial = Text("serial")
    wwn = Text("wwn")
    vendor = Text("vendor")
    product = Text("product")
    logical_block_size = Integer("blockio/@logical_block_size", least=0)
    physical_block_size = Integer("blockio/@physical_block_size", least=0)
    discard_granularity = Integer("blockio/@discard_granularity", least=0)
    cylinders = Integer("geometry/@cyls")
    heads = Integer("geometry/@heads")
    sectors = Integer("geometry/@secs")

    def chain(self) -> Iterator[BackingStore]:
        """The layers below the image, from the top, as far as the document tells them."""
        layer = self.backing_store
        while layer.exists and layer.type is not None:
            yield layer
            layer = layer.backing_store
