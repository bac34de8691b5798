"""What processors and their firmware offer, on a /proc and /sys of the test's own: no machine has all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from innkeeper import messages
from tests.unit.doctor.fake_host import FakeHost

ID, IOMMU = "processor.virtualization", "processor.iommu"


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    return FakeHost(tmp_path, monkeypatch)


def cpu(fake: FakeHost, vendor: str, *flags: str) -> None:
    fake.write(
        "/proc/cpuinfo", f"processor\t: 0\nvendor_id\t: {vendor}\nflags\t\t: fpu {' '.join(flags)} sse\n\n"
    )


@pytest.mark.parametrize(
    ("vendor", "flag", "name"),
    [
        ("GenuineIntel", "vmx", "Intel VT-x"),
        ("AuthenticAMD", "svm", "AMD-V"),
        ("HygonGenuine", "svm", "AMD-V"),
    ],
)
def test_offered(fake: FakeHost, vendor: str, flag: str, name: str) -> None:
    cpu(fake, vendor, flag)
    found = fake.finds(ID)
    assert (found.status, found.text) == ("ok", f"{ID}.on")
    assert found.facts == {"name": name, "flag": flag}


def test_a_flag_is_a_whole_word(fake: FakeHost) -> None:
    cpu(fake, "GenuineIntel", "vmx_other", "svm")
    assert fake.variant(ID) == ("problem", "switched_off")


@pytest.mark.parametrize(
    ("maker", "vendor", "switch"),
    [
        ("Dell Inc.", "GenuineIntel", "Virtualization Technology"),
        ("HP", "AuthenticAMD", "SVM CPU Virtualization"),
        ("HPE", "AuthenticAMD", "AMD Virtualization Technology"),
        ("LENOVO", "GenuineIntel", "Intel Virtualization Technology"),
        ("ASUSTeK COMPUTER INC.", "GenuineIntel", "Intel (VMX) Virtualization Technology"),
        ("Micro-Star International Co., Ltd.", "AuthenticAMD", "SVM Mode"),
        ("Nobody knows", "GenuineIntel", "Intel Virtualization Technology (VT-x)"),
        ("Nobody knows", "AuthenticAMD", "SVM Mode"),
    ],
)
def test_the_switch_is_named_as_its_maker_does(fake: FakeHost, maker: str, vendor: str, switch: str) -> None:
    cpu(fake, vendor)
    fake.write("/sys/class/dmi/id/sys_vendor", f"{maker}\n")
    found = fake.finds(ID)
    assert (found.status, found.text) == ("problem", f"{ID}.switched_off")
    for language in messages.LANGUAGES:
        remedy = messages.text(f"{found.text}.remedy", language, **found.facts)
        assert switch in remedy
        assert str(found.facts["menu"]) in remedy


@pytest.mark.parametrize(
    ("maker", "variant"),
    [
        ("QEMU", "kvm"),
        ("VMware, Inc.", "vmware"),
        ("innotek GmbH", "virtualbox"),
        ("Microsoft Corporation", "hyperv"),
        ("Xen", "xen"),
        ("Amazon EC2", "cloud"),
        ("Nobody knows", "other"),
    ],
)
def test_a_guest_is_told_what_to_do_below(fake: FakeHost, maker: str, variant: str) -> None:
    cpu(fake, "AuthenticAMD", "hypervisor")
    fake.write("/sys/class/dmi/id/sys_vendor", f"{maker}\n")
    found = fake.finds(ID)
    assert (found.status, found.text) == ("problem", f"{ID}.guest_of_{variant}")
    assert messages.has(f"{found.text}.remedy")


def group(fake: FakeHost, number: int, *devices: str) -> None:
    for device in devices:
        fake.write(f"/sys/kernel/iommu_groups/{number}/devices/{device}")


def test_iommu_in_use(fake: FakeHost) -> None:
    cpu(fake, "GenuineIntel", "vmx")
    group(fake, 0, "0000:00:00.0")
    group(fake, 1, "0000:01:00.0", "0000:01:00.1")
    found = fake.finds(IOMMU)
    assert (found.status, found.facts) == ("ok", {"groups": 2, "devices": 3, "shared": 1})


@pytest.mark.parametrize(("vendor", "flag"), [("GenuineIntel", "vmx"), ("AuthenticAMD", "svm")])
def test_iommu_not_used_by_the_kernel(fake: FakeHost, vendor: str, flag: str) -> None:
    cpu(fake, vendor, flag)
    fake.write("/sys/firmware/acpi/tables/DMAR")
    found = fake.finds(IOMMU)
    assert (found.status, found.text, found.remedy) == ("advice", f"{IOMMU}.not_used", None)
    fake.write("/etc/default/grub", 'GRUB_CMDLINE_LINUX="quiet"\n')
    fake.write("/usr/sbin/update-grub")
    remedy = fake.finds(IOMMU).remedy or ""
    assert "iommu=pt" in remedy
    assert ("intel_iommu=on" in remedy) == (flag == "vmx")
    assert remedy.endswith("update-grub")


def test_the_remedy_for_the_iommu_edits_that_line(fake: FakeHost) -> None:
    cpu(fake, "GenuineIntel", "vmx")
    fake.write("/sys/firmware/acpi/tables/DMAR")
    fake.write("/etc/default/grub", 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="quiet"\n')
    edit = (fake.finds(IOMMU).remedy or "").partition(" && ")[0].replace("/etc/", f"{fake.root}/etc/")
    assert fake.host.machine is not None
    fake.host.machine.run(["sh", "-ec", edit])
    assert (
        fake.read("/etc/default/grub") == 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="intel_iommu=on iommu=pt quiet"'
    )


def test_iommu_switched_off(fake: FakeHost) -> None:
    cpu(fake, "AuthenticAMD", "svm")
    found = fake.finds(IOMMU)
    assert (found.status, found.text) == ("advice", f"{IOMMU}.switched_off")
    assert found.facts["switch"] == "IOMMU (AMD-Vi)"
    cpu(fake, "AuthenticAMD", "svm", "hypervisor")
    assert fake.variant(IOMMU) == ("advice", "none_in_guest")
