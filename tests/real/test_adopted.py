"""Guests of an existing libvirt host work at once with every verb, and `inn forget` hands ours back as such."""

from __future__ import annotations

import subprocess
import time

import pytest

from tests.real.faults import refused
from tests.real.ssh_host import OPTIONS, uri
from tests.world import World

DISK = "/var/lib/libvirt/images/theirs.qcow2"
DOCUMENT = f"""<domain type='qemu'>
  <name>my old guest</name>
  <metadata><app:note xmlns:app='urn:of-another-tool'>kept</app:note></metadata>
  <memory unit='KiB'>65536</memory><vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type><boot dev='hd'/></os>
  <features><acpi/><apic/></features>
  <on_poweroff>destroy</on_poweroff>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/><source file='{DISK}'/><target dev='hda' bus='ide'/>
    </disk>
    <disk type='file' device='cdrom'><target dev='hdb' bus='ide'/><readonly/></disk>
    <interface type='network'><mac address='52:54:00:aa:bb:cc'/><source network='default'/></interface>
    <serial type='pty'/><console type='pty'/>
    <graphics type='vnc' autoport='yes'/><video><model type='cirrus'/></video>
  </devices>
</domain>
"""
NAME = "my old guest"


@pytest.fixture(scope="module")
def host(world: World) -> World:
    """As virsh and virt-install leave a host: guests with and without disks, names with blanks, nothing of ours."""
    world.run(["qemu-img", "create", "-q", "-f", "qcow2", DISK, "32M"], check=True)
    world.run(["qemu-io", "-c", "write -P 65 1M 3M", DISK], check=True)
    world.virsh("define", "/dev/stdin", input=DOCUMENT)
    return world


def stored(world: World, name: str) -> str:
    return world.virsh("dumpxml", "--inactive", "--security-info", name)


def test_every_verb_works_at_once(host: World) -> None:
    before = stored(host, NAME)
    assert NAME in host.inn("list", "--all", check=True).stdout
    assert host.inn_json("show", NAME)["disks"][0]["path"] == DISK
    for words in (
        ("start", NAME),
        ("top", "--once"),
        ("logs", NAME),
        ("screenshot", NAME, "/tmp/adopted.ppm", "--force"),
        ("send-keys", NAME, "enter"),
        ("suspend", NAME),
        ("resume", NAME),
        ("save", NAME),
        ("restore", NAME),
        ("reset", NAME),
        ("backup", "create", NAME),
        ("stop", NAME, "--force"),
        ("set", NAME, "--cpus", "2"),
        ("set", NAME, "--cpus", "1"),
        ("rename", NAME, "new"),
        ("backup", "create", "new"),
        ("export", "new", "/tmp/adopted.inn"),
        ("create", "copy", "--import", "/tmp/adopted.inn", "--no-start"),
        ("backup", "restore", NAME, "--as", "third"),
        ("protect", "new"),
        ("protect", "new", "--off"),
        ("delete", "new"),
        ("undelete", "new"),
    ):
        done = host.inn(*words, timeout=300)
        assert done.returncode == 0, (words, done.stderr)
    host.virsh("domrename", "new", NAME)
    assert stored(host, NAME) == before, "nothing of ours is left in it"
    for name in ("copy", "third"):
        disk = host.inn_json("show", name)["disks"][0]
        same = ("qemu-img", "compare", "-f", "qcow2", "-F", disk["format"], DISK, disk["path"])
        assert host.run(same).returncode == 0
        host.inn("delete", name, check=True)
        host.inn("purge", name, "--yes", check=True)
    host.run(["rm", "/tmp/adopted.ppm", "/tmp/adopted.inn"], check=True)


def test_a_purge_leaves_disks_that_are_not_ours(host: World) -> None:
    host.virsh("define", "/dev/stdin", input=DOCUMENT.replace(NAME, "gone").replace("aa:bb:cc", "aa:bb:cd"))
    host.inn("delete", "gone", check=True)
    host.inn("purge", "gone", "--yes", check=True)
    assert "gone" not in host.virsh("list", "--all", "--name")
    assert host.run(["test", "-f", DISK]).returncode == 0


