"""`<vsock>`: sockets between host and guest without a network."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import VIRTIO_MODELS, VirtioDevice
from innkeeper.libvirtxml.values import Choice, Integer, YesNo


class Vsock(VirtioDevice):
    """A vsock device; the guest's number is 3 or more."""

    TAG = "vsock"
    model = Choice("@model", *VIRTIO_MODELS)
    cid_auto = YesNo("cid/@auto")
    cid = Integer("cid/@address", least=3)
