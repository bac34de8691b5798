"""Each kind of value: how it is read, written, refused."""

from __future__ import annotations

import random
from typing import Any

import pytest

from innkeeper.errors import Invalid
from innkeeper.libvirtxml import Domain, NodeDevice
from innkeeper.libvirtxml.devices import Disk, PciHostdev, UsbHostdev
from innkeeper.libvirtxml.pci_address import PciAddress
from innkeeper.libvirtxml.storage_parts import Permissions
from innkeeper.libvirtxml.values import number, unit_bytes


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("b", 1), ("bytes", 1), ("k", 1024), ("K", 1024), ("KiB", 1024), ("kib", 1024), ("KB", 1000),
        ("M", 1024**2), ("MiB", 1024**2), ("MB", 10**6), ("G", 1024**3), ("GB", 10**9), ("TiB", 1024**4),
        ("PiB", 1024**5), ("E", 1024**6), ("X", None), ("Kx", None),
    ],
)  # fmt: skip
def test_units_as_libvirt_reads_them(unit: str, factor: int | None) -> None:
    assert unit_bytes(unit) == factor
    guest = Domain.from_xml(f"<domain><memory unit='{unit}'>3</memory></domain>")
    if factor is None:
        with pytest.raises(Invalid):
            _ = guest.memory
    else:
        assert guest.memory == 3 * factor


def test_memory_without_a_unit_is_kib() -> None:
    assert Domain.from_xml("<domain><memory>2</memory></domain>").memory == 2048


def test_memory_that_is_no_multiple_is_written_in_bytes() -> None:
    guest = Domain.new(memory=1025, memory_dump=False)
    assert '<memory unit="bytes" dumpCore="off">1025</memory>' in guest.to_xml()
    guest.memory = None
    assert '<memory dumpCore="off"/>' in guest.to_xml()


@pytest.mark.parametrize("text", ["", "many", "1.5", "0x"])
def test_what_is_no_number_is_told_with_its_line(text: str) -> None:
    guest = Domain.from_xml(f"<domain>\n<vcpu current='{text}'>4</vcpu></domain>")
    with pytest.raises(Invalid) as caught:
        _ = guest.current_vcpus
    assert caught.value.code == "xml.bad_value"
    assert caught.value.facts["line"] == 2
    assert guest.vcpus == 4


def test_numbers_out_of_range_are_refused() -> None:
    guest = Domain.new()
    with pytest.raises(Invalid) as caught:
        guest.vcpus = 0
    assert caught.value.code == "xml.out_of_range"
    with pytest.raises(Invalid):
        guest.memory = -1
    assert guest.vcpus is None


def test_any_text_survives(dice: random.Random) -> None:
    """Whatever XML can carry comes back as it was, as text and as attribute, and stays within its value."""
    alphabet = "&<>\"' \t\n\ra]-?!;#%\u00a0é客😀\u2028"
    for _ in range(300):
        text = "x" + "".join(dice.choices(alphabet, k=dice.randint(1, 12))) + "x"
        guest = Domain.new(name=text, title=text)
        guest.os.cmdline = text
        guest.devices.add(Disk.new(target_dev=text, serial=text)).source.file = text
        guest.qemu_commandline.arguments = (text, text)
        read = Domain.from_xml(guest.to_xml())
        disk = read.devices.disks[0]
        assert {read.name, read.title, read.os.cmdline, disk.serial, disk.target_dev} == {text}
        assert (disk.source.file, read.qemu_commandline.arguments) == (text, (text, text))
        assert [str(node.tag) for node in read.node.iter()] == [str(node.tag) for node in guest.node.iter()]


def test_choices() -> None:
    view = Disk.new()
    with pytest.raises(Invalid) as caught:
        view.discard = "shred"
    assert caught.value.code == "xml.not_a_choice"
    assert "unmap" in caught.value.remedy("en")
    view.node.set("device", "holotape")
    assert view.device == "holotape", "what a newer libvirt says is read as it stands"


def test_hexadecimal_and_octal() -> None:
    pci = PciHostdev.new()
    pci.source_address.update(domain=0, slot=0x1F, function=7, multifunction=True)
    assert 'domain="0x0000" slot="0x1f" function="0x7" multifunction="on"' in pci.to_xml()
    assert pci.source_address.slot == 0x1F
    assert UsbHostdev.new(vendor=0x46D).to_xml().count('id="0x046d"') == 1
    assert Permissions.new(mode=0o600).to_xml() == "<permissions><mode>0600</mode></permissions>"


def test_a_state_is_on_by_being_there() -> None:
    guest = Domain.from_xml("<domain><features><pmu/><hap state='off'/></features></domain>")
    assert (guest.features.pmu, guest.features.hap, guest.features.smm) == (True, False, None)
    guest.features.pmu = True
    assert "<pmu/>" in guest.to_xml()
    guest.features.pmu = False
    assert '<pmu state="off"/>' in guest.to_xml()


def test_a_flag_is_false_where_nothing_is() -> None:
    guest = Domain.new()
    assert guest.features.acpi is False
    guest.features.acpi = True
    guest.features.acpi = True
    assert guest.to_xml().count("<acpi/>") == 1


