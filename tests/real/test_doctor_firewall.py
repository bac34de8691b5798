"""Firewalls that really cut guests off: the doctor names the rule, opens a way that packets take, and closes it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from innkeeper.doctor.repairs import kind
from tests.real.host_faults import Guest, cured, facts, outside, ready, seen
from tests.world import World, diff

STRICT = """
table inet filter {
    chain input {
        type filter hook input priority filter; policy drop;
        ct state vmap { established : accept, related : accept, invalid : drop }
        iifname "lo" accept
        tcp dport 22 accept
    }
    chain forward {
        type filter hook forward priority filter; policy drop;
        ct state established,related accept
    }
}
"""
"""The shape that most people's /etc/nftables.conf has."""

LATER_LIBVIRT = """
table ip libvirt_network {
    chain forward {
        type filter hook forward priority filter; policy accept;
        jump guest_cross
        jump guest_input
        jump guest_output
    }
    chain guest_output {
        ip saddr 192.168.122.0/24 iifname "virbr0" accept
        iifname "virbr0" reject
    }
    chain guest_input {
        oifname "virbr0" ip daddr 192.168.122.0/24 ct state related,established accept
        oifname "virbr0" reject
    }
    chain guest_cross {
        iifname "virbr0" oifname "virbr0" accept
    }
    chain guest_nat {
        type nat hook postrouting priority srcnat; policy accept;
        ip saddr 192.168.122.0/24 ip daddr != 192.168.122.0/24 masquerade
    }
}
"""
"""What libvirt 10.4 and later write with their nftables backend, which leaves iptables alone."""


@pytest.fixture(scope="module")
def strict_world() -> Iterator[tuple[World, Guest, str]]:
    """A host with network `default`, a guest on it and a way out."""
    with World() as world:
        ready(world)
        guest = Guest(world, "virbr0")
        assert guest.asks_for_address()
        with outside(world) as neighbour:
            yield world, guest, neighbour


Place = tuple[World, Guest, str]


def load(world: World, rules: str) -> None:
    world.run(["nft", "-f", "-"], input=rules, check=True)


def later_libvirt(world: World) -> None:
    """The world's libvirt writes iptables rules; from here on they are as a later one would have them."""
    for chain, target in (("INPUT", "INP"), ("OUTPUT", "OUT"), *(("FORWARD", f"FW{way}") for way in "XIO")):
        world.run(["iptables", "-D", chain, "-j", f"LIBVIRT_{target}"], check=True)
    world.run(["iptables", "-t", "nat", "-D", "POSTROUTING", "-j", "LIBVIRT_PRT"], check=True)
    load(world, LATER_LIBVIRT)


def as_before(world: World) -> None:
    """libvirt's own rules again, and nobody else's."""
    world.run(["nft", "flush", "ruleset"], check=True)
    world.run(["iptables-legacy", "-P", "FORWARD", "ACCEPT"])
    world.run(["iptables-legacy", "-F"])
    world.run(["iptables-legacy", "-X"])
    world.restart_libvirtd()
    deadline = time.monotonic() + 30
    while "MASQUERADE" not in world.run(["iptables-save"]).stdout:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_nothing_is_wrong_with_a_fresh_host(strict_world: Place) -> None:
    world, guest, neighbour = strict_world
    assert guest.asks_for_address()
    assert guest.reaches(neighbour)
    before = facts(world)
    findings = seen(world, "firewall")
    assert diff(before, facts(world)) == "", "looking changed something"
    assert {one["status"] for told in findings.values() for one in told} == {"ok"}, findings
    assert set(findings) == {"firewall.libvirt", "firewall.host", "firewall.forward", "firewall.bridge"}


def test_a_libvirt_that_is_told_to_write_no_rules(strict_world: Place) -> None:
    world, _guest, _neighbour = strict_world
    settings = "/etc/libvirt/network.conf"
    world.run(["sh", "-c", f"echo 'firewall_backend = \"none\"' > {settings}"], check=True)
    assert seen(world, "firewall.libvirt")["firewall.libvirt"][0]["text"] == "firewall.libvirt.none"
    world.run(["rm", settings], check=True)


