"""Faults of libvirt's networks, made for real: told, repaired, and put back as they were."""

from __future__ import annotations

import time
from collections.abc import Iterator
from subprocess import PIPE

import pytest

from tests.real.host_faults import Guest, cured, outside, ready, seen
from tests.world import World

SECOND_CARD = "ip link add eth9 type veth peer eth10; ip link set eth9 up; ip link set eth10 up"


@pytest.fixture(scope="module")
def net_world() -> Iterator[World]:
    with World() as world:
        ready(world)
        yield world


def test_no_network_default(net_world: World) -> None:
    """It comes as libvirt ships it, also when the usual subnet is taken by now: then with a free one."""
    world = net_world
    document = world.virsh("net-dumpxml", "--inactive", "default")
    world.virsh("net-destroy", "default")
    world.virsh("net-undefine", "default")
    with cured(world, "network.default", "network.default.missing", "network") as said:
        assert said["facts"]["subnet"] == "192.168.122.0/24"
        assert said["remedy"].startswith("virsh net-define /usr/share/libvirt/networks/default.xml")
        assert "Autostart:      yes" in world.virsh("net-info", "default")
        made = world.virsh("net-dumpxml", "default")
        assert "<forward mode='nat'>" in made
        assert "<range start='192.168.122.2' end='192.168.122.254'/>" in made
    assert "default" not in world.virsh("net-list", "--all")
    world.run(
        ["sh", "-c", "ip link add lan0 type bridge; ip address add 192.168.122.77/24 dev lan0"], check=True
    )
    assert seen(world, "network.default")["network.default"][0]["facts"]["subnet"] == "192.168.123.0/24"
    world.run(["ip", "link", "delete", "lan0"], check=True)
    world.run(["virsh", "net-define", "/dev/stdin"], input=document, check=True)
    world.virsh("net-autostart", "default")
    world.virsh("net-start", "default")


def test_network_default_is_off(net_world: World) -> None:
    world = net_world
    world.virsh("net-destroy", "default")
    with cured(world, "network.default", "network.default.inactive") as said:
        assert said["remedy"] == "virsh net-start default"
        assert "virbr0" in world.run(["ls", "/sys/class/net"]).stdout
    world.virsh("net-start", "default")


def test_network_default_does_not_start_with_the_host(net_world: World) -> None:
    world = net_world
    world.virsh("net-autostart", "--disable", "default")
    with cured(world, "network.default", "network.default.no_autostart"):
        assert "Autostart:      yes" in world.virsh("net-info", "default")
    world.virsh("net-autostart", "default")


def test_a_subnet_that_the_host_is_in_already(net_world: World) -> None:
    """The classic: a guest whose own network is the `default` of the host above it."""
    world = net_world
    entry = "<host mac='52:54:00:aa:bb:cc' ip='192.168.122.50'/>"
    world.virsh("net-update", "default", "add", "ip-dhcp-host", entry, "--config", "--live")
    world.virsh("net-destroy", "default")
    world.run(["sh", "-ec", SECOND_CARD], check=True)
    world.run(["ip", "address", "add", "192.168.122.77/24", "dev", "eth9"], check=True)
    refused = world.run(["virsh", "net-start", "default"])
    assert "already in use by interface eth9" in refused.stderr
    with cured(world, "network.subnet", "network.subnet.taken", "network") as said:
        assert said["facts"]["by"] == "eth9"
        assert said["facts"]["free"] == "192.168.123.0/24"
        moved = world.virsh("net-dumpxml", "default")
        assert "<ip address='192.168.123.1'" in moved
        assert "<range start='192.168.123.2' end='192.168.123.254'/>" in moved
        assert "ip='192.168.123.50'" in moved, "reservations move along"
        guest = Guest(world, "virbr0")
        world.run(["ip", "link", "set", "virbr0", "type", "bridge", "stp_state", "0"])
        assert guest.asks_for_address().startswith("192.168.123.")
        guest.close()
    assert world.run(["virsh", "net-start", "default"]).returncode != 0
    world.run(["ip", "link", "delete", "eth9"], check=True)
    world.virsh("net-start", "default")
    world.virsh("net-update", "default", "delete", "ip-dhcp-host", entry, "--config", "--live")


def test_a_subnet_that_somebody_takes_later(net_world: World) -> None:
    """A wider one is told, and left alone; one that takes packets away while guests are on the network too."""
    world = net_world
    world.run(
        ["sh", "-ec", "ip link add eth9 type veth peer eth10; ip link set eth9 up; ip link set eth10 up"]
    )
    world.run(["ip", "address", "add", "192.168.0.9/16", "dev", "eth9"], check=True)
    told = seen(world, "network.subnet")["network.subnet"]
    assert [(one["status"], one["text"]) for one in told] == [("advice", "network.subnet.within")]
    assert not told[0]["repairable"]
    world.run(["ip", "route", "add", "192.168.122.128/25", "dev", "eth9"], check=True)
    told = seen(world, "network.subnet")["network.subnet"]
    assert [(one["status"], one["text"]) for one in told] == [("problem", "network.subnet.taken")]
    with cured(world, "network.subnet", "network.subnet.taken", "network.subnet"):
        # 192.168.0.0/16 is in the way of all that is near
        assert "address='10." in world.virsh("net-dumpxml", "default")
    world.run(["ip", "link", "delete", "eth9"], check=True)


