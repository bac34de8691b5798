"""`<pool>`: a place where volumes are."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.storage_parts import Permissions
from innkeeper.libvirtxml.values import Choice, Integer, Size, Text, Values, YesNo


class PoolHost(View):
    """A server that the pool is on."""

    TAG = "host"
    name = Text("@name")
    port = Integer("@port", least=0)


class PoolSource(View):
    """What the pool is made of."""

    TAG = "source"
    hosts = Children("host", PoolHost)
    devices = Values("device/@path")
    dir = Text("dir/@path")
    name = Text("name")
    format = Text("format/@type")
    protocol_version = Text("protocol/@ver")
    adapter_type = Choice("adapter/@type", "scsi_host", "fc_host")
    adapter_name = Text("adapter/@name")
    adapter_parent = Text("adapter/@parent")
    adapter_wwnn = Text("adapter/@wwnn")
    adapter_wwpn = Text("adapter/@wwpn")
    adapter_managed = YesNo("adapter/@managed")
    initiator = Text("initiator/iqn/@name")
    auth_type = Choice("auth/@type", "chap", "ceph")
    auth_username = Text("auth/@username")
    auth_secret_uuid = Text("auth/secret/@uuid")
    auth_secret_usage = Text("auth/secret/@usage")
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
    volume_allocation = Choice("refresh/volume/@allocation", "default", "capacity")
