"""`<filesystem>`: a directory of the host seen by the guest; the root of a container."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml.children import Child
from innkeeper.libvirtxml.devices.device import VIRTIO_MODELS, VirtioDevice
from innkeeper.libvirtxml.devices.disk_source import FORMATS
from innkeeper.libvirtxml.values import Choice, Flag, Integer, OnOff, Size, Text

if TYPE_CHECKING:
    from innkeeper.libvirtxml.idmap import IdMap


class Filesystem(VirtioDevice):
    """A file system given to the guest; `target_dir` is a mount point in containers, a mount tag in
    machines.
    """

    TAG = "filesystem"
    type = Choice("@type", "mount", "template", "file", "block", "ram", "bind", "volume")
    accessmode = Choice("@accessmode", "passthrough", "mapped", "squash")
    model = Choice("@model", *VIRTIO_MODELS)
    multidevs = Choice("@multidevs", "default", "remap", "forbid", "warn")
    file_mode = Integer("@fmode", base=8)
    dir_mode = Integer("@dmode", base=8)
    driver_type = Choice("driver/@type", "path", "handle", "loop", "nbd", "ploop", "virtiofs", "mtp")
    driver_format = Choice("driver/@format", *FORMATS)
    write_policy = Choice("driver/@wrpolicy", "immediate")
    queue = Integer("driver/@queue", least=1)
    source_dir = Text("source/@dir")
    source_file = Text("source/@file")
    source_dev = Text("source/@dev")
    source_name = Text("source/@name")
    source_pool = Text("source/@pool")
    source_volume = Text("source/@volume")
    source_socket = Text("source/@socket")
    source_usage = Size("source/@usage", default="KiB", unit="units")
    target_dir = Text("target/@dir")
    readonly = Flag("readonly")
    binary_path = Text("binary/@path")
    xattr = OnOff("binary/@xattr")
    cache_mode = Choice("binary/cache/@mode", "none", "always")
    sandbox_mode = Choice("binary/sandbox/@mode", "namespace", "chroot")
    thread_pool_size = Integer("binary/thread_pool/@size", least=0)
    lock_posix = OnOff("binary/lock/@posix")
    lock_flock = OnOff("binary/lock/@flock")
    open_files = Integer("binary/openfiles/@max", least=1)
    idmap: Child[IdMap] = Child("idmap", "idmap:IdMap")
    space_hard_limit = Size("space_hard_limit", default="bytes")
    space_soft_limit = Size("space_soft_limit", default="bytes")
