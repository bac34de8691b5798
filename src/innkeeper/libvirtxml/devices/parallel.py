"""`<parallel>`: a parallel port."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.chardev import PortDevice


class Parallel(PortDevice):
    """A parallel port of the guest."""

    TAG = "parallel"