def test_a_strict_nftables_table(strict_world: Place) -> None:
    world, guest, neighbour = strict_world
    load(world, STRICT)
    assert guest.gets_no_address()
    assert guest.is_cut_off(neighbour)
    with cured(world, "firewall.host", "firewall.host.cut", "firewall") as said:
        assert said["facts"]["what"] == "DHCP, DNS"
        assert said["facts"]["rule"] == "policy drop"
        assert said["facts"]["where"] == "nft: inet filter input"
        assert said["facts"]["by"] == "nftables"
        assert guest.asks_for_address()
        assert guest.reaches(neighbour)
        wrong = ["busybox", "nc", "-w", "2", "192.168.122.1", "80"]  # other ports of the host stay shut
        assert "refused" not in world.run(["ip", "netns", "exec", guest.name, *wrong]).stderr
    assert guest.gets_no_address()
    by_hand(world)
    world.run(["nft", "delete", "table", "inet", "filter"], check=True)


def by_hand(world: World) -> None:
    """What a setup and its undo are said to come to, typed in."""
    plan = world.inn_json("host", "setup", "--only", "firewall", "--dry-run", "--explain")
    world.run(["sh", "-ec", "\n".join(plan["commands"])], check=True)
    assert {one["status"] for told in seen(world, "firewall").values() for one in told} == {"ok"}
    for place in ("nft inet filter input virbr0 host", "nft inet filter forward virbr0 forward"):
        for line in kind("firewall").commands(place, {}):
            world.run(["sh", "-ec", line], check=True)
    rules = world.run(["nft", "list", "ruleset"]).stdout
    assert "innkeeper virbr0 bridge" in rules
    assert "innkeeper virbr0 host" not in rules
    assert "innkeeper virbr0 forward" not in rules
    world.run(["rm", "-r", "/etc/libvirt/hooks"], check=True)


def test_what_the_doctor_opened_is_open_again_after_a_reboot(strict_world: Place) -> None:
    """A reboot: the firewall is loaded as it is in its file, then libvirt starts the network."""
    world, _guest, _neighbour = strict_world
    load(world, STRICT)
    world.inn("host", "setup", "--only", "firewall.host", check=True)
    world.run(["nft", "delete", "table", "inet", "filter"], check=True)
    load(world, STRICT)
    assert seen(world, "firewall.host")["firewall.host"][0]["status"] == "problem"
    world.restart_libvirtd()  # libvirt looks for hooks when it starts (virHookInitialize)
    world.virsh("net-destroy", "default")
    world.virsh("net-start", "default")
    assert seen(world, "firewall.host")["firewall.host"][0]["status"] == "ok"
    undone = world.inn_json("host", "setup", "--undo")
    assert {one["outcome"] for one in undone["repairs"]} == {"undone"}
    assert "innkeeper" not in world.run(["nft", "list", "ruleset"]).stdout
    world.run(["nft", "delete", "table", "inet", "filter"], check=True)
    ready(world)
    world.run(["ip", "link", "set", "v-guest", "master", "virbr0"], check=True)


def test_docker_beside_a_libvirt_with_nftables(strict_world: Place) -> None:
    """Docker drops what it does not know in iptables' chain FORWARD, and libvirt accepts in a table of its own."""
    world, guest, neighbour = strict_world
    later_libvirt(world)
    docker = """
        iptables -N DOCKER-USER; iptables -N DOCKER; iptables -A DOCKER-USER -j RETURN
        iptables -I FORWARD -o docker0 -j DOCKER; iptables -I FORWARD -j DOCKER-USER; iptables -P FORWARD DROP
    """
    world.run(["sh", "-ec", docker], check=True)
    assert guest.is_cut_off(neighbour)
    with cured(world, "firewall.forward", "firewall.forward.cut") as said:
        assert said["facts"]["by"] == "Docker"
        assert said["facts"]["where"] == "iptables: ip filter FORWARD"
        assert guest.reaches(neighbour)
    assert guest.is_cut_off(neighbour)
    as_before(world)


