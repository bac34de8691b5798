"""What a host is, on libvirt's test driver: two NUMA nodes, a pool, a network, and no machine under it."""

from __future__ import annotations

import pytest

import innkeeper.host
from innkeeper import guest
from innkeeper.doctor.overview import ranges
from innkeeper.host import Host
from innkeeper.schema.host_show import HostView


def shown(host: Host) -> HostView:
    view: HostView = innkeeper.host.show(host)  # type: ignore[operator]  # the noun's door
    return view


def test_what_the_driver_has_by_itself() -> None:
    with Host("test:///default") as host:
        view = shown(host)
    assert (view.driver, view.uri, view.libvirt.count(".")) == ("TEST", "test:///default", 2)
    assert (view.processor.cpus, view.processor.sockets, view.processor.cores) == (16, 2, 16)
    assert [(node.id, node.cpus) for node in view.numa] == [(0, "0-7"), (1, "8-15")]
    assert (view.system, view.kernel, view.accel, view.memory_available) == (None, None, None, None)
    (pool,) = view.pools
    assert (pool.name, pool.kind, pool.active, pool.capacity) == ("default-pool", "dir", True, 100 << 30)
    (network,) = view.networks
    assert (network.mode, network.bridge, network.addresses) == ("nat", "virbr0", ("192.168.122.1/24",))


def test_guests_and_what_they_were_given(host: Host) -> None:
    view = shown(host)
    assert (view.guests, view.running, view.deleted) == (3, 1, 0)
    assert (view.cpus_given, view.memory_given) == (1, 64 << 20)
    guest.start(host, name="web2")
    guest.delete(host, name="web1", force=True)
    view = shown(host)
    assert (view.guests, view.running, view.deleted) == (2, 1, 1)
    assert (view.cpus_given, view.memory_given) == (2, 128 << 20)


def test_what_is_not_active_is_told_as_such(host: Host) -> None:
    from innkeeper.virt import networks, storage

    storage.lookup_pool(host.virt, "default").stop()
    networks.lookup(host.virt, "default").stop()
    view = shown(host)
    assert (view.pools[0].active, view.pools[0].capacity) == (False, None)
    assert (view.networks[0].active, view.networks[0].mode) == (False, "isolated")


@pytest.mark.parametrize(
    ("numbers", "text"),
    [((), ""), ((0,), "0"), ((3, 1, 2), "1-3"), ((0, 1, 4, 6, 7), "0-1,4,6-7")],
)
def test_lists_of_cpus(numbers: tuple[int, ...], text: str) -> None:
    assert ranges(numbers) == text
