"""`network.list`, `network.show`, `pool.list`, `pool.show` on libvirt's test driver."""

from __future__ import annotations

import pytest
from lxml import etree

from innkeeper import guest, network, pool
from innkeeper.errors import NotFound, Unsupported
from innkeeper.host import Host
from innkeeper.schema.network import NetworkRow, NetworkView
from innkeeper.schema.pool import PoolRow, PoolView
from innkeeper.virt import domains, networks, storage
from tests.testdriver.conftest import IP, MAC


def plug(host: Host, name: str, *cards: str) -> None:
    """These network cards, as libvirt writes them."""
    domain = domains.lookup(host.virt, name)
    document = etree.fromstring(domain.xml(live=False))
    devices = document.find("devices")
    assert devices is not None
    devices.extend(etree.fromstring(card) for card in cards)
    domains.redefine(host.virt, etree.tostring(document, encoding="unicode"), name)


ON_DEFAULT = f"<interface type='network'><mac address='{MAC}'/><source network='default'/></interface>"
ON_BRIDGE = "<interface type='bridge'><mac address='52:54:00:00:00:02'/><source bridge='br0'/></interface>"
ON_NOTHING = (
    "<interface type='network'><mac address='52:54:00:00:00:03'/><source network='gone'/></interface>"
)


def listed(host: Host, all: bool = False) -> list[NetworkRow]:
    rows: list[NetworkRow] = network.list(host, all=all)
    return rows


def test_networks_and_who_is_on_them(host: Host) -> None:
    plug(host, "web2", ON_DEFAULT, ON_BRIDGE, ON_NOTHING)
    (row,) = listed(host)
    assert (row.id, row.kind, row.active, row.mode) == ("network:default", "network", True, "isolated")
    assert row.addresses == ("192.168.122.1/24",)
    (card,) = row.cards
    assert (card.guest, card.state, card.mac, card.plugged, card.link) == (
        "web2",
        "stopped",
        MAC,
        False,
        True,
    )
    rows = {row.id: row for row in listed(host, all=True)}
    assert list(rows) == ["network:default", "network:gone", "bridge:br0"]
    assert [rows[id].active for id in rows] == [True, False, True]
    assert rows["bridge:br0"].cards[0].guest == "web2"
    guest.delete(host, name="web2")
    assert listed(host, all=True)[0].cards == (), "in the bin it is plugged into nothing"
    assert len(listed(host, all=True)) == 1


def test_a_network_whole(host: Host) -> None:
    plug(host, "web2", ON_DEFAULT)
    view: NetworkView = network.show(host, name="default")
    assert (view.mode, view.ranges, view.addresses) == (
        "isolated",
        ("192.168.122.2-192.168.122.99",),
        ("192.168.122.1/24",),
    )
    (reserved,) = view.reservations
    assert (reserved.mac, reserved.address, reserved.guest) == (MAC, IP, "web2")
    assert [card.guest for card in view.cards] == ["web2"]
    networks.lookup(host.virt, "default").stop()
    assert network.show(host, name="default").active is False
    with pytest.raises(NotFound, match="nowhere") as refused:
        network.show(host, name="nowhere")
    assert refused.value.code == "network.unknown"
    assert refused.value.facts["choices"] == "default"


def test_pools_and_their_room(host: Host) -> None:
    rows: list[PoolRow] = pool.list(host)
    (row,) = rows
    assert (row.name, row.kind, row.active, row.path, row.volumes) == ("default", "dir", True, "/default", 3)
    assert row.capacity is not None
    assert row.available is not None
    assert row.allocation == row.capacity - row.available
    view: PoolView = pool.show(host, name="default")
    assert (view.promised, view.taken, view.source) == (3 << 20, 0, ())
    storage.lookup_pool(host.virt, "default").stop()
    view = pool.show(host, name="default")
    assert (view.active, view.capacity, view.volumes, view.promised) == (False, None, None, None)
    with pytest.raises(NotFound) as refused:
        pool.show(host, name="nowhere")
    assert refused.value.code == "pool.unknown"


def test_a_libvirt_that_is_away_is_no_empty_host() -> None:
    for ask in (pool.list, network.list):
        with Host("qemu+unix:///system?socket=/nonexistent") as away, pytest.raises(Unsupported) as caught:
            ask(away)
        assert caught.value.code == "libvirt.unreachable"
