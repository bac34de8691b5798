"""Views of devices, one file for each kind; a class is loaded when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innkeeper.libvirtxml.devices.audio import Audio
    from innkeeper.libvirtxml.devices.channel import Channel
    from innkeeper.libvirtxml.devices.console import Console
    from innkeeper.libvirtxml.devices.controller import Controller, PciController, UsbController
    from innkeeper.libvirtxml.devices.crypto import Crypto
    from innkeeper.libvirtxml.devices.device import Address, Device
    from innkeeper.libvirtxml.devices.devices import Devices
    from innkeeper.libvirtxml.devices.disk import Disk
    from innkeeper.libvirtxml.devices.disk_source import DiskSource
    from innkeeper.libvirtxml.devices.filesystem import Filesystem
    from innkeeper.libvirtxml.devices.graphics import Graphics, Listen
    from innkeeper.libvirtxml.devices.hostdev import Hostdev, MdevHostdev, PciHostdev, ScsiHostdev, UsbHostdev
    from innkeeper.libvirtxml.devices.hub import Hub
    from innkeeper.libvirtxml.devices.input import Input
    from innkeeper.libvirtxml.devices.interface import Interface, PortForward, PortRange
    from innkeeper.libvirtxml.devices.iommu import Iommu
    from innkeeper.libvirtxml.devices.lease import Lease
    from innkeeper.libvirtxml.devices.memballoon import Memballoon
    from innkeeper.libvirtxml.devices.memory import MemoryDevice
    from innkeeper.libvirtxml.devices.nvram import Nvram
    from innkeeper.libvirtxml.devices.panic import Panic
    from innkeeper.libvirtxml.devices.parallel import Parallel
    from innkeeper.libvirtxml.devices.pstore import Pstore
    from innkeeper.libvirtxml.devices.redirdev import Redirdev
    from innkeeper.libvirtxml.devices.redirfilter import Redirfilter
    from innkeeper.libvirtxml.devices.rng import Rng
    from innkeeper.libvirtxml.devices.serial import Serial
    from innkeeper.libvirtxml.devices.shmem import Shmem
    from innkeeper.libvirtxml.devices.smartcard import Smartcard
    from innkeeper.libvirtxml.devices.sound import Sound
    from innkeeper.libvirtxml.devices.tpm import Tpm
    from innkeeper.libvirtxml.devices.video import Video
    from innkeeper.libvirtxml.devices.vsock import Vsock
    from innkeeper.libvirtxml.devices.watchdog import Watchdog

__all__ = [
    "Address",
    "Audio",
    "Channel",
    "Console",
    "Controller",
    "Crypto",
    "Device",
    "Devices",
    "Disk",
    "DiskSource",
    "Filesystem",
    "Graphics",
    "Hostdev",
    "Hub",
    "Input",
    "Interface",
    "Iommu",
    "Lease",
    "Listen",
    "MdevHostdev",
    "Memballoon",
    "MemoryDevice",
    "Nvram",
    "Panic",
    "Parallel",
    "PciController",
    "PciHostdev",
    "PortForward",
    "PortRange",
    "Pstore",
    "Redirdev",
    "Redirfilter",
    "Rng",
    "ScsiHostdev",
    "Serial",
    "Shmem",
    "Smartcard",
    "Sound",
    "Tpm",
    "UsbController",
    "UsbHostdev",
    "Video",
    "Vsock",
    "Watchdog",
]

_MODULES = {
    "Address": "device",
    "DiskSource": "disk_source",
    "Listen": "graphics",
    "MdevHostdev": "hostdev",
    "MemoryDevice": "memory",
    "PciController": "controller",
    "PciHostdev": "hostdev",
    "PortForward": "interface",
    "PortRange": "interface",
    "ScsiHostdev": "hostdev",
    "UsbController": "controller",
    "UsbHostdev": "hostdev",
}
"""Where a class is that is not in a module of its own name."""


def __getattr__(name: str) -> object:
    if name in __all__:
        return getattr(import_module(f"{__name__}.{_MODULES.get(name, name.lower())}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
