"""An ordinary user's own libvirt: no rights on the host, user networking, a forwarded port."""

from __future__ import annotations

import json
import re
import socket
from typing import Any

import pytest

from tests.world import Inside, World

PROBE = """
import json, sys
from innkeeper import connect, guest
with connect() as host:
    target = guest.ssh(host, name=sys.argv[1])
    again = guest.ssh(host, name=sys.argv[1])
    view = guest.show(host, name=sys.argv[1])
    print(json.dumps({"uri": host.uri, "port": target.port, "again": again.port, "argv": target.argv,
                      "address": target.address, "log": view.serial_log}))
"""
TWICE = """
from innkeeper import connect, guest
from innkeeper.guest.making.creation import _Birth

def twice(deed):
    def both(*args):
        deed(*args)
        deed(*args)
    return both

fields = {"image": "bare", "memory": 64 << 20, "accel": "tcg"}
with connect() as host:
    guest.create(host, name="once", **fields)
    for name in ("define", "volumes", "seed", "address", "publish", "start"):
        setattr(_Birth, name, twice(getattr(_Birth, name)))
    guest.create(host, name="both", full=False, **fields)
    guest.create(host, name="full", full=True, **fields)
"""
CONNECT = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10): pass
"""


@pytest.fixture(scope="module")
def visitor(world: World) -> Inside:
    """Who says which libvirt: the system's has a socket here too, and is never left out in silence."""
    user = world.as_user()
    user.environment["LIBVIRT_DEFAULT_URI"] = "qemu:///session"
    # A socket's path has 107 characters at most, and a world's homes are deep.
    user.environment["XDG_CONFIG_HOME"] = user.environment["XDG_RUNTIME_DIR"] + "/config"
    return user


@pytest.fixture(scope="module")
def made(visitor: Inside) -> dict[str, Any]:
    """The guest `mine`, on a disk that holds nothing: its firmware waits for ever, which is all that is needed."""
    disk = f"{visitor.environment['HOME']}/disk.qcow2"
    visitor.run(["qemu-img", "create", "-q", "-f", "qcow2", disk, "64M"], check=True)
    options = ("--disk", disk, "--memory", "64M", "--accel", "tcg")
    view: dict[str, Any] = visitor.inn_json("create", "mine", *options)
    return view


def test_the_system_s_libvirt_is_not_swapped_for_another_in_silence(world: World) -> None:
    done = world.as_user().inn("list", "--json")
    assert (done.returncode, json.loads(done.stderr)["code"]) == (2, "libvirt.unreachable")


def test_a_guest_of_one_s_own(visitor: Inside, made: dict[str, Any]) -> None:
    assert (made["name"], made["state"]) == ("mine", "running")
    assert [nic["kind"] for nic in made["nics"]] == ["user"]
    assert [row["name"] for row in visitor.inn_json("list")] == ["mine"]
    assert visitor.virsh("-c", "qemu:///session", "list", "--name").split() == ["mine"]
    assert visitor.inn("show", "mine", check=True).stdout


def test_the_system_s_libvirt_knows_nothing_of_it(world: World, made: dict[str, Any]) -> None:
    assert world.virsh("list", "--all", "--name").split() == []


def test_its_serial_log_is_the_user_s_own(visitor: Inside, made: dict[str, Any]) -> None:
    log = made["serial_log"]
    assert log.startswith(f"{visitor.environment['HOME']}/.cache/libvirt/qemu/log/mine-")
    owner = visitor.run(["stat", "-c", "%U", log], check=True).stdout.strip()
    assert owner == "visitor"


def test_a_port_leads_into_it(world: World, visitor: Inside, made: dict[str, Any]) -> None:
    """Made once, there for others to connect to; nobody answers behind it, for no system runs in there."""
    told = json.loads(visitor.python(PROBE, "mine", check=True).stdout)
    assert (told["uri"], told["address"]) == ("qemu:///session", "127.0.0.1")
    assert told["port"] == told["again"] > 1023
    assert told["argv"][-3:] == ["-p", str(told["port"]), "inn@127.0.0.1"] or told["argv"][-1].endswith(
        "@127.0.0.1"
    )
    world.python(CONNECT, str(told["port"]), check=True)
    assert world.python(CONNECT, str(free_port()), check=False).returncode != 0


