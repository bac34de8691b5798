"""Guests made from a CD, a kernel, the network; with UEFI, Secure Boot, a TPM; for Windows and for old systems. Each
boots to a line on its serial port that says what booted."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.real import boot_media
from tests.real.boot_media import ARGUMENTS, DISK_LINE, FOLDER, HEARTBEAT, wait_for_log
from tests.world import Completed, World, diff

NETWORK = f"""<network><name>pxe</name><ip address='192.168.77.1' netmask='255.255.255.0'>
<tftp root='{FOLDER}/tftp'/><dhcp><range start='192.168.77.10' end='192.168.77.99'/><bootp file='pxelinux.0'/></dhcp>
</ip></network>"""
ISO = f"{FOLDER}/tiny.iso"
SMALL = ("--memory", "256M", "--cpus", "1")
ALONE = (*SMALL, "--network", "none", "--disk-size", "64M")
POOL = "/var/lib/libvirt/images"
LASTING = ("name/var/log", "file/run/innkeeper", "file/var/lib/innkeeper")
"""libvirt's logs, and what is made once and stays."""


@pytest.fixture(scope="module")
def site(tiny_world: World) -> World:
    boot_media.make(tiny_world)
    return tiny_world


@pytest.fixture
def world(site: World) -> Iterator[World]:
    """Without guests, and without what was made for them, at the end."""
    before = site.fingerprint()
    yield site
    for name in site.virsh("list", "--all", "--name").split():
        site.inn("delete", name, "--force", check=True)
        site.inn("purge", name, "--yes", check=True)
    own = ("processes", "interfaces", "file/var/lib/libvirt/swtpm")
    assert diff(before, site.fingerprint(), (*LASTING, *own)) == ""
    assert not site.run(["pgrep", "-x", "swtpm"]).stdout
    assert site.inn_json("operation", "list") == []


def create(world: World, name: str, *argv: str, timeout: float = 400, **options: Any) -> Completed:
    return world.inn("create", name, *argv, timeout=timeout, **({"check": True} | options))


def put_on_disk(world: World, name: str) -> None:
    """What an installer leaves: something that boots."""
    (volume,) = [path for path in disks(world, name).values() if path.endswith(".qcow2")]
    source = f"{FOLDER}/disk.raw"
    world.run(["qemu-img", "convert", "-n", "-f", "raw", "-O", "qcow2", source, volume], check=True)


def disks(world: World, name: str) -> dict[str, str]:
    lines = world.virsh("domblklist", name).splitlines()
    return dict(line.split(maxsplit=1) for line in lines if line.strip())


def test_a_cd_that_qemu_cannot_read_is_uploaded_and_boots_until_something_is_installed(world: World) -> None:
    world.run(["sh", "-c", f"mkdir -p -m 700 /var/lib/closed && cp {ISO} /var/lib/closed/"], check=True)
    create(world, "cd", "--iso", "/var/lib/closed/tiny.iso", *ALONE, "--bus", "virtio")
    found = disks(world, "cd")
    assert set(found) == {"vda", "sda"}
    assert found["sda"].startswith(f"{POOL}/cd-")
    wait_for_log(world, "cd", HEARTBEAT)
    world.inn("stop", "cd", "--force", check=True)
    put_on_disk(world, "cd")
    world.inn("start", "cd", check=True)
    wait_for_log(world, "cd", DISK_LINE)
    world.inn("stop", "cd", "--force", check=True)
    world.run(["rm", "-r", "/var/lib/closed"], check=True)


def test_old_systems_find_an_old_machine(world: World) -> None:
    """And a CD whose file is gone does not keep them from starting; while it is there, it is still its owner's."""
    world.run(["sh", "-c", f"cp {ISO} {FOLDER}/once.iso && chown 4242:4242 {FOLDER}/once.iso"], check=True)
    argv = ("--iso", f"{FOLDER}/once.iso", "--profile", "legacy", "--memory", "256M", "--disk-size", "64M")
    create(world, "old", *argv, "--network", "default")
    assert disks(world, "old") == {"hda": disks(world, "old")["hda"], "hdb": f"{FOLDER}/once.iso"}
    document = world.virsh("dumpxml", "old")
    assert "virtio" not in document
    assert "rtl8139" in document
    assert "i440fx" in document
    wait_for_log(world, "old", HEARTBEAT)
    assert world.run(["stat", "-c", "%u:%g", f"{FOLDER}/once.iso"]).stdout == "4242:4242\n"
    world.inn("stop", "old", "--force", check=True)
    put_on_disk(world, "old")
    world.run(["rm", f"{FOLDER}/once.iso"], check=True)
    world.inn("start", "old", check=True)
    wait_for_log(world, "old", DISK_LINE)


def test_acpi_can_be_switched_off(world: World) -> None:
    create(world, "old", "--iso", ISO, "--profile", "legacy", "--no-acpi", "--diskless", "--no-start")
    assert "<acpi" not in world.virsh("dumpxml", "old")


