"""`<serial>`: a serial port."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child
from innkeeper.libvirtxml.devices.chardev import CharDevice, CharSource
from innkeeper.libvirtxml.values import Choice, Integer


class Serial(CharDevice):
    """A serial port of the guest. `log_file` with `log_append` keeps all that the guest writes, read by
    nobody or not.
    """

    TAG = "serial"
    source = Child("source", CharSource)
    target_type = Choice(
        "target/@type", "isa-serial", "usb-serial", "pci-serial", "spapr-vio-serial", "system-serial",
        "sclp-serial", "isa-debug",
    )  # fmt: skip
    target_port = Integer("target/@port", least=0)
    target_model = Choice(
        "target/model/@name", "isa-serial", "usb-serial", "pci-serial", "spapr-vty", "pl011", "16550a",
        "sclpconsole", "sclplmconsole", "isa-debugcon",
    )  # fmt: skip