def test_a_rule_of_the_older_iptables(strict_world: Place) -> None:
    """Two iptables on one host: the rules of one do not show in the other, and both are obeyed."""
    world, guest, neighbour = strict_world
    if world.run(
        ["iptables-legacy", "-A", "FORWARD", "-i", "virbr+", "-p", "icmp", "-j", "ACCEPT"]
    ).returncode:
        pytest.skip("needs iptables-legacy and a kernel with its tables")
    world.run(["iptables-legacy", "-A", "FORWARD", "!", "-i", "lo", "-j", "REJECT"], check=True)
    world.run(["iptables-legacy", "-D", "FORWARD", "1"], check=True)
    assert guest.is_cut_off(neighbour)
    with cured(world, "firewall.forward", "firewall.forward.cut") as said:
        assert said["facts"]["rule"] == "-A FORWARD ! -i lo -j REJECT --reject-with icmp-port-unreachable"
        assert said["facts"]["where"].startswith("iptables-legacy: ")
        assert guest.reaches(neighbour)
    as_before(world)


@pytest.mark.parametrize("emptied", ["iptables -F; iptables -t nat -F", "nft flush ruleset"])
def test_libvirts_rules_were_swept_away(strict_world: Place, emptied: str) -> None:
    world, guest, neighbour = strict_world
    world.run(["sh", "-c", emptied], check=True)
    assert guest.is_cut_off(neighbour)
    with cured(world, "firewall.libvirt", "firewall.libvirt.gone") as said:
        assert said["facts"]["networks"] == "default"
        assert guest.reaches(neighbour)
    assert guest.is_cut_off(neighbour)
    as_before(world)


def test_a_bridge_of_the_host_with_bridged_packets_filtered(strict_world: Place) -> None:
    world, _guest, _neighbour = strict_world
    switch = "/proc/sys/net/bridge/bridge-nf-call-iptables"
    if world.run(["sh", "-c", f"[ $(cat {switch}) = 1 ]"]).returncode:
        pytest.skip("needs br_netfilter")
    world.run(
        ["sh", "-ec", "ip link add br0 type bridge; ip link set br0 up; iptables -P FORWARD DROP"], check=True
    )
    one, two = Guest(world, "br0", "one"), Guest(world, "br0", "two")
    one.has("10.77.0.1/24")
    two.has("10.77.0.2/24")
    document = (
        "<domain type='qemu'><name>onbr0</name><memory>65536</memory><os><type arch='x86_64'>hvm</type></os>"
        "<devices><interface type='bridge'><source bridge='br0'/></interface></devices></domain>"
    )
    world.run(["virsh", "define", "/dev/stdin"], input=document, check=True)
    assert one.is_cut_off("10.77.0.2")
    with cured(world, "firewall.bridge", "firewall.bridge.cut_until") as said:
        assert said["facts"]["bridge"] == "br0"
        assert one.reaches("10.77.0.2")
    assert one.is_cut_off("10.77.0.2")
    world.run(["sysctl", "-w", "net.bridge.bridge-nf-call-iptables=0"], check=True)
    assert one.reaches("10.77.0.2")
    assert seen(world, "firewall.bridge")["firewall.bridge"][0]["text"] == "firewall.bridge.unfiltered"
    world.run(["sysctl", "-w", "net.bridge.bridge-nf-call-iptables=1"], check=True)
    world.virsh("undefine", "onbr0")
    one.close()
    two.close()
    world.run(["sh", "-ec", "ip link delete br0; iptables -P FORWARD ACCEPT"], check=True)


