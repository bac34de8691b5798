"""Where a PCI function is on its host."""

from __future__ import annotations

from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Integer, OnOff


class PciAddress(View):
    """The place of a PCI function on its host."""

    TAG = "address"
    domain = Integer("@domain", digits=4)
    bus = Integer("@bus", digits=2)
    slot = Integer("@slot", digits=2)
    function = Integer("@function", digits=1)
    multifunction = OnOff("@multifunction")

    @property
    def text(self) -> str:
        """The address as the kernel and lspci write it: `0000:03:00.1`."""
        return f"{self.domain or 0:04x}:{self.bus or 0:02x}:{self.slot or 0:02x}.{self.function or 0:x}"
