"""Graphics cards that could be given to guests, on a /sys of the test's own: the machine under the tests has none.

The tree has the shape of the kernel's (Documentation/ABI/testing/sysfs-bus-pci, sysfs-kernel-iommu_groups).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.doctor.fake_host import FakeHost

ID = "gpu.passthrough"
CARD, SOUND, BUILT_IN, DISK = "0000:01:00.0", "0000:01:00.1", "0000:00:02.0", "0000:02:00.0"


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    """Nothing but a bridge and a disk; the kernel has vfio-pci."""
    found = FakeHost(tmp_path, monkeypatch)
    found.write("/proc/sys/kernel/osrelease", "6.1.0-18-amd64\n")
    found.write("/lib/modules/6.1.0-18-amd64/modules.dep", "kernel/drivers/vfio/pci/vfio-pci.ko: x.ko\n")
    plug(found, "0000:00:01.0", "0x060400", "0x8086", "0x1901", driver="pcieport", group="1")
    plug(found, DISK, "0x010802", "0x144d", "0xa808", driver="nvme", group="7")
    return found


def plug(fake: FakeHost, address: str, code: str, vendor: str, device: str, **more: str) -> None:
    at = f"/sys/bus/pci/devices/{address}"
    for name, value in {"class": code, "vendor": vendor, "device": device}.items():
        fake.write(f"{at}/{name}", f"{value}\n")
    if "boot" in more:
        fake.write(f"{at}/boot_vga", f"{more['boot']}\n")
    if "driver" in more:
        fake.link(f"{at}/driver", f"../../../bus/pci/drivers/{more['driver']}")
    if more.get("group"):
        fake.link(f"{at}/iommu_group", f"../../../kernel/iommu_groups/{more['group']}")
        fake.write(f"/sys/kernel/iommu_groups/{more['group']}/type", "DMA-FQ\n")


def built_in(fake: FakeHost, group: str = "0") -> None:
    plug(fake, BUILT_IN, "0x030000", "0x8086", "0x3e92", boot="1", driver="i915", group=group)


def card(fake: FakeHost, driver: str = "nouveau", boot: str = "0", group: str = "1") -> None:
    plug(fake, CARD, "0x030000", "0x10de", "0x2204", boot=boot, driver=driver, group=group)
    plug(fake, SOUND, "0x040300", "0x10de", "0x1aef", driver="snd_hda_intel", group=group)


def variants(fake: FakeHost) -> list[tuple[str, str]]:
    return [(str(one.facts.get("address")), one.text.removeprefix(f"{ID}.")) for one in fake.looks(ID)]


def test_no_card(fake: FakeHost) -> None:
    assert fake.variant(ID) == ("ok", "none")
    plug(fake, "0000:00:05.0", "0x038000", "0x1af4", "0x1050", boot="1")
    assert fake.variant(ID) == ("ok", "none"), "what is itself a virtual card is none to give away"


def test_the_only_screen_is_not_advised_to_be_given_away(fake: FakeHost) -> None:
    built_in(fake)
    assert fake.variant(ID) == ("ok", "only_screen")


def test_ready(fake: FakeHost) -> None:
    """Its sound function and the bridge above it in its group are no obstacle: they belong to it."""
    built_in(fake)
    card(fake, driver="vfio-pci")
    assert (CARD, "ready") in variants(fake)


def test_bound_to_the_hosts_driver(fake: FakeHost) -> None:
    built_in(fake)
    card(fake)
    found = [one for one in fake.looks(ID) if one.facts["address"] == CARD]
    assert [(one.status, one.text) for one in found] == [("advice", f"{ID}.bound")]
    assert found[0].facts["driver"] == "nouveau"
    assert "ids=10de:1aef,10de:2204 " in (found[0].remedy or "").replace("'", " ")


def test_the_iommu_is_off(fake: FakeHost) -> None:
    for group in (fake.root / "sys/kernel/iommu_groups").iterdir():
        (group / "type").unlink()
        group.rmdir()
    built_in(fake, group="")
    card(fake, group="")
    assert {(CARD, "no_iommu"), (CARD, "bound")} <= set(variants(fake))


def test_a_stranger_is_in_its_group(fake: FakeHost) -> None:
    built_in(fake)
    card(fake, driver="vfio-pci", group="7")
    (found,) = [one for one in fake.looks(ID) if one.facts["address"] == CARD]
    assert (found.text, found.facts["others"], found.facts["group"]) == (f"{ID}.shared_group", DISK, "7")


def test_it_is_the_screen_that_the_host_began_with(fake: FakeHost) -> None:
    plug(fake, BUILT_IN, "0x030000", "0x8086", "0x3e92", boot="0", driver="vfio-pci", group="0")
    card(fake, driver="vfio-pci", boot="1")
    assert variants(fake) == [(BUILT_IN, "ready"), (CARD, "screen")]
    assert {one.status for one in fake.looks(ID)} == {"ok"}


def test_two_cards_are_kept_from_their_drivers_together(fake: FakeHost) -> None:
    """The module's list of ids is one: a second line would replace the first."""
    built_in(fake)
    card(fake)
    plug(fake, "0000:05:00.0", "0x030200", "0x10de", "0x20b0", boot="0", driver="nvidia", group="9")
    remedies = {one.remedy for one in fake.looks(ID) if one.text == f"{ID}.bound"}
    assert remedies == {
        "echo 'options vfio-pci ids=10de:1aef,10de:20b0,10de:2204' > /etc/modprobe.d/vfio.conf"
    }


def test_the_kernel_cannot_give_devices_away(fake: FakeHost) -> None:
    (fake.root / "lib/modules/6.1.0-18-amd64/modules.dep").write_text("kernel/fs/fat/fat.ko:\n")
    built_in(fake)
    card(fake)
    assert (CARD, "no_vfio") in variants(fake)
    fake.write("/sys/bus/pci/drivers/vfio-pci/bind")
    assert (CARD, "bound") in variants(fake)
