"""The test world itself: private, complete, equal to itself, and gone without a trace."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.world import ROOT, World, diff

GUEST = """<domain type='qemu'><name>here</name><memory unit='MiB'>32</memory>
<os><type arch='x86_64' machine='q35'>hvm</type></os><devices/></domain>"""


def machine_facts() -> tuple[str, ...]:
    """What a world could leave on the machine: mounts, links, processes, the machine's libvirt files."""
    commands = (
        "sort /proc/mounts",
        "ls /sys/class/net",
        "ls -l /dev/kvm /etc/passwd 2>/dev/null",
        "find /etc/libvirt /var/lib/libvirt /var/lib/innkeeper -type f 2>/dev/null | sort",
        "iptables-save 2>/dev/null | grep -v '^[#:]'",
    )
    return tuple(
        subprocess.run(["sh", "-c", c], capture_output=True, text=True, check=False).stdout for c in commands
    )


def test_close_leaves_nothing_on_the_machine() -> None:
    before = machine_facts()
    with World() as world:
        world.run(["tee", str(world.directory / "guest.xml")], input=GUEST, check=True)
        world.virsh("create", str(world.directory / "guest.xml"))
        world.run(["sh", "-c", "echo x > /etc/innkeeper-was-here; echo x > /var/lib/innkeeper/x"], check=True)
        first, directory = world.pid, world.directory
        inside = world.run(["sh", "-c", "cat /proc/*/comm"], check=True).stdout
        assert {"libvirtd", "virtlogd", "qemu-system-x86", "dnsmasq"} <= set(inside.split())
    assert not directory.exists()
    assert not Path(f"/proc/{first}").exists()
    assert machine_facts() == before


def test_network_and_pool_default_are_there(world: World) -> None:
    assert world.virsh("net-list", "--name").split() == ["default"]
    assert world.virsh("pool-list", "--name").split() == ["default"]
    assert world.virsh("list", "--all", "--name").split() == []


def test_fingerprint_is_equal_to_itself_also_after_a_restart(world: World) -> None:
    before = world.fingerprint()
    assert diff(before, world.fingerprint()) == ""
    world.restart_libvirtd()
    assert diff(before, world.fingerprint()) == ""
    world.restart_libvirtd(kill=True)
    assert diff(before, world.fingerprint()) == ""


@pytest.mark.parametrize(
    ("deed", "undo", "key"),
    [
        (
            "echo x > /var/lib/libvirt/images/a",
            "rm /var/lib/libvirt/images/a",
            "file/var/lib/libvirt/images/a",
        ),
        (
            "chmod 700 /var/lib/libvirt/images",
            "chmod 711 /var/lib/libvirt/images",
            "file/var/lib/libvirt/images",
        ),
        (
            "mkdir /var/lib/innkeeper/operations",
            "rmdir /var/lib/innkeeper/operations",
            "file/var/lib/innkeeper/operations",
        ),
        ("mount -t tmpfs t /mnt", "umount /mnt", "mounts"),
        ("iptables -A INPUT -p tcp -j DROP", "iptables -D INPUT -p tcp -j DROP", "firewall/iptables-save"),
        (
            "virsh -q net-autostart default --disable",
            "virsh -q net-autostart default",
            "network/default/state",
        ),
        ("virsh -q pool-destroy default", "virsh -q pool-start default", "pool/default/state"),
        ("ip link add name br9 type bridge", "ip link del br9", "interfaces"),
        (
            "cp -a /bin/sleep /tmp/qemu-nap; /tmp/qemu-nap 99 >/dev/null 2>&1 &",
            "pkill qemu-nap; rm /tmp/qemu-nap",
            "processes",
        ),
    ],
)
def test_fingerprint_sees(world: World, deed: str, undo: str, key: str) -> None:
    before = world.fingerprint()
    world.run(["sh", "-c", deed], check=True)
    try:
        assert key in diff(before, world.fingerprint())
    finally:
        world.run(["sh", "-c", undo], check=True)
    assert diff(before, world.fingerprint()) == ""


def test_fingerprint_sees_changed_content(world: World) -> None:
    path = "/var/lib/libvirt/images/disk"
    world.run(["sh", "-c", f"echo one > {path}"], check=True)
    before = world.fingerprint()
    world.run(["sh", "-c", f"echo two > {path}"], check=True)
    assert f"~ file{path}" in diff(before, world.fingerprint())
    assert diff(before, world.fingerprint(), ignore=[f"file{path}"]) == ""
    world.run(["rm", path], check=True)


def test_limited_disk_fills_and_comes_back(world: World) -> None:
    before = world.fingerprint()
    with world.limit_disk(1 << 20):
        full = world.run(["dd", "if=/dev/zero", "of=/var/lib/libvirt/images/big", "bs=64k", "count=32"])
        assert full.returncode != 0
        assert "No space left" in full.stderr
    assert diff(before, world.fingerprint()) == ""


def test_run_says_how_it_ended(world: World) -> None:
    assert world.run(["sh", "-c", "exit 3"]).returncode == 3
    assert world.run(["sh", "-c", "kill -9 $$"]).returncode == -9
    assert world.run(["cat"], input="容\n").stdout == "容\n"
    with pytest.raises(AssertionError, match="broken"):
        world.run(["sh", "-c", "echo broken >&2; exit 1"], check=True)
    started = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        world.run(["sh", "-c", "sleep 60 & wait"], timeout=0.5)
    assert time.monotonic() - started < 5


def test_an_ordinary_user_has_a_session_of_their_own(world: World) -> None:
    visitor = world.as_user()
    assert visitor.run(["id", "-un"]).stdout.strip() == "visitor"
    uri = ("-c", "qemu:///session")
    visitor.run(["sh", "-c", "cat > ~/guest.xml"], input=GUEST, check=True)
    visitor.run(["sh", "-c", "virsh -c qemu:///session define ~/guest.xml"], check=True)
    assert visitor.virsh(*uri, "list", "--all", "--name").split() == ["here"]
    assert world.virsh("list", "--all", "--name").split() == []
    visitor.virsh(*uri, "undefine", "here")


def test_a_killed_test_process_takes_its_world_along() -> None:
    code = (
        "import json, sys, time; from tests.world import World; w = World();"
        "print(json.dumps([w.pid, str(w.directory)]), flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        pid, directory = json.loads(process.stdout.readline())
        process.kill()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()
    with World():
        assert not Path(directory).exists()
    assert not []