@pytest.fixture
def guest_on_default(net_world: World) -> Iterator[World]:
    """A machine without anything to boot, with a card on network `default`."""
    document = (
        "<domain type='qemu'><name>onit</name><memory>32768</memory><os><type arch='x86_64'>hvm</type></os>"
        "<devices><interface type='network'><source network='default'/></interface></devices></domain>"
    )
    net_world.run(["virsh", "define", "/dev/stdin"], input=document, check=True)
    yield net_world
    net_world.virsh("destroy", "onit", check=False)
    net_world.virsh("undefine", "onit")


def test_guests_are_not_cut_off(guest_on_default: World) -> None:
    """Neither by an undo, which then waits for another time, nor by moving a network to another subnet."""
    world = guest_on_default
    world.virsh("net-destroy", "default")
    world.inn("host", "setup", "--only", "network", check=True)
    world.virsh("start", "onit")
    undo = world.inn("host", "setup", "--undo")
    assert undo.returncode == 1
    assert "guests are on the network default" in undo.stdout
    world.run(["sh", "-ec", SECOND_CARD], check=True)
    world.run(["ip", "address", "add", "192.168.122.77/24", "dev", "eth9"], check=True)
    told = seen(world, "network.subnet")["network.subnet"]
    assert [(one["status"], one["text"]) for one in told] == [("problem", "network.subnet.taken_used")]
    assert not told[0]["repairable"]
    world.run(["ip", "link", "delete", "eth9"], check=True)
    assert world.virsh("net-list", "--name").split() == ["default"]
    world.virsh("destroy", "onit")
    undone = world.inn_json("host", "setup", "--undo")
    assert {one["outcome"] for one in undone["repairs"]} == {"undone"}, undone
    assert world.virsh("net-list", "--name").split() == []
    world.virsh("net-start", "default")


def test_dnsmasq_died(net_world: World) -> None:
    world = net_world
    guest = Guest(world, "virbr0")
    world.run(["ip", "link", "set", "virbr0", "type", "bridge", "stp_state", "0"])
    assert guest.asks_for_address()
    world.run(["sh", "-c", "kill $(cat /run/libvirt/network/default.pid)"], check=True)
    deadline = time.monotonic() + 10
    while not guest.gets_no_address():
        assert time.monotonic() < deadline
    with cured(world, "network.dnsmasq", "network.dnsmasq.dead") as said:
        assert said["facts"]["bridge"] == "virbr0"
        assert guest.asks_for_address()
    guest.close()
    world.restart_libvirtd()
    ready(world)
    assert seen(world, "network.dnsmasq")["network.dnsmasq"][0]["status"] == "ok"


def test_somebody_else_answers_dns_everywhere(net_world: World) -> None:
    world = net_world
    world.virsh("net-destroy", "default")
    code = (
        "import socket, sys; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('0.0.0.0', 53)); "
        "print('bound', flush=True); sys.stdin.read()"
    )
    server = world.popen(["python3", "-c", code], stdin=PIPE, stdout=PIPE)
    assert server.stdout is not None
    assert server.stdout.readline() == "bound\n"
    try:
        assert world.run(["virsh", "net-start", "default"]).returncode != 0
        told = seen(world, "network.dnsmasq")["network.dnsmasq"]
        assert [(one["status"], one["text"]) for one in told] == [("problem", "network.dnsmasq.port")]
        assert told[0]["facts"]["program"].startswith("python3")
        assert told[0]["facts"]["what"] == "DNS"
    finally:
        server.communicate()
        world.run(["sh", "-c", "while ss -lunpH | grep -q '0.0.0.0:53 '; do sleep 0.1; done"], timeout=20)
    world.virsh("net-start", "default")


def test_dnsmasq_is_not_installed(net_world: World) -> None:
    """A host without it is a fake root: the machine's own cannot lose it for a moment."""
    world = net_world
    world.run(["mkdir", "-p", "/run/bare/usr/sbin", "/run/bare/usr/bin"], check=True)
    told = seen(world, "network.dnsmasq", env={"INNKEEPER_HOST_ROOT": "/run/bare"})["network.dnsmasq"]
    assert [(one["status"], one["text"]) for one in told] == [("problem", "network.dnsmasq.missing")]


@pytest.mark.parametrize("key", ["net.ipv4.ip_forward", "net.ipv4.conf.virbr0.forwarding"])
def test_the_host_hands_nothing_on(net_world: World, key: str) -> None:
    world = net_world
    ready(world)
    guest = Guest(world, "virbr0")
    guest.has("192.168.122.200/24", "192.168.122.1")
    with outside(world) as neighbour:
        assert guest.reaches(neighbour)
        world.run(["sysctl", "-w", f"{key}=0"], check=True)
        assert guest.is_cut_off(neighbour)
        with cured(world, "network.forwarding", "network.forwarding.off") as said:
            assert said["facts"]["keys"].split(", ")[0] == key
            assert said["remedy"] == f"sysctl -w {key}=1"
            assert guest.reaches(neighbour)
        assert guest.is_cut_off(neighbour)
        world.run(["sysctl", "-w", f"{key}=1"], check=True)
    guest.close()


def test_a_host_without_libvirt(net_world: World) -> None:
    """What only libvirt knows is said to be unknown, and the doctor goes on."""
    world = net_world
    world.stop_libvirtd()
    try:
        findings = seen(world, "network", "firewall", "pool", "access")
        assert {one["status"] for told in findings.values() for one in told} == {"unknown"}, findings
    finally:
        world.start_libvirtd()


def test_an_ordinary_users_session_has_no_networks(net_world: World) -> None:
    world = net_world.as_user()
    session = {"LIBVIRT_DEFAULT_URI": "qemu:///session"}
    findings = seen(world, "network", "firewall", "access", env=session)
    assert findings == {}
