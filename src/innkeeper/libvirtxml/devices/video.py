"""`<video>`: graphics cards."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.values import Choice, Integer, OnOff, Text, YesNo


class Video(Device):
    """A graphics card; `vram`, `ram`, `vgamem` are in KiB, as libvirt writes them without a unit."""

    TAG = "video"
    model = Choice(
        "model/@type",
        "vga",
        "cirrus",
        "vmvga",
        "xen",
        "vbox",
        "qxl",
        "virtio",
        "gop",
        "bochs",
        "ramfb",
        "none",
    )
    vram = Integer("model/@vram", least=0)
    ram = Integer("model/@ram", least=0)
    vgamem = Integer("model/@vgamem", least=0)
    vram64 = Integer("model/@vram64", least=0)
    device = Choice(
        "model/@device", "virtio-vga", "virtio-vga-gl", "virtio-gpu", "virtio-gpu-gl", "vhost-user-vga",
        "vhost-user-gpu",
    )  # fmt: skip
    edid = OnOff("model/@edid")
    heads = Integer("model/@heads", least=1)
    primary = YesNo("model/@primary")
    blob = OnOff("model/@blob")
    accel_3d = YesNo("model/acceleration/@accel3d")
    accel_2d = YesNo("model/acceleration/@accel2d")
    render_node = Text("model/acceleration/@rendernode")
    width = Integer("model/resolution/@x", least=1)
    height = Integer("model/resolution/@y", least=1)
    driver_name = Choice("driver/@name", "qemu", "vhostuser")
    vga_conf = Choice("driver/@vgaconf", "io", "on", "off")
    iommu = OnOff("driver/@iommu")
    ats = OnOff("driver/@ats")
    packed = OnOff("driver/@packed")
    page_per_vq = OnOff("driver/@page_per_vq")