def test_uefi(world: World) -> None:
    create(world, "efi", "--iso", ISO, *ALONE, "--firmware", "uefi")
    wait_for_log(world, "efi", HEARTBEAT)


def test_secure_boot_refuses_a_loader_that_nobody_signed(world: World) -> None:
    create(world, "safe", "--iso", ISO, *ALONE, "--firmware", "uefi-secure")
    said = wait_for_log(world, "safe", "Access Denied")
    assert HEARTBEAT not in said


def test_windows(world: World) -> None:
    """What Windows 11 asks for: UEFI with Secure Boot, TPM 2.0; and its drivers on a second CD."""
    argv = ("--iso", ISO, "--drivers", f"{FOLDER}/drivers.iso", "--profile", "windows", "--disk-size", "1G")
    create(world, "win", *argv, *SMALL)
    assert set(disks(world, "win")) == {"vda", "sda", "sdb"}
    document = world.virsh("dumpxml", "win")
    for part in ("offset='localtime'", "name='hpet' present='no'", "secure-boot", "<tpm model='tpm-crb'>"):
        assert part in document
    arguments = world.run(
        ["sh", "-c", "cat /proc/$(pgrep -f '^/usr/bin/qemu.*guest=win')/cmdline | tr '\\0' '\\n'"]
    ).stdout
    assert '"driver":"tpm-crb"' in arguments
    assert "--tpm2" in world.run(["sh", "-c", "cat /proc/$(pgrep -x swtpm)/cmdline | tr '\\0' ' '"]).stdout
    assert world.inn_json("show", "win")["firmware"] == "uefi-secure"
    create(
        world, "plain", "--iso", ISO, "--profile", "windows", "--no-tpm", "--disk-size", "1G", "--no-start"
    )
    assert set(disks(world, "plain")) == {"sda", "sdb"}
    document = world.virsh("dumpxml", "plain")
    assert "e1000e" in document
    assert "<tpm" not in document


def test_a_tpm_that_the_host_cannot_emulate_is_refused(world: World) -> None:
    """libvirt looks for swtpm when it starts."""
    world.run(["mount", "--bind", "/dev/null", "/usr/bin/swtpm"], check=True)
    try:
        world.restart_libvirtd()
        refused = create(world, "no", "--pxe", "--tpm", check=False)
        assert refused.returncode == 2
        assert "swtpm" in refused.stderr
        create(world, "win", "--iso", ISO, "--profile", "windows", "--diskless", "--no-start")
        assert "<tpm" not in world.virsh("dumpxml", "win")
    finally:
        world.run(["umount", "/usr/bin/swtpm"], check=True)
        world.restart_libvirtd()


def test_the_first_boot_is_the_kernel_s_and_the_next_the_disk_s(world: World) -> None:
    """The kernel finds no init, panics and reboots: what an installer does at its end."""
    world.run(["sh", "-c", f"cp {FOLDER}/disk.raw {POOL}/ && virsh -q pool-refresh default"], check=True)
    place = ("--location", f"{FOLDER}/tree", "--kernel-args", f"{ARGUMENTS} rdinit=/none")
    disk = ("--disk", "default/disk.raw", "--disk-format", "raw")
    create(world, "loc", *place, *disk, *SMALL, "--network", "none", "--wait", "installed")
    said = wait_for_log(world, "loc", DISK_LINE)
    assert said.count("Kernel panic") == 1
    for which in ((), ("--inactive",)):
        document = world.virsh("dumpxml", "loc", *which)
        assert "<kernel>" not in document
        assert "<on_reboot>restart" in document
    world.inn("delete", "loc", "--force", check=True)
    world.inn("purge", "loc", "--yes", check=True)
    assert "disk.raw" in world.virsh("vol-list", "default")
    world.virsh("vol-delete", "disk.raw", "default")


@contextlib.contextmanager
def web_server(world: World) -> Iterator[str]:
    """Of the folder with the media, inside the world; its URL."""
    script = str(Path(__file__).parents[1] / "web_server.py")
    with world.popen([sys.executable, script, FOLDER], stdin=-1, stdout=-1) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()
            process.wait(timeout=30)


def test_a_tree_on_a_web_server(world: World) -> None:
    before = world.fingerprint()
    with web_server(world) as url:
        for place, said in (
            (f"{url}/nothing", "no kernel"),
            (f"{url}/tree/images/pxeboot/vmlinuz,{url}/404/x", "the server has no"),
            (f"{url}/circle/tree/images/pxeboot/vmlinuz,{url}/x", "leads on"),
            (f"{url}/liar/tree/images/pxeboot/vmlinuz,{url}/x", "more than"),
            (f"{url}/partial/tree/images/pxeboot/vmlinuz", "cut off"),
            (f"{url}/tree/images/pxeboot/vmlinuz,{url}/partial/tree/images/pxeboot/initrd.img", "cut off"),
        ):
            refused = create(world, "far", "--location", place, *ALONE, check=False)
            assert refused.returncode == (1 if said == "cut off" else 2), refused
            assert said in refused.stderr
            assert "Traceback" not in refused.stderr
            assert diff(before, world.fingerprint(), LASTING) == "", refused
        arguments = f"{ARGUMENTS} inst.repo=mine"
        create(world, "far", "--location", f"{url}/tree", "--kernel-args", arguments, "--diskless", *SMALL)
    wait_for_log(world, "far", HEARTBEAT)
    assert "far" in world.virsh("vol-list", "default")


