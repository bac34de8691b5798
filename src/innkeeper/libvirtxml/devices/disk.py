"""`<disk>`: disks, CD-ROMs, floppies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.devices.device import VIRTIO_MODELS, VirtioDevice
from innkeeper.libvirtxml.devices.disk_iotune import IoTune
from innkeeper.libvirtxml.devices.disk_source import FORMATS, SOURCE_TYPES, DiskSource
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.storage_encryption import Auth, Encryption
from innkeeper.libvirtxml.values import Choice, Flag, Integer, OnOff, Size, Text, Values, YesNo

if TYPE_CHECKING:
    from innkeeper.libvirtxml.devices.disk_driver import DiskStatistics, MappedIoThread


class BackingStore(View):
    """One layer below a disk's image. An element without a type ends the chain."""

    TAG = "backingStore"
    type = Choice("@type", *SOURCE_TYPES)
    index = Integer("@index")
    format = Choice("format/@type", *FORMATS)
    metadata_cache_size = Size("format/metadata_cache/max_size", default="bytes")
    source = Child("source", DiskSource)
    backing_store: Child[BackingStore] = Child("backingStore", "devices.disk:BackingStore")


class DataStore(View):
    """The file that holds the data of an image, where the image itself holds only its tables."""

    TAG = "dataStore"
    type = Choice("@type", *SOURCE_TYPES)
    format = Choice("format/@type", *FORMATS)
    metadata_cache_size = Size("format/metadata_cache/max_size", default="bytes")
    source = Child("source", DiskSource)


class Mirror(View):
    """The other side of a running block job; only running guests have it. `file` and `file_format` are what
    old libvirt wrote for what is in `source` and `format` now.
    """

    TAG = "mirror"
    type = Choice("@type", *SOURCE_TYPES)
    job = Choice("@job", "copy", "active-commit")
    ready = Choice("@ready", "yes", "abort", "pivot")
    file = Text("@file")
    file_format = Choice("@format", *FORMATS)
    format = Choice("format/@type", *FORMATS)
    metadata_cache_size = Size("format/metadata_cache/max_size", default="bytes")
    source = Child("source", DiskSource)
    backing_store = Child("backingStore", BackingStore)


class Disk(VirtioDevice):
    """A disk of the guest. Every disk should state its `driver_type`: a guessed format lets a guest read
    host files.
    """

    TAG = "disk"
    type = Choice("@type", *SOURCE_TYPES)
    device = Choice("@device", "disk", "cdrom", "floppy", "lun")
    model = Choice("@model", *VIRTIO_MODELS, "usb-storage", "usb-bot")
    raw_io = YesNo("@rawio")
    sgio = Choice("@sgio", "filtered", "unfiltered")
    snapshot = Choice("@snapshot", "internal", "external", "manual", "no")

    driver_name = Text("driver/@name")
    driver_type = Choice("driver/@type", *FORMATS, "aio")
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
    iothread_mapping: Children[MappedIoThread] = Children(
        "driver/iothreads/iothread", "devices.disk_driver:MappedIoThread"
    )
    statistics: Child[DiskStatistics] = Child("driver/statistics", "devices.disk_driver:DiskStatistics")

    source = Child("source", DiskSource)
    backing_store = Child("backingStore", BackingStore)
    mirror = Child("mirror", Mirror)
    auth = Child("auth", Auth)
    encryption = Child("encryption", Encryption)
    iotune = Child("iotune", IoTune)
    throttle_filters = Values("throttlefilters/throttlefilter/@group")
    backend_domain = Text("backenddomain/@name")

    target_dev = Text("target/@dev")
    target_bus = Choice(
        "target/@bus", "ide", "fdc", "scsi", "virtio", "xen", "usb", "uml", "sata", "sd", "nvme"
    )
    tray = Choice("target/@tray", "open", "closed")
    removable = OnOff("target/@removable")
    rotation_rate = Integer("target/@rotation_rate", least=1)
    dpofua = OnOff("target/@dpofua")

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
    translation = Choice("geometry/@trans", "auto", "none", "lba")

    def chain(self) -> Iterator[BackingStore]:
        """The layers below the image, from the top, as far as the document tells them."""
        layer = self.backing_store
        while layer.exists and layer.type is not None:
            yield layer
            layer = layer.backing_store
