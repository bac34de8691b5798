"""`<memory>` among the devices: memory modules, also persistent ones."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import VirtioDevice
from innkeeper.libvirtxml.values import Choice, Flag, Integer, Size, Text, YesNo


class MemoryDevice(VirtioDevice):
    """A memory module that can be plugged; sizes in bytes."""

    TAG = "memory"
    model = Choice("@model", "dimm", "nvdimm", "virtio-pmem", "virtio-mem", "sgx-epc")
    access = Choice("@access", "shared", "private")
    discard = YesNo("@discard")
    uuid = Text("uuid")
    source_path = Text("source/path")
    source_alignment = Size("source/alignsize")
    source_page_size = Size("source/pagesize")
    source_nodes = Text("source/nodemask")
    persistent = Flag("source/pmem")
    target_size = Size("target/size")
    target_node = Integer("target/node", least=0)
    target_label_size = Size("target/label/size")
    target_block = Size("target/block")
    target_requested = Size("target/requested")
    target_current = Size("target/current")
    target_address = Integer("target/address/@base", digits=1, base=16)
    dynamic_slots = YesNo("target/@dynamicMemslots")
    target_readonly = Flag("target/readonly")
