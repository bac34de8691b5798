"""`<console>`: the primary console. For machines with a serial port libvirt writes one that mirrors it."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child
from innkeeper.libvirtxml.devices.chardev import CharDevice, CharSource
from innkeeper.libvirtxml.values import Choice, Integer


class Console(CharDevice):
    """A console of the guest; the first is the one that `virsh console` opens."""

    TAG = "console"
    source = Child("source", CharSource)
    target_type = Choice("target/@type", "serial", "virtio", "xen", "uml", "lxc", "openvz", "sclp", "sclplm")
    target_port = Integer("target/@port", least=0)
