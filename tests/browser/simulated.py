"""A host of libvirt's test driver with as many guests as one likes."""

from __future__ import annotations

from uuid import NAMESPACE_DNS, uuid5

from lxml import etree

from tests.world import World

__all__ = ["many_guests"]

_OURS = "urn:innkeeper:guest:1"
_TEAMS = ("accounting", "shop", "research", "press", "support")
_STATES = ("1", "5", "5", "3", "1")
"""VIR_DOMAIN_RUNNING, _SHUTOFF, _PAUSED"""


def many_guests(world: World, count: int) -> str:
    """Its URI; libvirtd of that world runs it."""
    root = etree.Element("node")
    for number in range(count):
        root.append(_guest(number))
    file = "/var/lib/many.xml"
    world.run(["tee", file], input=etree.tostring(root, encoding="unicode"), check=True)
    return f"test+unix://{file}"


def _guest(number: int) -> etree._Element:
    team = _TEAMS[number % len(_TEAMS)]
    guest = etree.Element("domain", type="test")
    etree.SubElement(guest, "name").text = f"{team}-{number:04}"
    etree.SubElement(guest, "uuid").text = str(uuid5(NAMESPACE_DNS, str(number)))
    ours = etree.SubElement(
        etree.SubElement(guest, "metadata"), f"{{{_OURS}}}guest", nsmap={"innkeeper": _OURS}
    )
    etree.SubElement(ours, f"{{{_OURS}}}label", name="team", value=team)
    etree.SubElement(guest, "memory", unit="MiB").text = str(256 * (1 + number % 16))
    etree.SubElement(guest, "vcpu").text = str(1 + number % 4)
    etree.SubElement(etree.SubElement(guest, "os"), "type").text = "hvm"
    devices = etree.SubElement(guest, "devices")
    disk = etree.SubElement(devices, "disk", type="file", device="disk")
    etree.SubElement(disk, "source", file=f"/disk-{number}")
    etree.SubElement(disk, "target", dev="vda")
    state = etree.SubElement(guest, "{http://libvirt.org/schemas/domain/test/1.0}runstate")
    state.text = _STATES[number % len(_STATES)]
    return guest
