"""A world of libvirt's own test driver for each test: guests, a pool and a network in memory, gone when it is closed.

What this driver cannot do is proven in tests/real: images and cloud-init (uploads), serial logs, leases, domain
capabilities (so all of `guest.create`), consoles, user networking, and a machine under the connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from innkeeper.guest import metadata
from innkeeper.guest.metadata import Facts
from innkeeper.host import Host
from innkeeper.libvirtxml.build import element
from innkeeper.network import reservations
from innkeeper.operation import journal
from innkeeper.storage import volumes
from innkeeper.virt import domains, networks, storage

GUESTS = {"web1": "running", "web2": "stopped", "a~b": "stopped"}
MAC, IP = "52:54:00:00:00:01", "192.168.122.5"
FACTS = Facts(
    created="1795342500",
    operation="0123456789ab",
    image="tiny",
    user="inn",
    volumes=(("default", "web2-1a2b3c4d.qcow2"), ("default", "web2-1a2b3c4d-seed.iso")),
    address=("default", MAC, IP),
)


def node() -> etree._Element:
    """The driver's world as its file describes it (libvirt, docs/drvtest)."""
    root = element("node", {})
    for number, name in enumerate(GUESTS, 1):
        guest = etree.SubElement(root, "domain", type="test")
        etree.SubElement(guest, "name").text = name
        etree.SubElement(guest, "uuid").text = f"{number:08d}-0000-4000-8000-000000000000"
        etree.SubElement(guest, "memory", unit="MiB").text = str(64 * number)
        etree.SubElement(guest, "vcpu").text = str(number)
        etree.SubElement(etree.SubElement(guest, "os"), "type").text = "hvm"
    pool = etree.SubElement(root, "pool", type="dir")
    etree.SubElement(pool, "name").text = "default"
    etree.SubElement(etree.SubElement(pool, "target"), "path").text = "/default"
    network = etree.SubElement(root, "network")
    etree.SubElement(network, "name").text = "default"
    etree.SubElement(network, "uuid").text = "00000000-0000-4000-8000-000000000001"
    ip = etree.SubElement(network, "ip", address="192.168.122.1", netmask="255.255.255.0")
    etree.SubElement(etree.SubElement(ip, "dhcp"), "range", start="192.168.122.2", end="192.168.122.99")
    return root


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """`web1` runs; `web2` is off, has autostart, our metadata, volumes and an address; one volume is nobody's."""
    monkeypatch.setenv("INNKEEPER_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("INNKEEPER_RUNTIME_DIR", str(tmp_path / "run"))
    path = tmp_path / "node.xml"
    etree.ElementTree(node()).write(path)
    with Host(f"test://{path}") as made:
        furnish(made)
        yield made


def furnish(host: Host) -> None:
    """What the driver's file cannot say."""
    for name, state in GUESTS.items():
        if state == "stopped":
            domains.lookup(host.virt, name).destroy()
    web2 = domains.lookup(host.virt, "web2")
    metadata.write(web2, FACTS)
    web2.autostart = True
    for _pool, volume in (*FACTS.volumes, ("default", "other.qcow2")):
        volumes.create(host, "default", volume, 1 << 20, "raw")
    reservations.add(host, "default", MAC, IP)


def world(host: Host) -> dict[str, str]:
    """All that a verb could change there, and what it recorded."""
    facts = {"journal": str([entry.id for entry in journal.read_all()])}
    for name, text in domains.all_documents(host.virt).items():
        domain = domains.lookup(host.virt, name)
        facts[f"guest {name}"] = f"{domain.state} {domain.autostart}\n{text}"
    for pool in storage.pools(host.virt):
        facts[f"pool {pool.name}"] = " ".join(sorted(volume.name for volume in pool.volumes()))
    for network in networks.networks(host.virt):
        facts[f"network {network.name}"] = network.xml()
    return facts
