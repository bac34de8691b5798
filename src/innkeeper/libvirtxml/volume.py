"""`<volume>`: a disk image, logical volume or other piece of a pool."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child
from innkeeper.libvirtxml.element import Document
from innkeeper.libvirtxml.storage_parts import Permissions
from innkeeper.libvirtxml.values import Choice, Flag, Integer, Size, Text


class Volume(Document):
    """A volume; sizes in bytes. `backing_path` with `backing_format` makes it an overlay that holds only
    what differs.
    """

    TAG = "volume"
    type = Choice("@type", "file", "block", "dir", "network", "netdir", "ploop")
    name = Text("name")
    key = Text("key")
    capacity = Size("capacity", default="bytes")
    allocation = Size("allocation", default="bytes")
    physical = Size("physical", default="bytes")
    path = Text("target/path")
    format = Text("target/format/@type")
    permissions = Child("target/permissions", Permissions)
    modified = Text("target/timestamps/mtime")
    compat = Text("target/compat")
    cluster_size = Size("target/clusterSize", default="bytes")
    lazy_refcounts = Flag("target/features/lazy_refcounts")
    extended_l2 = Flag("target/features/extended_l2")
    no_copy_on_write = Flag("target/nocow")
    encryption_format = Choice("target/encryption/@format", "default", "qcow", "luks")
    encryption_secret_uuid = Text("target/encryption/secret[@type='passphrase']/@uuid")
    backing_path = Text("backingStore/path")
    backing_format = Text("backingStore/format/@type")
    backing_mode = Integer("backingStore/permissions/mode", octal=True)
