"""Last changes to a document: what they set, make, remove and refuse."""

from __future__ import annotations

import pytest

from innkeeper.errors import Invalid
from innkeeper.guest.making import xml_edits
from innkeeper.libvirtxml import Domain

TEXT = """<domain type="kvm">
  <name>web</name>
  <uuid>1a2b3c4d-0000-4000-8000-000000000001</uuid>
  <metadata><innkeeper:guest xmlns:innkeeper="urn:innkeeper:guest:1" version="1"/></metadata>
  <memory unit="KiB">1024</memory>
  <cpu mode="maximum"/>
  <devices>
    <disk type="file" device="disk"><target dev="vda" bus="virtio"/></disk>
    <disk type="file" device="cdrom"><target dev="sda" bus="sata"/></disk>
    <rng model="virtio"/>
  </devices>
</domain>
"""


def changed(*edits: str) -> Domain:
    document = Domain.from_xml(TEXT)
    xml_edits.apply(document, edits)
    return document


def test_nothing_said_nothing_changed() -> None:
    assert changed().to_xml() == TEXT


@pytest.mark.parametrize(
    ("edit", "xpath"),
    [
        ("./cpu/@mode=host-model", "cpu[@mode='host-model']"),
        ("cpu/@mode=host-model", "cpu[@mode='host-model']"),
        ("/domain/cpu/@mode=host-model", "cpu[@mode='host-model']"),
        ("./@type=qemu", "self::domain[@type='qemu']"),
        ("./title=a=b & <c>", "title[.='a=b & <c>']"),
        ("./memory=2048", "memory[.='2048'][@unit='KiB']"),
        ("./features/vmcoreinfo", "features/vmcoreinfo[not(@*)]"),
        ("./features/hyperv/relaxed/@state=on", "features/hyperv/relaxed[@state='on']"),
        ("./devices/disk[@device='cdrom']/target/@dev=sdb", "devices/disk[2]/target[@dev='sdb']"),
        ("./devices/disk[target/@bus='virtio']/serial=S=1", "devices/disk[1]/serial[.='S=1']"),
        ("//disk[2]/readonly", "devices/disk[2]/readonly"),
        ("./cpu/feature[@name='vmx']/@policy=disable", "cpu/feature[@name='vmx'][@policy='disable']"),
        ("./devices/rng=", "devices[not(rng)]"),
        ("./devices/disk=", "devices[not(disk)]"),
        ("./cpu/@mode=", "cpu[not(@mode)]"),
        (
            "./qemu:commandline/qemu:arg/@value=-s",
            "*[local-name()='commandline']/*[local-name()='arg'][@value='-s']",
        ),
    ],
)
def test_what_is_said_is_so(edit: str, xpath: str) -> None:
    assert changed(edit).node.xpath(xpath), changed(edit).to_xml()


def test_a_change_finds_what_the_one_before_made() -> None:
    document = changed("./devices/tpm/@model=tpm-crb", "./devices/tpm/backend/@type=emulator")
    assert len(document.devices.tpms) == 1
    assert document.devices.tpms[0].backend_type == "emulator"


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        ("", "guest.xml_path"),
        ("=", "guest.xml_path"),
        ("=x", "guest.xml_path"),
        (".", "guest.xml_path"),
        (".=x", "guest.xml_path"),
        ("@type", "guest.xml_path"),
        ("./devices/disk[", "guest.xml_path"),
        ("count(//disk)=1", "guest.xml_path"),
        ("./name/text()=x", "guest.xml_path"),
        ("./nonsense:tag=x", "guest.xml_path"),
        ("./comment()=x", "guest.xml_nothing"),
        ("./devices/disk/target/@dev=sda", "guest.xml_several"),
        ("./devices/disk/serial=S", "guest.xml_several"),
        ("./devices/tpm=", "guest.xml_nothing"),
        ("./cpu/@check=", "guest.xml_nothing"),
        (".=", "guest.xml_nothing"),
        ("./devices/disk[9]/serial=S", "guest.xml_nothing"),
        ("./a//b=x", "guest.xml_path"),
        ("./title=\x00", "guest.xml_value"),
        ("./title/@a=\x1b", "guest.xml_value"),
        ("./name=other", "guest.xml_ours"),
        ("./uuid=", "guest.xml_ours"),
        ("./uuid=1a2b3c4d-0000-4000-8000-000000000002", "guest.xml_ours"),
        ("./metadata=", "guest.xml_ours"),
        ("//*[@version]/@version=2", "guest.xml_ours"),
        ("/domain/name/@x=1", "guest.xml_ours"),
    ],
)
def test_refused(edit: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        changed(edit)
    assert caught.value.code == code
    assert caught.value.text("zh")
