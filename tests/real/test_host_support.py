"""What a host says that its guests can have is what `inn create` takes, and no more."""

from __future__ import annotations

from typing import Any

from innkeeper import messages
from tests.world import World

OPTIONS = {
    "firmwares": "--firmware",
    "buses": "--bus",
    "networks": "--network",
    "pools": "--pool",
    "accels": "--accel",
}
"""List of the view → the option that takes its names."""


def support(world: World, *arguments: str) -> dict[str, Any]:
    view: dict[str, Any] = world.inn_json("host", "support", *arguments)
    return view


def test_what_is_offered_is_taken_and_the_rest_is_refused(tiny_world: World) -> None:
    machine = "pc"
    view = support(tiny_world, "--machine", machine)
    assert (view["machine"], view["accel"] in ("kvm", "tcg")) == (machine, True)
    for name, option in OPTIONS.items():
        for offer in view[name]:
            arguments = ["create", "web", "--image", "tiny", "--machine", machine, option, offer["name"]]
            if name in ("firmwares", "buses"):  # an image says itself what it boots by
                arguments[2:4] = ["--pxe"]
            made = tiny_world.inn(*arguments, "--dry-run")
            assert (made.returncode == 0) is offer["possible"], (arguments, made.stderr, offer)
            assert offer["possible"] is (offer["reason"] is None)
            if offer["reason"]:
                assert messages.has(offer["reason"]), offer
                assert messages.has(offer["reason"] + ".remedy"), offer
    tpm = tiny_world.inn("create", "web", "--pxe", "--machine", machine, "--tpm", "--dry-run")
    assert (tpm.returncode == 0) is view["tpm"]["possible"]


def test_the_usual_is_what_a_guest_gets(tiny_world: World) -> None:
    view = support(tiny_world)
    usual = {name: [one["name"] for one in view[name] if one["usual"]] for name in OPTIONS}
    document = next(iter(tiny_world.inn_json("create", "web", "--pxe", "--dry-run")["documents"].values()))
    assert f"<target dev='vda' bus='{usual['buses'][0]}'".replace("'", '"') in document.replace("'", '"')
    assert ("<loader" in document or "firmware=" in document) is (usual["firmwares"] != ["bios"])
    assert (usual["networks"], usual["pools"]) == (["default"], ["default"])
    linux = next(profile for profile in view["profiles"] if profile["name"] == "linux")
    assert (linux["usual"], linux["possible"], linux["bus"]) == (True, True, usual["buses"][0])
    assert view["machines"][0]["usual"]


def test_what_is_not_active_is_told_with_its_reason(new_world: World) -> None:
    new_world.virsh("net-destroy", "default")
    new_world.virsh("pool-destroy", "default")
    new_world.virsh("pool-define-as", "blocks", "logical", "--target", "/dev/blocks")
    view = support(new_world)
    reasons = {name: {one["name"]: one["reason"] for one in view[name]} for name in ("networks", "pools")}
    assert reasons["networks"] == {"default": "network.inactive", "user": None, "none": None}
    assert reasons["pools"] == {"default": "pool.inactive", "blocks": "support.pool_kind"}
    said = new_world.inn("host", "support").stdout
    assert "blocks" in said.partition("Not possible here:")[2]


def test_what_the_host_has_no_qemu_for(world: World) -> None:
    view = support(world)
    missing = [one for one in view["arches"] if not one["possible"]]
    assert {one["reason"] for one in missing} <= {"support.no_emulator"}
    for one in missing:
        refused = world.inn("host", "support", "--arch", one["name"])
        assert (refused.returncode, one["name"] in refused.stderr) == (2, True)


def test_of_a_users_own_session(world: World) -> None:
    view = world.as_user().inn_json("-c", "qemu:///session", "host", "support")
    assert [one["name"] for one in view["networks"]] == ["user", "none"]
    assert [one["reason"] for one in view["sources"] if one["name"] == "pxe"] == ["support.no_netboot"]
