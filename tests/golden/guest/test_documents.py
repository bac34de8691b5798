"""The document of a new guest, choice by choice.

`INNKEEPER_REGENERATE=1` writes the golden files anew; read the difference before you commit it.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from innkeeper.guest.making.creation import facts
from innkeeper.guest.making.disks import Source
from innkeeper.guest.making.document import build
from innkeeper.guest.making.draft import Draft
from innkeeper.guest.making.hardware import Machine
from innkeeper.guest.making.location import Location, Piece
from innkeeper.guest.making.media import Medium
from innkeeper.guest.metadata import Facts, read
from innkeeper.install.cloud_init import Answers
from innkeeper.libvirtxml import Domain
from innkeeper.schema.image import ImageFile, ImageManifest

FOLDER = Path(__file__).parent
SCHEMA = Path("/usr/share/libvirt/schemas/domain.rng")
UUID = "1a2b3c4d-0000-4000-8000-000000000001"
MACS = ("52:54:00:00:00:01", "52:54:00:00:00:02")
LOG = "/var/log/libvirt/qemu/web1-1a2b3c4d.serial.log"
ODD = "a&b <c> \"d\" 'e' 虚拟机 \U0001f600"

MACHINE = Machine(
    arch="x86_64",
    kind="qemu",
    machine="pc-q35-7.2",
    firmware="bios",
    cpu_mode="maximum",
    emulator="/usr/bin/qemu-system-x86_64",
    video="virtio",
    rng=True,
    bus="virtio",
    seed_bus="virtio",
    cpus=2,
    memory=1024**3,
    networks=("default",),
    accel_reason="kvm.missing",
    accel_facts={"path": "/dev/kvm"},
)
IMAGE = ImageManifest(
    version=1,
    name="debian-12",
    arch="x86_64",
    disk="debian-12.qcow2",
    disk_format="qcow2",
    virtual_size=4 * 1024**3,
    files={"debian-12.qcow2": ImageFile(size=1, sha256="0" * 64)},
    built=1795342500.0,
    source="debian-12",
    user="debian",
    cloud_init=True,
    boot_pattern=r"systemd\[1\]: .* <Debian>",
)
DIRECT = {
    "kernel": "tiny.kernel",
    "initrd": "tiny.initrd",
    "cmdline": 'console=ttyS0 quiet="a&b"',
    "cloud_init": False,
    "user": None,
    "profile": "tiny",
}
IMAGES = "/var/lib/libvirt/innkeeper-images"
DRAFT = Draft(
    name="web1",
    uuid=UUID,
    macs=MACS[:1],
    machine=MACHINE,
    source=Source("qcow2", 4 * 1024**3, backing=(f"{IMAGES}/debian-12.qcow2", "qcow2")),
    pool="default",
    pool_path="/var/lib/libvirt/images",
    images_path=IMAGES,
    nvram_directory=None,
    manifest=IMAGE,
    answers=Answers(instance=UUID, hostname="web1", user="debian"),
    ip=None,
    profile="linux",
)


def manifest(**changes: Any) -> ImageManifest:
    import msgspec

    return msgspec.structs.replace(IMAGE, **changes)


def machine(**changes: Any) -> dict[str, Any]:
    return {"machine": replace(MACHINE, **changes)}


def disk_only(**changes: Any) -> dict[str, Any]:
    """A guest from a disk that was there: no image, no cloud-init."""
    return {
        "manifest": None,
        "answers": None,
        "source": Source("raw", 1024**3, path="/srv/old.img"),
        **changes,
    }


def installed(**changes: Any) -> dict[str, Any]:
    """A guest on a new disk with nothing on it, installed from somewhere."""
    return {"manifest": None, "answers": None, "source": Source("qcow2", 20 * 1024**3), **changes}


CD = Medium("cd", "/srv/install.iso")
UPLOADED = Medium("cd", None, "/home/me/install.iso", 700 * 1024**2)
DRIVERS = Medium("drivers", "/home/me/virtio-win.iso", foreign=True)
KERNEL = Piece("kernel", "http://mirror/linux", 8 * 1024**2)
INITRD = Piece("initrd", "/srv/initrd.gz", 30 * 1024**2)
PLACE = Location(KERNEL, INITRD, 'auto=true url="http://a/?b&c"')
WINDOWS = {
    "bus": "sata",
    "firmware": "uefi-secure",
    "card": "e1000e",
    "video": "vga",
    "clock": "localtime",
    "tpm": "tpm-crb",
    "memory": 4 * 1024**3,
}
HYPERV = ("relaxed", "vapic", "spinlocks", "vpindex", "runtime", "synic", "stimer", "frequencies")
LEGACY = {
    "machine": "pc-i440fx-7.2",
    "bus": "ide",
    "cd_bus": "ide",
    "card": "rtl8139",
    "video": "cirrus",
    "paravirtual": False,
    "rng": False,
    "cpu_mode": None,
    "cpus": 1,
    "memory": 512 * 1024**2,
}
NVRAM = {"nvram_directory": "/var/lib/libvirt/qemu/nvram"}
VIRT = {
    "arch": "aarch64",
    "machine": "virt-7.2",
    "firmware": "uefi",
    "emulator": "/usr/bin/qemu-system-aarch64",
}
CASES: dict[str, dict[str, Any]] = {
    "image-bios": {},
    "image-uefi": {**machine(firmware="uefi"), **NVRAM},
    "image-uefi-secure": {
        **machine(firmware="uefi-secure", kind="kvm", cpu_mode="host-passthrough"),
        **NVRAM,
    },
    "image-address": {"ip": "192.168.122.50"},
    "direct-kernel": {"manifest": manifest(**DIRECT), "answers": None, "profile": "tiny"},
    "disk": disk_only(),
    "bus-scsi": machine(bus="scsi", seed_bus="scsi"),
    "bus-sata": machine(bus="sata", seed_bus="sata"),
    "bus-sata-seed-scsi": machine(bus="sata", seed_bus="scsi"),
    "bus-virtio-seed-scsi": machine(bus="virtio", seed_bus="scsi"),
    "network-user": machine(networks=("user",)),
    "network-none": {**machine(networks=()), "macs": ()},
    "network-two": {**machine(networks=("default", ODD)), "macs": MACS},
    "aarch64": {**machine(**VIRT), **NVRAM},
    "bare": disk_only(**machine(video=None, rng=False, cpu_mode=None, networks=("user",))),
    "iso": installed(media=(CD,)),
    "iso-uploaded": installed(media=(UPLOADED,)),
    "iso-existing-disk": disk_only(media=(CD,)),
    "iso-diskless": installed(source=None, media=(CD,)),
    "iso-usb": {**installed(media=(CD,)), **machine(bus="usb", cd_bus="usb")},
    "location": installed(location=PLACE),
    "location-first": installed(location=PLACE),
    "location-diskless": installed(source=None, location=PLACE),
    "pxe": installed(pxe=True),
    "pxe-diskless": installed(source=None, pxe=True),
    "tpm": machine(tpm="tpm-tis"),
    "no-acpi": machine(acpi=False),
    "windows": {**installed(media=(CD,), profile="windows"), **machine(**WINDOWS), **NVRAM},
    "windows-kvm-drivers": {
        **installed(media=(CD, DRIVERS), profile="windows"),
        **machine(
            **{**WINDOWS, "bus": "virtio", "card": "virtio"},
            kind="kvm",
            cpu_mode="host-passthrough",
            hyperv=HYPERV,
        ),
        **NVRAM,
    },
    "legacy": {**installed(media=(CD,), profile="legacy"), **machine(**LEGACY)},
    "legacy-no-acpi": {**installed(media=(CD,), profile="legacy"), **machine(**LEGACY, acpi=False)},
    "xml": {
        "xml": (
            "./title=Web & more",
            "./cpu/@mode=host-model",
            "./devices/rng=",
            "./features/vmcoreinfo/@state=on",
            "./devices/interface/mtu/@size=9000",
            "./devices/disk[@device='disk'][1]/serial=S1",
            "./features/pae",
        )
    },
    "odd-names": {
        "name": ODD,
        "pool": ODD,
        "pool_path": f"/srv/{ODD}",
        "manifest": manifest(name=ODD, boot_pattern=f"^{ODD}$"),
        **machine(accel_facts={"reason": ODD}),
    },
}


def draft_of(case: str) -> Draft:
    return replace(DRAFT, **CASES[case])


def facts_of(case: str) -> Facts:
    return replace(facts(draft_of(case), "0123456789ab"), created="1795342500")


def document(case: str) -> Domain:
    draft = draft_of(case)
    return build(draft, draft.name, LOG, facts_of(case), first_boot=case.endswith("-first"))


@cache
def schema() -> etree.RelaxNG:
    return etree.RelaxNG(file=str(SCHEMA))


@pytest.mark.parametrize("case", CASES)
def test_golden(case: str) -> None:
    path, made = FOLDER / f"{case}.xml", document(case).to_xml()
    if os.environ.get("INNKEEPER_REGENERATE"):
        path.write_text(made, encoding="utf-8")
    assert made == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.xml")) == sorted(CASES)


@pytest.mark.skipif(not SCHEMA.exists(), reason="needs libvirt's schemas (libvirt-clients or libvirt-common)")
@pytest.mark.parametrize("case", CASES)
def test_libvirt_s_schema_takes_it(case: str) -> None:
    tree = etree.parse(FOLDER / f"{case}.xml")
    assert schema().validate(tree), schema().error_log


@pytest.mark.skipif(not SCHEMA.exists(), reason="needs libvirt's schemas (libvirt-clients or libvirt-common)")
def test_the_schema_is_not_blind() -> None:
    tree = etree.parse(FOLDER / "image-bios.xml")
    tree.getroot().append(etree.Element("nonsense"))
    assert not schema().validate(tree)


@pytest.mark.parametrize("case", CASES)
def test_what_we_kept_with_it_is_read_back(case: str) -> None:
    text = (FOLDER / f"{case}.xml").read_text(encoding="utf-8")
    assert read(Domain.from_xml(text)) == facts_of(case)
    assert Domain.from_xml(text).name == draft_of(case).name


@pytest.mark.parametrize("case", CASES)
def test_no_two_disks_share_a_name(case: str) -> None:
    disks = list(Domain.from_xml((FOLDER / f"{case}.xml").read_text(encoding="utf-8")).devices.disks)
    names = [disk.target_dev for disk in disks]
    draft = draft_of(case)
    assert len(set(names)) == len(names) == bool(draft.source) + bool(draft.answers) + len(draft.media)
    assert all(disk.driver_type in ("raw", "qcow2") for disk in disks), "every disk states its format"