def test_repeated_values_are_edited_in_place() -> None:
    guest = Domain.from_xml("<domain><os><boot dev='hd' x='1'/><!-- c --><boot dev='fd'/></os></domain>")
    assert guest.os.boot == ("hd", "fd")
    guest.os.boot = ("network", "hd", "cdrom")
    assert guest.os.boot == ("network", "hd", "cdrom")
    assert '<boot dev="network" x="1"/><!-- c --><boot dev="hd"/><boot dev="cdrom"/>' in guest.to_xml()


def test_a_step_with_a_condition_is_made_with_it() -> None:
    guest = Domain.new()
    guest.sysinfo.update(manufacturer="<us>", serial="1")
    assert guest.sysinfo.to_xml().count("<system>") == 1
    assert '<entry name="manufacturer">&lt;us&gt;</entry>' in guest.sysinfo.to_xml()
    guest.sysinfo.manufacturer = None
    assert guest.sysinfo.serial == "1"


def test_elements_of_the_hypervisors_namespace() -> None:
    guest = Domain.new(type="kvm")
    guest.qemu_commandline.arguments = ("-set", "a=<b>")
    text = guest.to_xml()
    assert 'xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0"' in text
    assert '<qemu:arg value="a=&lt;b&gt;"/>' in text
    assert Domain.from_xml(text).qemu_commandline.arguments == ("-set", "a=<b>")


@pytest.mark.parametrize(
    ("text", "base", "value"),
    [
        ("12", 10, 12), ("012", 10, 12), (" 12", 10, 12), ("0x1f", 10, 31), ("-1", 10, -1), ("+5", 10, 5),
        ("010", 0, 8), ("0", 0, 0), ("0X1F", 0, 31), ("1f", 0, None), ("1f", 16, 31), ("0x1f", 16, 31),
        ("0644", 8, 0o644), ("9", 8, None), ("1_000", 10, None), ("٣", 10, None), ("0x", 10, None), ("", 10, None),
        ("1e3", 10, None), ("1.0", 10, None), ("- 1", 10, None), ("1 2", 10, None),
    ],
)  # fmt: skip
def test_numbers_as_libvirts_parsers_read_them(text: str, base: int, value: int | None) -> None:
    assert number(text, base) == value


def test_each_number_is_read_in_libvirts_base() -> None:
    guest = Domain.from_xml(
        "<domain><devices><disk><address type='pci' slot='010' bus='0x1f'/></disk>"
        "<serial><address type='isa' iobase='3f8' irq='4'/></serial></devices>"
        "<launchSecurity type='sev'><policy>10</policy></launchSecurity></domain>"
    )
    assert guest.devices.disks[0].address.slot == 8
    assert guest.devices.serials[0].address.iobase == 0x3F8
    assert guest.launch_security.policy == 16


@pytest.mark.parametrize(
    ("text", "name", "size"),
    [
        ("<devices><shmem><size>4194304</size></shmem></devices>", "devices.shmems.0.size", 4 * 1024**2),
        ("<features><tcg><tb-cache>2</tb-cache></tcg></features>", "features.tcg_cache", 2048),
        ("<features><smm><tseg>48</tseg></smm></features>", "features.smm_tseg", 48 * 1024**2),
        ("<features><hpt><maxpagesize>4</maxpagesize></hpt></features>", "features.hpt_max_page", 4096),
        ("<devices><filesystem><space_hard_limit>9</space_hard_limit></filesystem></devices>",
         "devices.filesystems.0.space_hard_limit", 9),
        ("<cputune><cachetune><cache size='3'/></cachetune></cputune>", "cputune.cache_tunes.0.caches.0.size", 3072),
    ],
)  # fmt: skip
def test_sizes_without_a_unit_have_libvirts(text: str, name: str, size: int) -> None:
    found: Any = Domain.from_xml(f"<domain>{text}</domain>")
    for part in name.split("."):
        found = found[int(part)] if part.isdigit() else getattr(found, part)
    assert found == size


def test_what_was_read_can_be_set_again_whatever_it_is() -> None:
    """A word of a newer libvirt, a number below what is sensible: it stands there already."""
    guest = Domain.from_xml(
        "<domain type='quantum'><on_crash>pray</on_crash><vcpu>0</vcpu><memory unit='KB'>3</memory></domain>"
    )
    before = guest.to_xml()
    guest.update(type=guest.type, on_crash=guest.on_crash, vcpus=guest.vcpus, memory=guest.memory)
    assert guest.to_xml() == before


def test_what_cannot_be_read_can_be_replaced() -> None:
    guest = Domain.from_xml("<domain><vcpu current='?'>many</vcpu><memory unit='ell'>3</memory></domain>")
    guest.update(vcpus=4, current_vcpus=2, memory=1024**3)
    assert '<vcpu current="2">4</vcpu><memory unit="KiB">1048576</memory>' in guest.to_xml()


def test_an_element_known_by_an_attribute_gets_it_and_goes_with_its_last_value() -> None:
    device = NodeDevice.from_xml("<device><capability type='usb'><number>0</number></capability></device>")
    before = device.to_xml()
    device.pci.vendor_id = 0x8086
    assert '<capability type="pci"><vendor id="0x8086"/></capability>' in device.to_xml()
    device.pci.virtual_functions.add(PciAddress.new(domain=0, bus=3, slot=0, function=1))
    assert [each.text for each in device.pci.virtual_functions] == ["0000:03:00.1"]
    device.pci.update(vendor_id=None, virtual_functions=None)
    assert device.to_xml() == before