def test_network_boot(world: World) -> None:
    world.virsh("net-define", "/dev/stdin", input=NETWORK)
    world.virsh("net-start", "pxe")
    try:
        create(world, "net", "--pxe", "--network", "pxe", "--diskless", *SMALL)
        wait_for_log(world, "net", HEARTBEAT, timeout=600)
        world.inn("stop", "net", "--force", check=True)
    finally:
        world.virsh("net-destroy", "pxe")
        world.virsh("net-undefine", "pxe")


def test_several_share_a_cd(world: World) -> None:
    create(world, "many", "--iso", ISO, "--count", "2", "--disk-size", "64M", "--no-start")
    first, second = disks(world, "many-1"), disks(world, "many-2")
    assert first["sda"] == second["sda"] == ISO
    assert first["vda"] != second["vda"]


def test_memory_that_was_promised_is_not_promised_again(world: World) -> None:
    (most,) = [line.split()[2] for line in world.virsh("nodeinfo").splitlines() if "Memory size" in line]
    wanted = ("--memory", str((int(most) << 10) - (100 << 20)), "--pxe", "--diskless", "--network", "default")
    refused = create(world, "big", *wanted, check=False)
    assert refused.returncode == 2
    assert "--overcommit" in refused.stderr
    create(world, "big", *wanted, "--no-start")
    refused = world.inn("start", "big")
    assert (refused.returncode, "--overcommit" in refused.stderr) == (2, True)
    world.inn("start", "big", "--overcommit", check=True)
    refused = create(world, "more", *wanted[2:], "--memory", "512M", check=False)
    assert refused.returncode == 2
    assert "big" not in world.virsh("list", "--name", "--inactive").split()


def test_disks_that_the_pool_cannot_hold(world: World) -> None:
    refused = create(world, "big", "--pxe", "--disk-size", "4000T", check=False)
    assert (refused.returncode, "--overcommit" in refused.stderr) == (2, True)
    create(world, "big", "--pxe", "--disk-size", "2000T", "--overcommit", "--no-start", check=False)
    with world.limit_disk(64 << 20):
        world.virsh("pool-refresh", "default")
        world.run(["sh", "-c", f"head -c 66900000 /dev/zero >{POOL}/filler; true"], check=True)
        refused = create(world, "big2", "--pxe", "--disk-size", "16M", check=False)
        assert (refused.returncode, "nearly full" in refused.stderr) == (2, True), refused
        world.run(["rm", f"{POOL}/filler"], check=True)
    with world.limit_disk(32 << 20):
        world.run(["sh", "-c", f"mkdir -m 700 /var/lib/closed && cp {ISO} /var/lib/closed/"], check=True)
        refused = create(world, "big3", "--iso", "/var/lib/closed/tiny.iso", "--diskless", check=False)
        world.run(["rm", "-r", "/var/lib/closed"], check=True)
        assert (refused.returncode, "needed" in refused.stderr) == (2, True), refused
    world.virsh("pool-refresh", "default")


def test_last_changes_are_judged_by_libvirt(world: World) -> None:
    base = ("--pxe", "--diskless", "--no-start")
    create(world, "mine", *base, "--xml", "./title=A & B", "--xml", "./devices/rng=")
    document = world.virsh("dumpxml", "mine")
    assert "<title>A &amp; B</title>" in document
    assert "<rng" not in document
    before = world.fingerprint()
    for edit, said in (
        ("./cpu/@mode=nonsense", "nonsense"),
        ("./devices/tmp/@model=x", "devices/tmp"),
        ("./os/type/@machine=nonsense", "PCI"),
        ("./name=other", "name"),
        ("./devices/nothing=", "nothing"),
    ):
        refused = create(world, "bad", *base, "--xml", edit, check=False)
        assert refused.returncode == 2, refused
        assert said in refused.stderr, refused
    shape = (
        "./devices/disk/@type=file",
        "./devices/disk/target/@dev=vda",
        "./devices/disk/driver/@type=qcow2",
    )
    create(world, "theirs", "--pxe", "--disk-size", "1M", "--no-start")
    theft = f"./devices/disk/source/@file={disks(world, 'theirs')['vda']}"
    words = [word for edit in (*shape, theft) for word in ("--xml", edit)]
    refused = create(world, "thief", *base, *words, check=False)
    assert (refused.returncode, "theirs" in refused.stderr) == (2, True), refused
    world.inn("delete", "theirs", check=True)
    world.inn("purge", "theirs", "--yes", check=True)
    assert diff(before, world.fingerprint(), LASTING) == ""
