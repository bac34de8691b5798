"""The devices of a host and who has them, on libvirt's test driver: the machine under the tests has no such devices.

What libvirt finds out on a real host is seen in tests/real/test_host_devices.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

import innkeeper.host
from innkeeper.cli.main import run
from innkeeper.errors import Refused
from innkeeper.host import Host
from innkeeper.libvirtxml.build import element
from innkeeper.schema.device import DeviceView, MdevType
from innkeeper.schema.names import mark
from innkeeper.virt import domains
from tests.testdriver import machine
from tests.testdriver.machine import GPU, MDEV, NIC, SHARED, SOUND, STICK, VF, VF2


@pytest.fixture
def file(tmp_path: Path) -> Path:
    root = element("node", {})
    root.extend(machine.devices())
    machine.add_guest(root, "gamer", machine.hostdev_pci(GPU), usb_by_kind(), scsi_hostdev())
    machine.add_guest(root, "router", vf_interface(), macvtap())
    machine.add_guest(root, "thin", mdev_hostdev(), whole_disk())
    machine.add_guest(root, mark("gone", "deleted", "20261122T101500Z"), machine.hostdev_pci(SOUND))
    path = tmp_path / "node.xml"
    etree.ElementTree(root).write(path)
    return path


@pytest.fixture
def host(file: Path) -> Iterator[Host]:
    with Host(f"test://{file}") as made:
        domains.lookup(made.virt, "router").destroy()
        yield made


def usb_by_kind() -> etree._Element:
    source = element("source", {}, element("vendor", {"id": f"0x{STICK[0]}"}))
    source.append(element("product", {"id": f"0x{STICK[1]}"}))
    return element("hostdev", {"mode": "subsystem", "type": "usb"}, source)


def scsi_hostdev() -> etree._Element:
    source = element("source", {}, element("adapter", {"name": "scsi_host2"}))
    source.append(element("address", {"bus": "0", "target": "0", "unit": "0"}))
    return element("hostdev", {"mode": "subsystem", "type": "scsi"}, source)


def mdev_hostdev() -> etree._Element:
    source = element("source", {}, element("address", {"uuid": MDEV}))
    return element("hostdev", {"mode": "subsystem", "type": "mdev", "model": "vfio-pci"}, source)


def vf_interface() -> etree._Element:
    card = element("interface", {"type": "hostdev", "managed": "yes"})
    card.append(element("source", {}, machine._address(VF)))
    card[0][0].set("type", "pci")
    return card


def macvtap() -> etree._Element:
    return element("interface", {"type": "direct"}, element("source", {"dev": "enp3s0", "mode": "bridge"}))


def whole_disk() -> etree._Element:
    disk = element("disk", {"type": "block", "device": "disk"}, element("source", {"dev": "/dev/sda"}))
    disk.append(element("target", {"dev": "vda", "bus": "virtio"}))
    return disk


def found(host: Host, **fields: object) -> dict[str, DeviceView]:
    views: list[DeviceView] = innkeeper.host.device_list(host, **fields)  # type: ignore[operator]  # the noun's door
    return {view.address: view for view in views}


def test_what_a_guest_can_be_given(host: Host) -> None:
    views = found(host)
    assert list(views) == [SHARED, GPU, SOUND, NIC, VF, VF2, "001:012", MDEV, "2:0:0:0"]
    gpu = views[GPU]
    assert (gpu.kind, gpu.vendor, gpu.vendor_id, gpu.product_id) == (
        "gpu",
        "NVIDIA Corporation",
        "10de",
        "2204",
    )
    assert (gpu.iommu_group, gpu.group_members, gpu.numa_node) == (1, (SOUND,), 0)
    assert views[NIC].iommu_group is None


def test_functions_of_a_card(host: Host) -> None:
    views = found(host, kind=("pci",))
    assert (views[NIC].virtual_functions, views[NIC].virtual_functions_most) == ((VF, VF2), 7)
    assert views[VF].physical_function == views[VF2].physical_function == NIC
    assert views[GPU].virtual_functions_most is None


def test_shares_of_a_card(host: Host) -> None:
    views = found(host, kind=("gpu", "mdev"))
    assert list(views) == [SHARED, GPU, MDEV]
    kind = MdevType(id="i915-GVTg_V5_4", name="GVTg_V5_4", api="vfio-pci", available=1)
    assert (views[SHARED].mdev_types, views[SHARED].mdevs) == ((kind,), (MDEV,))
    share = views[MDEV]
    assert (share.mdev_type, share.iommu_group, share.numa_node, share.active) == (
        "i915-GVTg_V5_4",
        12,
        0,
        True,
    )


def test_a_share_that_is_defined_only(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """libvirt refuses its test driver the question which these are."""
    name = found(host)[MDEV].name
    monkeypatch.setattr("innkeeper.virt.nodedevs._only_defined", lambda _connection: {name})
    assert [view.active for view in found(host, kind=("mdev",)).values()] == [False]
    assert found(host)[GPU].active


def users(view: DeviceView) -> list[tuple[str, bool]]:
    return [(user.guest, user.running) for user in view.users]


def test_who_uses_them(host: Host) -> None:
    """`router` is off; what is in the bin uses nothing."""
    views = found(host, all=True)
    assert users(views[GPU]) == [("gamer", True)]
    assert users(views["001:012"]) == [("gamer", True)]
    assert users(views["2:0:0:0"]) == [("gamer", True)]
    assert users(views[VF]) == [("router", False)]
    assert users(views["enp3s0"]) == [("router", False)]
    assert users(views[MDEV]) == [("thin", True)]
    assert users(views["/dev/sda"]) == [("thin", True)]
    assert users(views[SOUND]) == users(views[VF2]) == []


def test_what_no_guest_can_be_given_is_there_when_asked_for(host: Host) -> None:
    hidden = set(found(host, all=True)) - set(found(host))
    assert hidden == {"0000:00:00.0", "0000:00:01.0", "001:001", "001:002", "enp3s0", "/dev/sda"}
    assert list(found(host, kind=("net", "storage"))) == ["enp3s0", "/dev/sda"]
    assert list(found(host, kind=("usb",))) == ["001:012"]


def test_a_kind_that_is_none_is_refused(host: Host) -> None:
    with pytest.raises(Refused) as caught:
        found(host, kind=("isa",))
    assert caught.value.code == "request.invalid"


@pytest.mark.parametrize("language", ["en_GB.UTF-8", "zh_CN.UTF-8"])
def test_the_table(file: Path, capsys: pytest.CaptureFixture[str], language: str) -> None:
    from innkeeper.messages.lookup import language_of_user

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", language)
        patch.delenv("LANGUAGE", raising=False)
        language_of_user.cache_clear()
        assert run(["-c", f"test://{file}", "host", "device", "list"]) == 0
    language_of_user.cache_clear()
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert {"gamer", "1", SOUND} <= set(lines[GPU].split())
    assert "NVIDIA Corporation GA102" in lines[GPU]
    assert NIC in lines[VF]
    assert "2 of 7" in lines[NIC] or "2/7" in lines[NIC]
    assert "i915-GVTg_V5_4 (GVTg_V5_4)" in lines[SHARED]
