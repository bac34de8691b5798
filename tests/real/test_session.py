"""An ordinary user's own libvirt: no rights on the host, user networking, a forwarded port."""

from __future__ import annotations

import json
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
