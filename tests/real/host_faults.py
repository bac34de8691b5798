"""Faults of a world's host: what the doctor says of them, repairs, and puts back; and namespaces that stand for guests.

A namespace behind a veth on a bridge sends and gets packets as a guest's card does, and is there in a moment.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from tests.fingerprint import Fingerprint
from tests.world import Inside, World, diff

__all__ = ["Guest", "cured", "facts", "outside", "ready", "seen"]

SCRIPT = "/run/udhcpc-script"
"""What busybox's DHCP client calls with what it got in its environment."""


def ready(world: World) -> None:
    """Network `default` is up, and what the first `inn` of a world makes is there."""
    deadline = time.monotonic() + 30
    while "yes" not in world.run(["virsh", "net-info", "default"]).stdout.split("Active:")[-1].split("\n")[0]:
        assert time.monotonic() < deadline, "network default does not come up"
        time.sleep(0.1)
    # With the spanning tree a new port hands nothing on for four seconds.
    world.run(["ip", "link", "set", "virbr0", "type", "bridge", "stp_state", "0"], check=True)
    # The first namespace of a world that has a name makes the mount that names are in.
    world.run(["sh", "-ec", "ip netns add first; ip netns delete first"], check=True)
    folders = "/run/innkeeper/locks /var/lib/innkeeper/operations"
    world.run(["sh", "-c", f"mkdir -p {folders} && chmod 700 {folders}"], check=True)


def seen(world: Inside, *only: str, **options: Any) -> dict[str, list[dict[str, Any]]]:
    """Finding → what `inn host check` says of it; a finding may speak several times."""
    arguments = [word for one in only for word in ("--only", one)]
    import json

    done = world.inn("host", "check", "--json", *arguments, **options)
    assert done.stdout, done.stderr
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in json.loads(done.stdout)["findings"]:
        found.setdefault(finding["id"], []).append(finding)
    bad = any(one["status"] == "problem" for findings in found.values() for one in findings)
    assert done.returncode == (1 if bad else 0)
    return found


@contextlib.contextmanager
def cured(world: World, finding: str, text: str, *only: str) -> Iterator[dict[str, Any]]:
    """The fault is there: it is told as `text`, repaired (the body runs then), and put back exactly."""
    asked = only or (finding,)
    before = facts(world)
    told = seen(world, *asked)[finding]
    said = next((one for one in told if one["text"] == text), None)
    assert said is not None, told
    assert said["status"] in ("problem", "advice")
    assert said["repairable"]
    arguments = [word for one in asked for word in ("--only", one)]
    done = world.inn("host", "setup", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    again = world.inn_json("host", "setup", *arguments)
    assert again["repairs"] == [], "a second setup found something to do"
    assert {one["status"] for one in again["findings"] if one["id"] == finding} == {"ok"}, again
    yield said
    undone = world.inn_json("host", "setup", "--undo")
    assert {one["outcome"] for one in undone["repairs"]} == {"undone"}, undone
    left = diff(before, facts(world))
    assert left == "", left


def facts(world: World) -> Fingerprint:
    """What a world's fingerprint holds, and what else the doctor touches."""
    found = world.fingerprint()
    looks = {
        "legacy": "iptables-legacy-save | sed 's/^#.*//; s/\\[.*\\]//'",
        "hooks": "ls -lR /etc/libvirt/hooks 2>/dev/null; cat /etc/libvirt/hooks/*/* 2>/dev/null",
        "ufw": "find /etc/ufw -type f -exec sha256sum {} + 2>/dev/null",
        "sysctl": "sysctl -a 2>/dev/null | grep -E 'forwarding|ip_forward|bridge-nf'",
    }
    for name, command in looks.items():
        found[f"host/{name}"] = world.run(["sh", "-c", command]).stdout
    return found


class Guest:
    """A network namespace on a bridge of the world. The interface inside is `eth0`."""

    def __init__(self, world: World, bridge: str, name: str = "guest") -> None:
        self._world = world
        self.name = name
        world.run(["ip", "netns", "add", name], check=True)
        near = f"v-{name}"
        world.run(["ip", "link", "add", near, "type", "veth", "peer", "eth0", "netns", name], check=True)
        world.run(["ip", "link", "set", near, "master", bridge, "up"], check=True)
        mac = f"52:54:00:77:77:{sum(map(ord, name)) % 256:02x}"  # known again, it gets its lease at once
        self.run("ip", "link", "set", "eth0", "address", mac)
        self.run("ip", "link", "set", "eth0", "up")
        self.run("ip", "link", "set", "lo", "up")

    def run(self, *argv: str) -> str:
        return self._world.run(["ip", "netns", "exec", self.name, *argv]).stdout

    def has(self, address: str, gateway: str = "") -> None:
        self.run("ip", "address", "replace", address, "dev", "eth0")
        if gateway:
            self.run("ip", "route", "replace", "default", "via", gateway)

    def asks_for_address(self, tries: int = 20) -> str:
        """By DHCP, a second each; "" when nobody answers. It takes it too.

        dnsmasq tries for three seconds whether an address is free that it never gave out before.
        """
        self._world.run(["sh", "-c", f"printf '#!/bin/sh\\nenv\\n' > {SCRIPT}; chmod +x {SCRIPT}"])
        once = ["-n", "-q", "-B", "-t", str(tries), "-T", "1"]
        client = ["busybox", "udhcpc", "-i", "eth0", *once, "-s", SCRIPT]
        said = dict(line.split("=", 1) for line in self.run(*client).splitlines() if "=" in line)
        if not said.get("ip"):
            return ""
        self.has(f"{said['ip']}/{said.get('mask', '24')}", said.get("router", ""))
        return said["ip"]

    def gets_no_address(self) -> bool:
        """Nobody answers for a second."""
        return self.asks_for_address(tries=1) == ""

    def reaches(self, address: str) -> bool:
        """By a ping that goes and comes, of some: this machine may be busy."""
        return any(self._pings(address) for _ in range(10))

    def is_cut_off(self, address: str) -> bool:
        """No ping comes back for a second."""
        return not self._pings(address)

    def _pings(self, address: str) -> bool:
        ping = ["busybox", "ping", "-c", "1", "-W", "1", address]
        return self._world.run(["ip", "netns", "exec", self.name, *ping]).returncode == 0

    def close(self) -> None:
        self._world.run(["ip", "netns", "delete", self.name], check=True)
        deadline = time.monotonic() + 10
        while f"v-{self.name}" in self._world.run(["ls", "/sys/class/net"]).stdout.split():
            assert time.monotonic() < deadline
            time.sleep(0.05)


@contextlib.contextmanager
def outside(world: World) -> Iterator[str]:
    """A neighbour of the host, by which its default route goes; his address. He knows nothing of guests."""
    commands = """
        ip netns add outside
        ip link add up0 type veth peer eth0 netns outside
        ip address add 203.0.113.1/24 dev up0
        ip link set up0 up
        ip -n outside address add 203.0.113.9/24 dev eth0
        ip -n outside link set eth0 up
        ip -n outside link set lo up
        ip route add default via 203.0.113.9
    """
    world.run(["sh", "-ec", commands], check=True)
    try:
        yield "203.0.113.9"
    finally:
        world.run(["ip", "netns", "delete", "outside"], check=True)
        world.run(["sh", "-c", "while [ -e /sys/class/net/up0 ]; do sleep 0.05; done"], timeout=20)
