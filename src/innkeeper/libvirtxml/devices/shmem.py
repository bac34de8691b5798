"""`<shmem>`: memory shared between guests."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.values import Choice, Flag, Integer, OnOff, Size, Text


class Shmem(Device):
    """A piece of shared memory; `size` in bytes."""

    TAG = "shmem"
    name = Text("@name")
    role = Choice("@role", "master", "peer")
    model = Choice("model/@type", "ivshmem", "ivshmem-plain", "ivshmem-doorbell")
    size = Size("size", default="bytes")
    server = Text("server/@path")
    msi = Flag("msi")
    msi_vectors = Integer("msi/@vectors", least=1)
    msi_ioeventfd = OnOff("msi/@ioeventfd")
