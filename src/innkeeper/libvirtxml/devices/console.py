"""`<console>`: the primary console. For machines with a serial port libvirt writes one that mirrors it."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.chardev import PortDevice


class Console(PortDevice):
    """A console of the guest; the first is the one that `virsh console` opens."""

    TAG = "console"
