"""`<parallel>`: a parallel port."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child
from innkeeper.libvirtxml.devices.chardev import CharDevice, CharSource
from innkeeper.libvirtxml.values import Integer


class Parallel(CharDevice):
    """A parallel port of the guest."""

    TAG = "parallel"
    source = Child("source", CharSource)
    target_port = Integer("target/@port", least=0)