def test_ufw_beside_a_libvirt_with_nftables(strict_world: Place) -> None:
    """ufw keeps what is let through in files of its own: they too are as they were."""
    world, guest, neighbour = strict_world
    if world.run(["sh", "-c", "command -v ufw"]).returncode:
        pytest.skip("needs ufw: run script/setup --test")
    later_libvirt(world)
    # The files it is installed with are written anew at the first change, in other words: let that be over.
    world.run(["sh", "-ec", "ufw allow 22; ufw --force enable; ufw delete allow 22; ufw reload"], check=True)
    assert guest.gets_no_address()
    with cured(world, "firewall.host", "firewall.host.cut", "firewall") as said:
        assert said["facts"]["by"] == "ufw"
        assert guest.asks_for_address()
        assert guest.reaches(neighbour)
        world.run(["ufw", "reload"], check=True)
        assert guest.asks_for_address()
    assert guest.gets_no_address()
    world.run(["ufw", "disable"], check=True)
    as_before(world)


FIREWALLD = """
table inet firewalld {
    chain filter_INPUT {
        type filter hook input priority filter + 10; policy accept;
        ct state { established, related } accept
        ct status dnat accept
        iifname "lo" accept
        ct state invalid drop
        jump filter_INPUT_ZONES
        reject with icmpx admin-prohibited
    }
    chain filter_INPUT_ZONES {
        goto filter_IN_public
    }
    chain filter_IN_public {
        tcp dport 22 accept
        meta l4proto { icmp, ipv6-icmp } accept
        reject with icmpx admin-prohibited
    }
    chain filter_IN_libvirt {
        udp dport 67 accept
        tcp dport 53 accept
        udp dport 53 accept
        reject
    }
}
"""
FIREWALL_CMD = """#!/bin/sh
chain="inet firewalld filter_INPUT_ZONES"
now() { nft -a list chain $chain | sed -n 's/.*goto filter_IN_libvirt # handle //p'; }
case "$*" in
--get-zone-of-interface=virbr0) [ "$(now)" ] && echo libvirt || { echo no zone; exit 2; };;
"--zone=libvirt --change-interface=virbr0") nft insert rule $chain iifname virbr0 goto filter_IN_libvirt;;
"--zone=libvirt --remove-interface=virbr0") nft delete rule $chain handle $(now);;
*) echo "not understood: $*" >&2; exit 1;;
esac
"""


def test_firewalld_with_the_bridge_in_no_zone(strict_world: Place) -> None:
    """The rules have firewalld's shape and really reject; in place of firewalld itself, which needs a D-Bus of its own,
    stands a firewall-cmd that makes the same change to them."""
    world, guest, _neighbour = strict_world
    load(world, FIREWALLD)
    program = "/usr/local/sbin/firewall-cmd"
    world.run(["sh", "-c", "mount -t tmpfs tmpfs /usr/local/sbin"], check=True)
    world.run(["sh", "-c", f"cat > {program}; chmod +x {program}"], input=FIREWALL_CMD, check=True)
    world.run(
        ["sh", "-c", "mkdir -p /etc/firewalld/zones; touch /etc/firewalld/zones/libvirt.xml"], check=True
    )
    assert guest.gets_no_address()
    with cured(world, "firewall.host", "firewall.host.cut") as said:
        assert said["facts"]["by"] == "firewalld"
        assert said["remedy"] == "firewall-cmd --zone=libvirt --change-interface=virbr0"
        assert guest.asks_for_address()
    assert guest.gets_no_address()
    world.run(
        ["sh", "-ec", "umount /usr/local/sbin; rm -r /etc/firewalld/zones; nft delete table inet firewalld"]
    )


def test_rules_that_only_root_may_read(strict_world: Place) -> None:
    world, _guest, _neighbour = strict_world
    found = seen(world.as_user(), "firewall", env={"LIBVIRT_DEFAULT_URI": "qemu:///system"})
    assert {one["status"] for told in found.values() for one in told} == {"unknown"}
