"""`<filesystem>`: a directory of the host seen by the guest; the root of a container."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import VIRTIO_MODELS, VirtioDevice
from innkeeper.libvirtxml.values import Choice, Flag, Integer, OnOff, Size, Text


class Filesystem(VirtioDevice):
    """A file system given to the guest; `target_dir` is a mount point in containers, a mount tag in
    machines.
    """

    TAG = "filesystem"
    type = Choice("@type", "mount", "template", "file", "block", "ram", "bind", "volume")
    accessmode = Choice("@accessmode", "passthrough", "mapped", "squash")
    model = Choice("@model", *VIRTIO_MODELS)
    multidevs = Choice("@multidevs", "default", "remap", "forbid", "warn")
    file_mode = Integer("@fmode", octal=True)
    dir_mode = Integer("@dmode", octal=True)
    driver_type = Choice("driver/@type", "path", "handle", "loop", "nbd", "ploop", "virtiofs", "mtp")
    driver_format = Text("driver/@format")
    driver_name = Text("driver/@name")
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
    space_hard_limit = Size("space_hard_limit", default="bytes")
    space_soft_limit = Size("space_soft_limit", default="bytes")
