"""`<serial>`: a serial port."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.chardev import PortDevice


class Serial(PortDevice):
    """A serial port of the guest. `log_file` with `log_append` keeps all that the guest writes, read by
    nobody or not.
    """

    TAG = "serial"
