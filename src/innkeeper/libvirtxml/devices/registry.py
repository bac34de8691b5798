"""Which class views which device, by its tag and, where one tag is several devices, by an attribute too.

Classes are named, not imported: only the kinds that a document holds are loaded.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import NamedTuple

from lxml import etree

from innkeeper.libvirtxml.devices.device import Device


class Row(NamedTuple):
    """A class by `module:name`, for a tag, and for one value of an attribute when `attribute` is given."""

    tag: str
    where: str
    attribute: str = ""
    value: str = ""


ROWS = (
    Row("audio", "audio:Audio"),
    Row("channel", "channel:Channel"),
    Row("console", "console:Console"),
    Row("controller", "controller:Controller"),
    Row("controller", "controller:PciController", "type", "pci"),
    Row("controller", "controller:UsbController", "type", "usb"),
    Row("crypto", "crypto:Crypto"),
    Row("disk", "disk:Disk"),
    Row("filesystem", "filesystem:Filesystem"),
    Row("graphics", "graphics:Graphics"),
    Row("hostdev", "hostdev:Hostdev"),
    Row("hostdev", "hostdev:MdevHostdev", "type", "mdev"),
    Row("hostdev", "hostdev:PciHostdev", "type", "pci"),
    Row("hostdev", "hostdev:ScsiHostdev", "type", "scsi"),
    Row("hostdev", "hostdev:UsbHostdev", "type", "usb"),
    Row("hub", "hub:Hub"),
    Row("input", "input:Input"),
    Row("interface", "interface:Interface"),
    Row("iommu", "iommu:Iommu"),
    Row("lease", "lease:Lease"),
    Row("memballoon", "memballoon:Memballoon"),
    Row("memory", "memory:MemoryDevice"),
    Row("nvram", "nvram:Nvram"),
    Row("panic", "panic:Panic"),
    Row("parallel", "parallel:Parallel"),
    Row("pstore", "pstore:Pstore"),
    Row("redirdev", "redirdev:Redirdev"),
    Row("redirfilter", "redirfilter:Redirfilter"),
    Row("rng", "rng:Rng"),
    Row("serial", "serial:Serial"),
    Row("shmem", "shmem:Shmem"),
    Row("smartcard", "smartcard:Smartcard"),
    Row("sound", "sound:Sound"),
    Row("tpm", "tpm:Tpm"),
    Row("video", "video:Video"),
    Row("vsock", "vsock:Vsock"),
    Row("watchdog", "watchdog:Watchdog"),
)

_BY_TAG: dict[str, tuple[Row, ...]] = {
    # Rows with an attribute come first: they are the more special.
    tag: tuple(sorted((row for row in ROWS if row.tag == tag), key=lambda row: not row.attribute))
    for tag in {row.tag for row in ROWS}
}


def view(node: etree._Element) -> Device:
    """The view of a device element; a plain Device for a kind not known here."""
    for row in _BY_TAG.get(str(node.tag), ()):
        if not row.attribute or node.get(row.attribute) == row.value:
            return load(row.where)(node)
    return Device(node)


@cache
def load(where: str) -> type[Device]:
    """The class by its `module:name` in this package."""
    module, _, name = where.partition(":")
    found: type[Device] = getattr(import_module(f"innkeeper.libvirtxml.devices.{module}"), name)
    return found
