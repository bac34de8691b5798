"""Whole documents built from nothing: equal to the golden ones, and accepted by libvirt's own schema.

INNKEEPER_REGENERATE=1 writes the golden files anew; look at the difference before committing it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from innkeeper.libvirtxml import Domain, Network, Pool, Volume
from innkeeper.libvirtxml.build import element
from innkeeper.libvirtxml.devices import (
    Channel,
    Console,
    Controller,
    Disk,
    Graphics,
    Input,
    Interface,
    Listen,
    Memballoon,
    PortForward,
    PortRange,
    Rng,
    Serial,
    Tpm,
    Video,
)
from innkeeper.libvirtxml.domain_clock import Timer
from innkeeper.libvirtxml.element import Document
from innkeeper.libvirtxml.network import DhcpHost, DhcpRange, NetworkIp
from tests.unit.libvirtxml import built

GOLDEN = Path(__file__).parents[2] / "golden" / "libvirtxml"
SCHEMAS = Path("/usr/share/libvirt/schemas")
UUID = "c7a5fdbd-edaf-9455-926a-d65c16db1809"
GIB = 1024**3


def base(name: str) -> Domain:
    guest = Domain.new(type="kvm", name=name, uuid=UUID, title="front <door> & more", memory=2 * GIB, vcpus=2)
    guest.metadata.set(
        element("innkeeper:guest", {"image": "debian-12"}, element("innkeeper:user", {}, "debian"))
    )
    guest.os.update(type="hvm", arch="x86_64", machine="q35")
    guest.features.update(acpi=True, apic=True)
    guest.cpu.update(mode="host-passthrough", check="none", migratable=True)
    guest.clock.offset = "utc"
    guest.clock.timers.add(Timer.new(name="rtc", tick_policy="catchup"))
    guest.update(on_poweroff="destroy", on_reboot="restart", on_crash="destroy")
    guest.update(suspend_to_mem=False, suspend_to_disk=False)
    return guest


def plug_usual(guest: Domain) -> None:
    disk = Disk.new(type="file", device="disk", driver_name="qemu", driver_type="qcow2", discard="unmap")
    disk.update(target_dev="vda", target_bus="virtio", boot_order=1)
    disk.source.file = "/var/lib/libvirt/images/web1.qcow2"
    seed = Disk.new(type="volume", device="disk", driver_name="qemu", driver_type="raw", readonly=True)
    seed.update(target_dev="vdb", target_bus="virtio")
    seed.source.update(pool="default", volume="web1-seed.img")
    serial = Serial.new(type="pty", log_file="/var/log/libvirt/qemu/web1-serial.log", log_append=True)
    serial.update(target_type="isa-serial", target_port=0)
    agent = Channel.new(type="unix", target_type="virtio", target_name="org.qemu.guest_agent.0")
    screen = Graphics.new(type="vnc", port=-1, autoport=True, listen="127.0.0.1")
    screen.listens.add(Listen.new(type="address", address="127.0.0.1"))
    guest.devices.emulator = "/usr/bin/qemu-system-x86_64"
    for device in (
        disk,
        seed,
        Controller.new(type="usb", model="qemu-xhci"),
        serial,
        Console.new(type="pty", target_type="serial", target_port=0),
        agent,
        Input.new(type="tablet", bus="usb"),
        screen,
        Video.new(model="virtio", heads=1, primary=True),
        Memballoon.new(model="virtio", stats_period=5, free_page_reporting=True),
        Rng.new(model="virtio", backend_model="random", backend_path="/dev/urandom"),
    ):
        guest.devices.add(device)


def bridged_guest() -> Domain:
    guest = base("web1")
    plug_usual(guest)
    guest.devices.add(
        Interface.new(type="network", mac="52:54:00:00:00:01", network="default", model="virtio")
    )
    return guest


def uefi_guest() -> Domain:
    guest = base("secure")
    plug_usual(guest)
    guest.os.update(firmware="efi", loader_secure=True)
    guest.features.smm = True
    guest.devices.add(Tpm.new(model="tpm-crb", backend_type="emulator", backend_version="2.0"))
    return guest


def direct_guest() -> Domain:
    guest = base("tiny")
    guest.update(type="qemu", vcpu_placement="static", current_memory=GIB)
    guest.os.update(kernel="/i/tiny.kernel", initrd="/i/tiny.initrd", cmdline='console=ttyS0 a="<b>" & c')
    guest.cpu.update(mode="maximum", check=None, migratable=None)
    forward = PortForward.new(proto="tcp", address="127.0.0.1")
    forward.ranges.add(PortRange.new(start=2222, to=22))
    nic = Interface.new(type="user", backend_type="passt", model="virtio")
    nic.port_forwards.add(forward)
    guest.devices.add(nic)
    return guest


def nat_network() -> Network:
    network = Network.new(name="default", uuid=UUID, forward_mode="nat", bridge="virbr0", bridge_stp=True)
    network.update(bridge_delay=0, mac="52:54:00:00:00:fe", nat_port_start=1024, nat_port_end=65535)
    ip = network.ips.add(NetworkIp.new(address="192.168.122.1", netmask="255.255.255.0"))
    ip.ranges.add(DhcpRange.new(start="192.168.122.2", end="192.168.122.254"))
    ip.hosts.add(DhcpHost.new(mac="52:54:00:00:00:01", name="web1", ip="192.168.122.50"))
    return network


def dir_pool() -> Pool:
    pool = Pool.new(type="dir", name="default", uuid=UUID, target_path="/var/lib/libvirt/images & more")
    pool.permissions.update(mode=0o711, owner=0, group=0)
    return pool


def overlay_volume() -> Volume:
    volume = Volume.new(name="web1.qcow2", capacity=10 * GIB, allocation=0, format="qcow2", compat="1.1")
    volume.permissions.mode = 0o600
    volume.update(backing_path="/var/lib/libvirt/innkeeper-images/debian-12.qcow2", backing_format="qcow2")
    volume.update(cluster_size=65536, lazy_refcounts=True)
    return volume


DOCUMENTS: dict[str, tuple[Callable[[], Document], str]] = {
    "guest-bridged": (bridged_guest, "domain"),
    "guest-uefi": (uefi_guest, "domain"),
    "guest-direct": (direct_guest, "domain"),
    "network-nat": (nat_network, "network"),
    "pool-dir": (dir_pool, "storagepool"),
    "volume-overlay": (overlay_volume, "storagevol"),
    **built.DOCUMENTS,
}


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_it_is_built_as_before(name: str) -> None:
    text = DOCUMENTS[name][0]().to_xml()
    path = GOLDEN / f"{name}.xml"
    if os.environ.get("INNKEEPER_REGENERATE"):
        path.write_text(text)
    assert text == path.read_text()


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_libvirts_schema_accepts_it(name: str) -> None:
    # The schema comes with libvirt's library, so it is wherever Innkeeper is.
    build, schema = DOCUMENTS[name]
    checker = etree.RelaxNG(file=str(SCHEMAS / f"{schema}.rng"))
    assert checker.validate(etree.fromstring(build().to_xml())), checker.error_log


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_taking_all_properties_away_leaves_only_what_no_property_holds(name: str) -> None:
    document = DOCUMENTS[name][0]()
    for each in type(document).properties():
        setattr(document, each, None)
    assert document.to_xml() == f"<{document.TAG}>\n</{document.TAG}>\n"
