"""`<pool>`: a place where volumes are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml.build import NAMESPACES
from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.storage_parts import FreeExtent, Permissions
from innkeeper.libvirtxml.values import Choice, Integer, Size, Text, Values, YesNo

if TYPE_CHECKING:
    from innkeeper.libvirtxml.scsi_adapter import ScsiAdapter
    from innkeeper.libvirtxml.storage_encryption import Auth

FORMATS = (
    "auto", "unknown", "ext2", "ext3", "ext4", "ufs", "iso9660", "udf", "gfs", "gfs2", "vfat", "hfs+", "xfs",
    "ocfs2", "vmfs", "nfs", "cifs", "glusterfs", "dos", "dvh", "gpt", "mac", "bsd", "pc98", "sun", "lvm2",
)  # fmt: skip


class PoolHost(View):
    """A server that the pool is on."""

    TAG = "host"
    name = Text("@name")
    port = Integer("@port", least=0)


class PoolDevice(View):
    """A device that the pool is made of; `free_extents` are what is left of a disk."""

    TAG = "device"
    path = Text("@path")
    part_separator = YesNo("@part_separator")
    free_extents = Children("freeExtent", FreeExtent)


class RbdOption(View):
    """A setting of Ceph's client."""

    TAG = f"{{{NAMESPACES['rbd']}}}option"
    name = Text("@name")
    value = Text("@value")


class PoolSource(View):
    """What the pool is made of."""

    TAG = "source"
    hosts = Children("host", PoolHost)
    devices = Values("device/@path")
    device_parts = Children("device", PoolDevice)
    dir = Text("dir/@path")
    name = Text("name")
    format = Choice("format/@type", *FORMATS)
    protocol_version = Text("protocol/@ver")
    adapter: Child[ScsiAdapter] = Child("adapter", "scsi_adapter:ScsiAdapter")
    initiator = Text("initiator/iqn/@name")
    auth: Child[Auth] = Child("auth", "storage_encryption:Auth")
    vendor = Text("vendor/@name")
    product = Text("product/@name")


class Pool(Document):
    """A storage pool; sizes in bytes, only running pools know them."""

    TAG = "pool"
    type = Choice(
        "@type", "dir", "fs", "netfs", "logical", "disk", "iscsi", "iscsi-direct", "scsi", "mpath", "rbd",
        "sheepdog", "gluster", "zfs", "vstorage",
    )  # fmt: skip
    name = Text("name")
    uuid = Text("uuid")
    capacity = Size("capacity", default="bytes")
    allocation = Size("allocation", default="bytes")
    available = Size("available", default="bytes")
    copy_on_write = YesNo("features/cow/@state")
    source = Child("source", PoolSource)
    target_path = Text("target/path")
    permissions = Child("target/permissions", Permissions)
    mount_options = Values("fs:mount_opts/fs:option/@name")
    rbd_options = Children("rbd:config_opts/rbd:option", RbdOption)
    volume_allocation = Choice("refresh/volume/@allocation", "default", "capacity")
