"""A machine with devices that the one under the tests lacks, for libvirt's test driver to hand out.

Two graphics cards (one with its sound function, one that offers shares and has given one), a network card with two of
its seven virtual functions, a USB hub with a stick in it, a SCSI disk, bridges. The documents are written after
https://libvirt.org/formatnode.html, in the shape that libvirt 9 gives them.
"""

from __future__ import annotations

from lxml import etree

from innkeeper.libvirtxml.build import element

__all__ = ["GPU", "MDEV", "NIC", "SHARED", "STICK", "VF", "add_guest", "devices", "hostdev_pci"]

GPU, SOUND = "0000:01:00.0", "0000:01:00.1"
SHARED = "0000:00:02.0"
NIC, VF, VF2 = "0000:03:00.0", "0000:03:10.0", "0000:03:10.2"
MDEV = "4b20d080-1b54-4048-85b3-a6a62d165c01"
STICK = ("0951", "1666")

Node = etree._Element


def devices() -> list[Node]:
    return [
        pci("0000:00:00.0", 0x060000, ("8086", "Intel Corporation"), ("3e30", "Host Bridge")),
        pci("0000:00:01.0", 0x060400, ("8086", "Intel Corporation"), ("1901", "PCIe Controller")),
        _with_group(pci(GPU, 0x030000, ("10de", "NVIDIA Corporation"), ("2204", "GA102")), 1, GPU, SOUND),
        _with_group(
            pci(SOUND, 0x040300, ("10de", "NVIDIA Corporation"), ("1aef", "GA102 Audio")),
            1,
            GPU,
            SOUND,
        ),
        _with_types(
            _with_group(pci(SHARED, 0x030000, ("8086", "Intel Corporation"), ("3e92", "UHD 630")), 0, SHARED)
        ),
        mdev(),
        _with_functions(pci(NIC, 0x020000, ("8086", "Intel Corporation"), ("1521", "I350"))),
        _with_parent_function(pci(VF, 0x020000, ("8086", None), ("1520", None))),
        _with_parent_function(pci(VF2, 0x020000, ("8086", None), ("1520", None))),
        usb("usb_usb1", 1, 1, ("1d6b", "Linux Foundation"), ("0002", "2.0 root hub")),
        usb("usb_1_4", 1, 2, ("05e3", "Genesys"), ("0608", "Hub")),
        usb_interface("usb_1_4_1_0", "usb_1_4", 9),
        usb("usb_1_4_1", 1, 12, (STICK[0], "Kingston"), (STICK[1], "DataTraveler")),
        usb_interface("usb_1_4_1_1_0", "usb_1_4_1", 8),
        scsi(),
        disk(),
        net(),
    ]


def pci(
    address: str,
    code: int,
    vendor: tuple[str, str | None],
    product: tuple[str, str | None],
) -> Node:
    domain, bus, rest = address.split(":")
    slot, function = rest.split(".")
    device = _device(f"pci_{address.replace(':', '_').replace('.', '_')}", "computer")
    numbers = {"domain": domain, "bus": bus, "slot": slot, "function": function}
    capability = element("capability", {"type": "pci"}, element("class", {}, f"0x{code:06x}"))
    for name, number in numbers.items():
        capability.append(element(name, {}, str(int(number, 16))))
    for name, (number, text) in {"product": product, "vendor": vendor}.items():
        capability.append(element(name, {"id": f"0x{number}"}, *([text] if text else [])))
    device.append(capability)
    return device


def _device(name: str, parent: str) -> Node:
    """Without its driver: the test driver forgets that of what it is handed."""
    return element("device", {}, element("name", {}, name), element("parent", {}, parent))


def _address(text: str) -> Node:
    domain, bus, rest = text.split(":")
    slot, function = rest.split(".")
    numbers = {"domain": domain, "bus": bus, "slot": slot, "function": function}
    return element("address", {name: f"0x{number}" for name, number in numbers.items()})


