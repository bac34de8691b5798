"""`<nvram>` among the devices: the settings memory of PowerPC machines (not the firmware variables of
UEFI).
"""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import Device


class Nvram(Device):
    """Settings memory of pSeries machines; only its address can be chosen."""

    TAG = "nvram"
