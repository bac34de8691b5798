"""Choices of a new guest's hardware: from what the host offers, and by its profile."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from innkeeper.errors import Invalid, Unsupported
from innkeeper.guest.making import hardware
from innkeeper.guest.making.profiles import PROFILES
from innkeeper.libvirtxml import DomainCapabilities
from innkeeper.schema.base import build
from innkeeper.schema.guest import GuestCreate
from innkeeper.schema.sizes import MIB
from tests.golden.guest.test_documents import manifest

OFFERED = """<domainCapabilities><machine>MACHINE</machine><arch>ARCH</arch>
<os supported="yes"><enum name="firmware"><value>efi</value></enum>
<loader supported="yes"><enum name="secure"><value>SECURE</value></enum></loader></os>
<devices><disk supported="yes"><enum name="bus">BUSES</enum></disk>
<tpm supported="yes"><enum name="model"><value>tpm-tis</value><value>tpm-crb</value></enum>
<enum name="backendModel"><value>TPM</value></enum></tpm></devices>
<features>HYPERV</features></domainCapabilities>"""


def offered(**changes: str) -> DomainCapabilities:
    words = {
        "MACHINE": "pc-q35-7.2",
        "ARCH": "x86_64",
        "SECURE": "yes",
        "BUSES": "scsi virtio usb sata",
        "TPM": "emulator",
        "HYPERV": "",
        **changes,
    }
    words["BUSES"] = "".join(f"<value>{bus}</value>" for bus in words["BUSES"].split())
    text = OFFERED
    for key, value in words.items():
        text = text.replace(key, value)
    return DomainCapabilities.from_xml(text)


def ask(**fields: Any) -> GuestCreate:
    return build(GuestCreate, {"name": "web", "pxe": True, **fields})


@pytest.mark.parametrize(
    ("profile", "buses", "bus"),
    [
        ("linux", "scsi virtio usb sata", "virtio"),
        ("linux", "sata usb", "sata"),
        ("windows", "scsi virtio usb sata", "sata"),
        ("windows", "ide virtio", "ide"),
        ("legacy", "ide scsi virtio sata", "ide"),
        ("legacy", "scsi virtio sata", "sata"),
    ],
)
def test_the_first_bus_that_is_offered(profile: str, buses: str, bus: str) -> None:
    assert hardware._bus(ask(), None, PROFILES[profile], offered(BUSES=buses)) == bus


def test_a_bus_that_is_not_offered_is_refused_with_those_that_are() -> None:
    linux = PROFILES["linux"]
    assert hardware._bus(ask(bus="usb"), None, linux, offered()) == "usb"
    with pytest.raises(Invalid) as caught:
        hardware._bus(ask(bus="ide"), None, linux, offered())
    assert caught.value.facts["choices"] == "virtio, scsi, sata, usb"


def test_an_image_knows_its_buses() -> None:
    image, linux = manifest(disk_buses=("sata", "virtio")), PROFILES["linux"]
    assert hardware._bus(ask(), image, linux, offered()) == "sata"
    with pytest.raises(Invalid) as caught:
        hardware._bus(ask(bus="scsi"), image, linux, offered())
    assert caught.value.facts["choices"] == "sata, virtio"


@pytest.mark.parametrize(
    ("profile", "arch", "secure", "firmware"),
    [
        ("linux", "x86_64", "yes", "bios"),
        ("legacy", "x86_64", "yes", "bios"),
        ("windows", "x86_64", "yes", "uefi-secure"),
        ("windows", "x86_64", "no", "uefi"),
        ("linux", "aarch64", "no", "uefi"),
    ],
)
def test_firmware(profile: str, arch: str, secure: str, firmware: str) -> None:
    found = offered(ARCH=arch, SECURE=secure)
    assert hardware._firmware(ask(), None, PROFILES[profile], found) == firmware
    if secure == "no":
        with pytest.raises(Invalid):
            hardware._firmware(ask(firmware="uefi-secure"), None, PROFILES[profile], found)


def test_windows_without_uefi_still_boots() -> None:
    none = DomainCapabilities.from_xml("<domainCapabilities><arch>x86_64</arch></domainCapabilities>")
    assert hardware._firmware(ask(), None, PROFILES["windows"], none) == "bios"
    assert hardware._tpm(ask(), PROFILES["windows"], none) is None


@pytest.mark.parametrize(
    ("profile", "asked", "backend", "model"),
    [
        ("linux", None, "emulator", None),
        ("linux", True, "emulator", "tpm-crb"),
        ("windows", None, "emulator", "tpm-crb"),
        ("windows", False, "emulator", None),
        ("windows", None, "passthrough", None),
    ],
)
def test_tpm(profile: str, asked: bool | None, backend: str, model: str | None) -> None:
    assert hardware._tpm(ask(tpm=asked), PROFILES[profile], offered(TPM=backend)) == model


def test_a_tpm_that_nobody_emulates_is_refused() -> None:
    with pytest.raises(Unsupported) as caught:
        hardware._tpm(ask(tpm=True), PROFILES["linux"], offered(TPM="passthrough"))
    assert "swtpm" in caught.value.remedy("en")


def test_hyper_v_is_what_the_host_s_kvm_can_do() -> None:
    features = "".join(f"<value>{name}</value>" for name in ("spinlocks", "vendor_id", "relaxed", "evmcs"))
    told = f"<hyperv supported='yes'><enum name='features'>{features}</enum></hyperv>"
    assert hardware._hyperv("kvm", offered(HYPERV=told)) == ("relaxed", "spinlocks")
    assert hardware._hyperv("kvm", offered()) == ("relaxed", "vapic", "spinlocks")
    assert hardware._hyperv("qemu", offered(HYPERV=told)) == ()


def test_windows_gets_virtio_when_its_installer_gets_the_drivers() -> None:
    _, plain = hardware.profile_of(ask(profile="windows"), None)
    _, helped = hardware.profile_of(ask(profile="windows", drivers="default/virtio-win.iso"), None)
    assert (plain.buses[0], plain.card) == ("sata", "e1000e")
    assert (helped.buses[0], helped.card) == ("virtio", "virtio")
    assert hardware._bus(ask(), None, helped, offered()) == "virtio"


def test_an_image_s_profile_holds_unless_another_is_said() -> None:
    assert hardware.profile_of(ask(), manifest(profile="tiny"))[0] == "tiny"
    assert hardware.profile_of(ask(profile="legacy"), manifest(profile="tiny"))[0] == "legacy"
    assert hardware.profile_of(ask(), None) == ("linux", PROFILES["linux"])


def test_boards() -> None:
    assert PROFILES["legacy"].board("x86_64") == "pc"
    assert PROFILES["legacy"].board("aarch64") == "virt"
    assert PROFILES["linux"].board("s390x") is None


@pytest.mark.parametrize(
    ("asked", "usual", "firmware", "memory"),
    [
        (None, 128, "bios", 128),
        (96, 128, "bios", 96),
        (None, 128, "uefi", 160),
        (None, 1024, "uefi-secure", 1024),
        (160, 128, "uefi", 160),
        (159, 128, "uefi", None),
        (95, 128, "bios", None),
    ],
)
def test_uefi_takes_memory_beside_the_system(
    asked: int | None, usual: int, firmware: str, memory: int | None
) -> None:
    """Of an image that needs 96 MiB."""
    host: Any = SimpleNamespace(virt=SimpleNamespace(node=lambda: (2, 1 << 34)))
    image = manifest(min_memory=96 * MIB, default_memory=usual * MIB)
    request = ask(memory=asked and asked * MIB)
    if memory is None:
        with pytest.raises(Invalid) as caught:
            hardware._memory(host, request, image, PROFILES["linux"], firmware)
        assert caught.value.code == "guest.memory_small"
    else:
        assert hardware._memory(host, request, image, PROFILES["linux"], firmware) == memory * MIB