def test_forgotten(host: World) -> None:
    """Nothing of ours is in it, stored or live; it goes on running, and every verb works with it as before."""
    host.inn("create", "web", "--disk-size", "16M", "--pxe", "--memory", "64M", check=True)
    host.inn("set", "web", "--label", "role=front", "--start-order", "3", "--title", "mine", check=True)
    plan = host.inn("forget", "web", "--dry-run", "--explain", check=True).stdout
    assert "virsh metadata web urn:innkeeper:guest:1 --remove --live" in plan
    assert "innkeeper" in stored(host, "web")
    host.inn("protect", "web", check=True)
    refused(host.inn("forget", "web"))
    host.inn("protect", "web", "--off", check=True)
    host.inn("forget", "web", check=True)
    assert "innkeeper" not in host.virsh("dumpxml", "web")
    assert "<metadata" not in stored(host, "web")
    assert "<log file" not in stored(host, "web")
    shown = host.inn_json("show", "web")
    assert (shown["state"], shown["title"], shown["labels"], shown["created"]) == (
        "running",
        "mine",
        {},
        None,
    )
    assert "nothing of Innkeeper" in host.inn("forget", "web", "--dry-run", check=True).stdout
    host.inn("forget", "web", check=True)
    for words in (
        ("stop", "web", "--force"),
        ("start", "web"),
        ("stop", "web", "--force"),
        ("delete", "web"),
    ):
        host.inn(*words, check=True, timeout=300)
    disk = shown["disks"][0]["path"]
    host.inn("purge", "web", "--yes", check=True)
    assert host.run(["test", "-f", disk]).returncode == 0, "it is nobody's but the user's by now"
    host.run(["rm", disk], check=True)


@pytest.mark.parametrize("point", ["forget", "forget.done"])
def test_forgetting_is_undone(host: World, point: str) -> None:
    host.inn("create", "www", "--disk-size", "16M", "--pxe", "--no-start", check=True)
    before = sorted(stored(host, "www").splitlines())  # libvirt orders controllers as it likes
    host.inn("forget", "www", env={"INNKEEPER_STOP_AT": point})
    assert [left["verb"] for left in host.inn_json("operation", "list")] == ["guest.forget"]
    host.inn("operation", "clean", check=True)
    assert sorted(stored(host, "www").splitlines()) == before
    host.inn("delete", "www", check=True)
    host.inn("purge", "www", "--yes", check=True)


@pytest.mark.long
def test_backups_of_a_far_host(host: World) -> None:
    """Made, listed and read there, by ssh; restored by `inn` of that host."""
    keys = "mkdir -p /run/sshd /etc/ssh && cp ~/.ssh/id_ed25519.pub /etc/ssh/world_keys"
    host.run(["sh", "-c", keys], check=True)
    host.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/etc/ssh/world_host"], check=True)
    flags = [word for option in OPTIONS for word in ("-o", option)]
    argv = ["/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-p", "2222", *flags]
    host.virsh("pool-refresh", "default")
    with host.popen(argv, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            far = ("--connect", uri(host, 2222))
            known = len(host.inn_json("backup", "list"))
            deadline = time.monotonic() + 60
            while host.inn(*far, "list").returncode != 0:
                assert time.monotonic() < deadline, "sshd did not come up"
            host.inn(*far, "backup", "create", NAME, check=True)
            host.inn(*far, "start", NAME, check=True)
            host.inn(*far, "backup", "create", NAME, check=True)
            host.inn(*far, "stop", NAME, "--force", check=True)
            assert len(host.inn_json(*far, "backup", "list")) == known + 2
            host.inn(*far, "backup", "verify", NAME, check=True)
            refused(host.inn(*far, "backup", "restore", NAME, "--as", "x"))
            host.inn("backup", "restore", NAME, "--as", "x", "--dry-run", check=True)
        finally:
            server.terminate()
