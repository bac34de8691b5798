"""`<rng>`: random numbers for the guest."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.devices.chardev import CHARACTER_TYPES, CharSource
from innkeeper.libvirtxml.devices.device import VIRTIO_MODELS, VirtioDevice
from innkeeper.libvirtxml.values import Choice, Integer, OnOff, Text


class Rng(VirtioDevice):
    """A source of entropy: `rate_bytes` in every `rate_period` milliseconds at most."""

    TAG = "rng"
    model = Choice("@model", *VIRTIO_MODELS)
    rate_bytes = Integer("rate/@bytes", least=1)
    rate_period = Integer("rate/@period", least=0)
    backend_model = Choice("backend/@model", "random", "egd", "builtin")
    backend_type = Choice("backend/@type", *CHARACTER_TYPES)
    backend_path = Text("backend")
    backend_source = Child("backend/source", CharSource)
    backend_sources = Children("backend/source", CharSource)
    backend_protocol = Choice("backend/protocol/@type", "raw", "telnet", "telnets", "tls")
    backend_log_file = Text("backend/log/@file")
    backend_log_append = OnOff("backend/log/@append")
