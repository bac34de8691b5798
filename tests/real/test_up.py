"""script/up and script/down in a world: what they start, leave alone, ask, and take away."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Iterator

import pytest

from tests.world import ROOT, Completed, Inside, World, diff

HOST_PART = (
    "choose_road && echo road $road ${network[@]} && need_daemons && need_network_default"
    " && need_pool_default /var/lib/libvirt/images"
)


def script(inside: Inside, name: str, *arguments: str) -> Completed:
    return inside.run([str(ROOT / "script" / name), *arguments], timeout=600)


def host_part(world: World) -> Completed:
    code = f". {ROOT}/script/lib.sh; . {ROOT}/script/host.sh; {HOST_PART}"
    return world.run(["bash", "-c", code], check=True)


@pytest.fixture
def bare() -> Iterator[World]:
    """A world as the packages leave a machine without systemd: no daemon, nothing active, /dev/kvm for root alone."""
    with World() as world:
        world.environment["INNKEEPER_CHECKOUT_STATE"] = str(world.directory / "state")
        for command in ("net-destroy", "net-undefine", "pool-destroy", "pool-undefine"):
            world.virsh(command, "default")
        world.stop_libvirtd()
        world.run(
            ["sh", "-c", "kill $(cat /run/virtlogd.pid); while pgrep virtlogd; do sleep 0.05; done"],
            check=True,
        )
        if os.path.exists("/dev/kvm"):
            world.run(["sh", "-c", "chown root:root /dev/kvm; chmod 600 /dev/kvm"], check=True)
        yield world


def running(world: World) -> set[str]:
    return set(world.run(["ps", "-A", "-o", "comm="], check=True).stdout.split())


def test_a_bare_machine_is_made_ready_and_put_back(bare: World) -> None:
    first = host_part(bare).stdout
    assert "road system" in first
    assert "✓ start virtlogd and libvirtd" in first
    assert bare.virsh("net-list", "--autostart", "--name").split() == ["default"]
    assert bare.virsh("pool-list", "--autostart", "--name").split() == ["default"]
    before = bare.fingerprint()
    second = host_part(bare).stdout
    assert "✓ libvirt answers" in second
    assert "start" not in second
    assert diff(before, bare.fingerprint()) == ""
    down = script(bare, "down")
    assert down.returncode == 0, down.stderr
    assert not {"libvirtd", "virtlogd", "dnsmasq"} & running(bare)
    assert "virbr0" not in bare.run(["ip", "link"]).stdout
    if os.path.exists("/dev/kvm"):
        assert bare.run(["stat", "-c", "%a %G", "/dev/kvm"]).stdout.strip() == "600 root"
    autostarted = [
        "/etc/libvirt/qemu/networks/autostart/default.xml",
        "/etc/libvirt/storage/autostart/default.xml",
    ]
    for link in autostarted:
        assert bare.run(["test", "-e", link]).returncode == 1, f"{link} was not there before"
    assert "started nothing" in script(bare, "down").stdout


def test_down_also_takes_what_a_second_up_started(bare: World) -> None:
    host_part(bare)
    bare.run(
        ["sed", "-i", "/^autostart/d", f"{bare.environment['INNKEEPER_CHECKOUT_STATE']}/started"], check=True
    )
    script(bare, "down")
    host_part(bare)  # here libvirtd starts the network by itself: it stayed autostarted
    script(bare, "down")
    assert not {"libvirtd", "virtlogd", "dnsmasq"} & running(bare)


def test_down_leaves_what_it_did_not_start(world: World) -> None:
    world.environment["INNKEEPER_CHECKOUT_STATE"] = str(world.directory / "state")
    before = world.fingerprint()
    host_part(world)
    assert script(world, "down").returncode == 0
    assert diff(before, world.fingerprint()) == ""


def test_daemons_stay_while_other_guests_run(bare: World) -> None:
    host_part(bare)
    guest = "<domain type='qemu'><name>other</name><memory>32768</memory><os><type>hvm</type></os></domain>"
    bare.run(["sh", "-c", "cat > /run/other.xml"], input=guest, check=True)
    bare.virsh("create", "/run/other.xml")
    down = script(bare, "down")
    assert "other guests are running: other" in down.stdout
    assert {"libvirtd", "virtlogd", "dnsmasq", "qemu-system-x86"} <= running(bare)
    bare.virsh("destroy", "other")
    assert script(bare, "down").returncode == 0
    assert not {"libvirtd", "virtlogd", "dnsmasq"} & running(bare)


def test_up_tiny_to_a_login_and_down_again(bare: World) -> None:
    host_part(bare)
    bare.seed_image("tiny")
    up = script(bare, "up", "--tiny")
    assert up.returncode == 0, up.stdout + up.stderr
    assert ".venv/bin/inn console hello" in up.stdout
    assert "http://127.0.0.1:8006/#link=" in up.stdout
    assert bare.virsh("domstate", "hello").strip() == "running"
    again = script(bare, "up", "--tiny")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "guest hello is running" in again.stdout
    assert "the server is running" in again.stdout
    assert again.stdout.splitlines()[-1] != up.stdout.splitlines()[-1], "another link"
    kept = script(bare, "down")
    assert kept.returncode == 0, kept.stdout + kept.stderr
    assert "hello is kept" in kept.stdout
    assert "✓ the server ended" in kept.stdout
    assert bare.inn("token", "link").returncode == 2, "no server runs any more"
    assert not {"libvirtd", "virtlogd", "dnsmasq", "qemu-system-x86"} & running(bare)
    host_part(bare)
    assert bare.virsh("domstate", "hello").strip() == "shut off"
    assert script(bare, "up", "--tiny").returncode == 0
    assert bare.virsh("domstate", "hello").strip() == "running"
    assert answered(bare, "n\n", "down").returncode == 0
    host_part(bare)
    assert "hello" in bare.virsh("list", "--all", "--name").split()
    up = script(bare, "up", "--tiny")
    assert up.returncode == 0, up.stdout + up.stderr
    down = script(bare, "down", "--yes")
    assert down.returncode == 0, down.stdout + down.stderr
    assert "remove guest hello" in down.stdout
    host_part(bare)
    assert bare.virsh("list", "--all", "--name").split() == []


def answered(world: World, answer: str, name: str) -> Completed:
    """A script at a terminal whose person types `answer`."""
    ours, theirs = pty.openpty()
    try:
        os.write(ours, answer.encode())
        argv = [str(ROOT / "script" / name)]
        with world.popen(argv, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            out, _ = process.communicate(timeout=120)
        return subprocess.CompletedProcess([name], process.returncode, out, "")
    finally:
        os.close(ours)
        os.close(theirs)


def test_without_root_the_unprivileged_road_is_taken_and_said() -> None:
    """Needs the way to a package mirror, as a person's first run does."""
    with World(network="host") as world:
        visitor = world.as_user()
        visitor.environment["INNKEEPER_CHECKOUT_STATE"] = f"{visitor.environment['HOME']}/state"
        up = script(visitor, "up", "--tiny")
        assert up.returncode == 0, up.stdout + up.stderr
        assert "not root: your own libvirt (qemu:///session), user networking" in up.stdout
        assert "LIBVIRT_DEFAULT_URI=qemu:///session .venv/bin/inn console hello" in up.stdout
        assert visitor.virsh("-c", "qemu:///session", "domstate", "hello").strip() == "running"
        assert world.virsh("list", "--all", "--name").split() == []
        down = script(visitor, "down", "--yes")
        assert down.returncode == 0, down.stdout + down.stderr
        assert visitor.virsh("-c", "qemu:///session", "list", "--all", "--name").split() == []
