"""`<volume>`: a disk image, logical volume or other piece of a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.storage_parts import Extent, Permissions, Timestamps
from innkeeper.libvirtxml.values import Choice, Flag, Integer, Size, Text
from innkeeper.libvirtxml.words import FORMATS as IMAGE_FORMATS

if TYPE_CHECKING:
    from innkeeper.libvirtxml.storage_encryption import Encryption


FORMATS = (
    *IMAGE_FORMATS,
    "auto", "unknown", "none", "ext2", "ext3", "ext4", "ufs", "iso9660", "udf", "gfs", "gfs2", "vfat", "hfs+",
    "xfs", "ocfs2", "vmfs", "linux", "fat16", "fat32", "linux-swap", "linux-lvm", "linux-raid", "extended",
)  # fmt: skip


class VolumeDevice(View):
    """A device that the volume lies on, and the pieces that it has of it."""

    TAG = "device"
    path = Text("@path")
    extents = Children("extent", Extent)


class Volume(Document):
    """A volume; sizes in bytes. `backing_path` with `backing_format` makes it an overlay that holds only
    what differs.
    """

    TAG = "volume"
    type = Choice("@type", "file", "block", "dir", "network", "netdir", "ploop")
    name = Text("name")
    key = Text("key")
    devices = Children("source/device", VolumeDevice)
    capacity = Size("capacity", default="bytes")
    allocation = Size("allocation", default="bytes")
    physical = Size("physical", default="bytes")
    path = Text("target/path")
    format = Choice("target/format/@type", *FORMATS)
    permissions = Child("target/permissions", Permissions)
    timestamps = Child("target/timestamps", Timestamps)
    modified = Text("target/timestamps/mtime")
    compat = Text("target/compat")
    cluster_size = Size("target/clusterSize", default="bytes")
    lazy_refcounts = Flag("target/features/lazy_refcounts")
    extended_l2 = Flag("target/features/extended_l2")
    no_copy_on_write = Flag("target/nocow")
    encryption: Child[Encryption] = Child("target/encryption", "storage_encryption:Encryption")
    encryption_format = Choice("target/encryption/@format", "default", "qcow", "luks", "luks2", "luks-any")
    encryption_secret_uuid = Text("target/encryption/secret[@type='passphrase']/@uuid")
    backing_path = Text("backingStore/path")
    backing_format = Choice("backingStore/format/@type", *FORMATS)
    backing_permissions = Child("backingStore/permissions", Permissions)
    backing_timestamps = Child("backingStore/timestamps", Timestamps)
    backing_mode = Integer("backingStore/permissions/mode", base=8)