def _with_group(device: Node, number: int, *members: str) -> Node:
    group = element("iommuGroup", {"number": number}, *map(_address, members))
    device[-1].extend([group, element("numa", {"node": "0"})])
    return device


def _with_types(device: Node) -> Node:
    kind = element(
        "type",
        {"id": "i915-GVTg_V5_4"},
        element("name", {}, "GVTg_V5_4"),
        element("deviceAPI", {}, "vfio-pci"),
        element("availableInstances", {}, "1"),
    )
    device[-1].insert(7, element("capability", {"type": "mdev_types"}, kind))
    return device


def _with_functions(device: Node) -> Node:
    functions = element(
        "capability", {"type": "virt_functions", "maxCount": "7"}, _address(VF), _address(VF2)
    )
    device[-1].insert(7, functions)
    return device


def _with_parent_function(device: Node) -> Node:
    device[-1].insert(7, element("capability", {"type": "phys_function"}, _address(NIC)))
    return device


def mdev() -> Node:
    device = _device(f"mdev_{MDEV.replace('-', '_')}_0000_00_02_0", "pci_0000_00_02_0")
    capability = element("capability", {"type": "mdev"}, element("type", {"id": "i915-GVTg_V5_4"}))
    capability.append(element("uuid", {}, MDEV))
    capability.append(element("iommuGroup", {"number": "12"}))
    device.append(capability)
    return device


def usb(name: str, bus: int, number: int, vendor: tuple[str, str], product: tuple[str, str]) -> Node:
    device = _device(name, "computer")
    capability = element("capability", {"type": "usb_device"}, element("bus", {}, str(bus)))
    capability.append(element("device", {}, str(number)))
    for kind, (identity, text) in {"product": product, "vendor": vendor}.items():
        capability.append(element(kind, {"id": f"0x{identity}"}, text))
    device.append(capability)
    return device


def usb_interface(name: str, parent: str, kind: int) -> Node:
    device = _device(name, parent)
    numbers = {"number": 0, "class": kind, "subclass": 0, "protocol": 0}
    capability = element("capability", {"type": "usb"})
    capability.extend([element(key, {}, str(number)) for key, number in numbers.items()])
    device.append(capability)
    return device


def scsi() -> Node:
    device = _device("scsi_2_0_0_0", "computer")
    numbers = {"host": 2, "bus": 0, "target": 0, "lun": 0}
    capability = element("capability", {"type": "scsi"})
    capability.extend([element(key, {}, str(number)) for key, number in numbers.items()])
    capability.append(element("type", {}, "disk"))
    device.append(capability)
    return device


def disk() -> Node:
    device = _device("block_sda_SERIAL", "scsi_2_0_0_0")
    facts = {
        "block": "/dev/sda",
        "drive_type": "disk",
        "model": "SSD 860",
        "vendor": "ATA",
        "size": str(500 << 30),
    }
    capability = element("capability", {"type": "storage"})
    capability.extend([element(key, {}, fact) for key, fact in facts.items()])
    device.append(capability)
    return device


def net() -> Node:
    device = _device("net_enp3s0_00_11_22_33_44_55", "pci_0000_03_00_0")
    capability = element("capability", {"type": "net"}, element("interface", {}, "enp3s0"))
    capability.append(element("address", {}, "00:11:22:33:44:55"))
    capability.append(element("link", {"state": "up"}))
    device.append(capability)
    return device


def hostdev_pci(address: str) -> Node:
    source = element("source", {}, _address(address))
    return element("hostdev", {"mode": "subsystem", "type": "pci", "managed": "yes"}, source)


def add_guest(root: Node, name: str, *plugged: Node) -> None:
    """A guest with these devices, for the driver's file; it runs."""
    guest = etree.SubElement(root, "domain", type="test")
    etree.SubElement(guest, "name").text = name
    etree.SubElement(guest, "memory", unit="MiB").text = "64"
    etree.SubElement(etree.SubElement(guest, "os"), "type").text = "hvm"
    etree.SubElement(guest, "devices").extend(plugged)
