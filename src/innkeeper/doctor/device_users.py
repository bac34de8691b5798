"""Which guests have which of the host's devices, by their documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from innkeeper.libvirtxml import Domain
from innkeeper.libvirtxml.devices.device import Address
from innkeeper.schema.device import DeviceUser
from innkeeper.schema.names import DELETED, unmark
from innkeeper.virt import nodedevs

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml.devices.disk import Disk
    from innkeeper.libvirtxml.devices.hostdev import (
        Hostdev,
        MdevHostdev,
        PciHostdev,
        ScsiHostdev,
        UsbHostdev,
    )
    from innkeeper.libvirtxml.devices.interface import Interface

__all__ = ["Claim", "pci_address", "usb_address", "users"]

Claim = tuple[str, str]
"""What a document says of a device: `("pci", "0000:01:00.0")`, `("usb", "001:004")`, `("usb-id", "046d:c52b")`,
`("mdev", UUID)`, `("scsi", "0:0:0:0")`, `("net", "eth0")`, `("storage", "/dev/sda")`."""


def users(host: Host) -> dict[Claim, tuple[DeviceUser, ...]]:
    """Claim → guests that make it, in their present run or stored for the next. What is in the bin claims nothing."""
    found: dict[Claim, dict[str, bool]] = {}
    for name, (stored, live) in nodedevs.used_by(host.virt).items():
        if unmark(name)[1] == DELETED:
            continue
        for claim in claims(Domain.from_xml(stored)):
            found.setdefault(claim, {})[name] = False
        for claim in claims(Domain.from_xml(live)) if live else ():
            found.setdefault(claim, {})[name] = True
    return {
        claim: tuple(DeviceUser(guest=name, running=running) for name, running in sorted(guests.items()))
        for claim, guests in found.items()
    }


def claims(document: Domain) -> Iterator[Claim]:
    """Every device of the host that the document names."""
    for hostdev in document.devices.hostdevs:
        yield from _of_hostdev(hostdev)
    for card in document.devices.interfaces:
        yield from _of_interface(card)
    for disk in document.devices.disks:
        yield from _of_disk(disk)


def _of_hostdev(hostdev: Hostdev) -> Iterator[Claim]:
    match hostdev.type:
        case "pci":
            yield "pci", pci_address(cast("PciHostdev", hostdev).source_address)
        case "usb":
            yield from _of_usb(cast("UsbHostdev", hostdev))
        case "mdev":
            yield "mdev", (cast("MdevHostdev", hostdev).uuid or "").lower()
        case "scsi":
            scsi = cast("ScsiHostdev", hostdev)
            if (scsi.adapter or "").startswith("scsi_host"):
                at, number = scsi.source_address, (scsi.adapter or "").removeprefix("scsi_host")
                yield "scsi", f"{number}:{int(at.bus or '0', 0)}:{at.target or 0}:{at.unit or 0}"


def _of_usb(usb: UsbHostdev) -> Iterator[Claim]:
    """A running guest's document names both the place and the kind; the place is what counts then."""
    if usb.source_address.bus is not None and usb.source_device is not None:
        yield "usb", usb_address(int(usb.source_address.bus, 0), usb.source_device)
    elif usb.vendor is not None and usb.product is not None:
        yield "usb-id", f"{usb.vendor:04x}:{usb.product:04x}"


def _of_interface(card: Interface) -> Iterator[Claim]:
    if card.type == "hostdev" and card.source_pci.exists:
        yield "pci", pci_address(card.source_pci)
    elif card.type == "direct" and card.source_dev:
        yield "net", card.source_dev


def _of_disk(disk: Disk) -> Iterator[Claim]:
    if disk.source.dev:
        yield "storage", disk.source.dev
    address = disk.source.node.find("address") if disk.type == "nvme" and disk.source.exists else None
    if address is not None:
        yield "pci", pci_address(Address(address))


def pci_address(at: Address) -> str:
    """As the kernel writes it: `0000:01:00.0`."""
    return f"{at.domain or 0:04x}:{int(at.bus or '0', 0):02x}:{at.slot or 0:02x}.{at.function or 0:x}"


def usb_address(bus: int, device: int) -> str:
    """Bus and device, as lsusb(8) writes them: `001:004`."""
    return f"{bus:03d}:{device:03d}"
