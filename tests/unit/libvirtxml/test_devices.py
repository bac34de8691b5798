"""Devices: every kind has its class, unknown kinds are devices too, adding and removing keeps the order."""

from __future__ import annotations

import pytest

from innkeeper.libvirtxml import Domain, devices
from innkeeper.libvirtxml.devices import Device, Disk, Hostdev, Interface, PciHostdev, Rng, registry
from innkeeper.libvirtxml.devices.devices import Kind
from innkeeper.libvirtxml.order import ORDER

TEXT = """<domain>
  <devices>
    <emulator>/qemu</emulator>
    <disk type="file" device="disk">
      <target dev="vda"/>
    </disk>
    <!-- the uplink -->
    <interface type="network"/>
    <teapot colour="blue"><address type="pci" slot="0x03"/></teapot>
    <hostdev mode="subsystem" type="pci"/>
    <hostdev mode="capabilities" type="misc"/>
  </devices>
</domain>
"""


def test_each_device_gets_its_class() -> None:
    found = list(Domain.from_xml(TEXT).devices)
    assert [type(device) for device in found] == [Disk, Interface, Device, PciHostdev, Hostdev]
    assert [device.kind for device in found] == ["disk", "interface", "teapot", "hostdev", "hostdev"]


def test_devices_of_unknown_kinds_are_devices() -> None:
    guest = Domain.from_xml(TEXT)
    (teapot,) = guest.devices.of_kind("teapot")
    assert teapot.address.slot == 3
    teapot.alias = "ua-pot"
    assert '<alias name="ua-pot"/>' in guest.to_xml()
    guest.devices.remove(teapot)
    assert "teapot" not in guest.to_xml()


def test_adding_goes_behind_its_like_and_removing_leaves_no_trace() -> None:
    guest = Domain.from_xml(TEXT)
    disk = guest.devices.add(Disk.new(type="block", device="disk", target_dev="vdb", readonly=True))
    rng = guest.devices.add(Rng.new(model="virtio"))
    assert [device.kind for device in guest.devices] == [
        "disk", "disk", "interface", "teapot", "hostdev", "hostdev", "rng",
    ]  # fmt: skip
    assert (
        "    </disk>\n"
        '    <disk type="block" device="disk">\n'
        '      <target dev="vdb"/>\n'
        "      <readonly/>\n"
        "    </disk>\n"
        "    <!-- the uplink -->" in guest.to_xml()
    )
    guest.devices.remove(disk)
    guest.devices.remove(rng)
    assert guest.to_xml() == TEXT
    with pytest.raises(ValueError, match="not among these devices"):
        guest.devices.remove(disk)


def test_a_device_moves_from_one_guest_to_another() -> None:
    one, two = Domain.from_xml(TEXT), Domain.new(name="b")
    two.devices.add(one.devices.disks[0])
    assert (len(one.devices.disks), len(two.devices.disks)) == (0, 1)
    printed = one.to_xml()
    two.devices.rngs.add(one.devices.rngs.add(Rng.new(model="virtio")))
    assert one.to_xml() == printed
    assert [rng.model for rng in two.devices.rngs] == ["virtio"]


def test_every_kind_is_registered_ordered_listed_and_exported() -> None:
    tags = {row.tag for row in registry.ROWS}
    listed = {kind.tag for kind in vars(devices.devices.Devices).values() if isinstance(kind, Kind)}
    assert listed == tags
    assert set(ORDER["devices"]) == tags | {"emulator"}
    for row in registry.ROWS:
        found = registry.load(row.where)
        assert row.tag == found.TAG
        assert getattr(devices, found.__name__) is found
        name, attribute = found.__name__, row.attribute
        guest = Domain.new(name=name)
        device = guest.devices.add(found.new(**({attribute: row.value} if attribute else {})))
        assert type(guest.devices.of_kind(row.tag)[0]) is found
        assert device in list(guest.devices)


def test_lists_by_kind_are_live() -> None:
    guest = Domain.from_xml(TEXT)
    disks = guest.devices.disks
    assert [disk.target_dev for disk in disks] == ["vda"]
    disks.add(Disk.new(target_dev="vdb"))
    assert [disk.target_dev for disk in guest.devices.disks] == ["vda", "vdb"]
    disks.remove(disks[1])
    assert guest.to_xml() == TEXT


def test_the_chain_of_backing_files() -> None:
    layer = "<backingStore type='file'><format type='raw'/><source file='/{}'/>{}</backingStore>"
    chain = layer.format("b", layer.format("c", "<backingStore/>"))
    text = f"<domain><devices><disk type='file'><source file='/a'/>{chain}</disk></devices></domain>"
    disk = Domain.from_xml(text).devices.disks[0]
    assert disk.source.path == "/a"
    assert [each.source.path for each in disk.chain()] == ["/b", "/c"]