def test_the_port_is_the_same_in_its_next_run(visitor: Inside, made: dict[str, Any]) -> None:
    port = json.loads(visitor.python(PROBE, "mine", check=True).stdout)["port"]
    visitor.inn("stop", "mine", "--force", check=True)
    visitor.inn("start", "mine", check=True)
    forwards = visitor.virsh("qemu-monitor-command", "--hmp", "mine", "info usernet")
    assert f"127.0.0.1 {port} " in forwards, "it is there before anybody asks"
    told = visitor.inn("ssh-config", "mine", check=True).stdout
    assert f"  Port {port}\n" in told


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--network", "default"), "network.no_bridge"),
        (("--network", "user", "--ip", "10.0.2.20"), "request.together"),
        (("--memory", "64M", "--wait", "boot"), "guest.no_boot_pattern"),
    ],
)
def test_refusals(visitor: Inside, made: dict[str, Any], options: tuple[str, ...], code: str) -> None:
    disk = f"{visitor.environment['HOME']}/other.qcow2"
    visitor.run(["qemu-img", "create", "-q", "-f", "qcow2", disk, "1M"], check=True)
    done = visitor.inn("create", "other", "--disk", disk, *options, "--json")
    assert done.returncode == 2, done.stderr
    assert code in done.stdout + done.stderr
    assert [row["name"] for row in visitor.inn_json("list", "--all")] == ["mine"]


@pytest.fixture
def bare(visitor: Inside) -> None:
    """An image with nothing on it, put there by hand, and the pools it needs."""
    home = visitor.environment["HOME"]
    for pool in ("innkeeper-images", "default"):
        visitor.virsh("pool-define-as", pool, "dir", "--target", f"{home}/{pool}")
        visitor.virsh("pool-build", pool)
        visitor.virsh("pool-start", pool)
    disk = f"{home}/innkeeper-images/bare.qcow2"
    visitor.run(["qemu-img", "create", "-q", "-f", "qcow2", disk, "8M"], check=True)
    manifest = {"version": 1, "name": "bare", "arch": "x86_64", "disk": "bare.qcow2", "disk_format": "qcow2"}
    manifest |= {"virtual_size": 8 << 20, "files": {"bare.qcow2": {"size": 196616, "sha256": "0" * 64}}}
    manifest |= {"built": 0, "source": "by hand", "user": "inn", "cloud_init": True}
    visitor.run(["tee", f"{home}/innkeeper-images/bare.json"], input=json.dumps(manifest), check=True)


def plain(visitor: Inside, name: str) -> str:
    """Its document without what is each guest's own."""
    text = visitor.virsh("dumpxml", "--inactive", name)
    uuid = visitor.virsh("domuuid", name).strip()
    text = (
        text.replace(uuid, "UUID").replace(f"{name}-{uuid[:8]}", "STEM").replace(f"<name>{name}</name>", "")
    )
    return re.sub(r"<mac address=.*|<innkeeper:(created|operation)>.*", "", text)


@pytest.mark.usefixtures("bare")
def test_every_deed_of_create_done_twice_leaves_what_it_leaves_once(
    visitor: Inside, made: dict[str, Any]
) -> None:
    visitor.python(TWICE, check=True)
    rows = {row["name"]: row["state"] for row in visitor.inn_json("list", "--all")}
    assert rows == dict.fromkeys(("mine", "once", "both", "full"), "running")
    assert plain(visitor, "once") == plain(visitor, "both") == plain(visitor, "full")
    volumes = [line.split()[0] for line in visitor.virsh("vol-list", "default").splitlines() if line.strip()]
    assert len(volumes) == 6
    assert visitor.inn_json("operation", "list") == []
    for name in ("once", "both", "full"):
        visitor.inn("delete", name, "--force", check=True)
        visitor.inn("purge", name, "--yes", check=True)
    assert visitor.virsh("vol-list", "default").split() == []


def test_to_the_bin_and_away(visitor: Inside, made: dict[str, Any]) -> None:
    """Comes last. The user's disk was there before the guest, and stays."""
    visitor.inn("delete", "mine", "--force", check=True)
    assert visitor.inn_json("list") == []
    visitor.inn("purge", "mine", "--yes", check=True)
    assert visitor.virsh("-c", "qemu:///session", "list", "--all", "--name").split() == []
    home = visitor.environment["HOME"]
    left = visitor.run(
        ["sh", "-c", f"ls {home}/disk.qcow2 {home}/.cache/libvirt/qemu/log"], check=True
    ).stdout
    assert "disk.qcow2" in left
    assert "mine-" not in left
    assert visitor.inn_json("operation", "list") == []
