"""Networks with a guest on them and pools, on the command line and through a server that keeps them in mind."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server import Server
from tests.world import World

API = "/api/v1/hosts/local"


@pytest.fixture(scope="module")
def world(tiny_world: World) -> World:
    tiny_world.inn("create", "web1", "--image", "tiny", "--wait", "ip", check=True)
    tiny_world.inn("create", "web2", "--image", "tiny", "--network", "user", "--no-start", check=True)
    return tiny_world


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[Server]:
    with Server(world) as made:
        yield made


def got(server: Server, path: str) -> Any:
    answer = server.client.get(f"{API}/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def until(server: Server, path: str, holds: Any) -> Any:
    deadline = time.monotonic() + 10
    while not holds(found := got(server, path)):
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    return found


def test_a_guest_and_its_lease(world: World) -> None:
    view = world.inn_json("network", "show", "default")
    (card,) = view["cards"]
    (lease,) = view["leases"]
    assert (card["guest"], card["state"], card["plugged"], card["link"]) == ("web1", "running", True, True)
    assert card["addresses"] == [lease["address"]]
    assert (lease["guest"], lease["mac"]) == ("web1", card["mac"])
    assert lease["expires"] > time.time()
    assert world.run(["ip", "link", "show", card["device"]]).returncode == 0
    said = world.inn("network", "show", "default").stdout
    assert lease["address"] in said
    assert card["mac"] in said
    rows = world.inn_json("network", "list")
    assert [(row["name"], row["leases"], len(row["cards"])) for row in rows] == [("default", 1, 1)]
    everything = world.inn_json("network", "list", "--all")
    assert [row["id"] for row in everything] == ["network:default", "user:user"]
    assert "web1" not in world.inn("network", "list", "--all").stdout
    refused = world.inn("network", "show", "nowhere", "--json")
    assert (refused.returncode, json.loads(refused.stderr)["code"]) == (2, "network.unknown")


def test_a_server_tells_the_same_and_what_changes(world: World, server: Server) -> None:
    (row,) = got(server, "networks")
    assert row == world.inn_json("network", "list")[0]
    assert got(server, "networks/default") == world.inn_json("network", "show", "default")
    assert server.client.get(f"{API}/networks/nowhere").json()["code"] == "network.unknown"
    world.virsh("start", "web2")
    rows = until(server, "networks?all=true", lambda rows: rows[-1]["cards"][0]["plugged"])
    assert rows[-1]["id"] == "user:user"
    world.virsh("domif-setlink", "web1", row["cards"][0]["mac"], "down")
    until(server, "networks", lambda rows: not rows[0]["cards"][0]["link"])
    world.virsh("destroy", "web1")
    until(server, "networks/default", lambda view: not view["cards"][0]["plugged"])
    assert got(server, "networks/default")["cards"][0]["addresses"] == []


def test_a_bridge_of_the_host_and_what_is_in_it(world: World, server: Server) -> None:
    world.run(["ip", "link", "add", "br7", "type", "bridge"], check=True)
    world.run(
        ["ip", "link", "add", "out7", "master", "br7", "type", "veth", "peer", "name", "far7"], check=True
    )
    document = "<network><name>lan</name><forward mode='bridge'/><bridge name='br7'/></network>"
    world.run(["sh", "-c", f'echo "{document}" >/var/lib/lan.xml'], check=True)
    world.virsh("net-create", "/var/lib/lan.xml")
    rows = until(server, "networks", lambda rows: len(rows) == 2)
    lan = rows[1]
    assert (lan["mode"], lan["bridge"], lan["outside"], lan["persistent"]) == (
        "bridge",
        "br7",
        ["out7"],
        False,
    )
    world.virsh("net-destroy", "lan")
    until(server, "networks", lambda rows: len(rows) == 1)


def test_pools(world: World, server: Server) -> None:
    rows = {row["name"]: row for row in world.inn_json("pool", "list")}
    assert rows.keys() == {"default", "innkeeper-images"}
    default = rows["default"]
    assert default["allocation"] == default["capacity"] - default["available"]
    view = world.inn_json("pool", "show", "default")
    assert view["volumes"] == len(world.inn_json("volume", "list", "default")) > 0
    assert view["promised"] > view["taken"] > 0
    assert "default" in world.inn("pool", "list").stdout
    assert view["path"] in world.inn("pool", "show", "default").stdout
    world.run(["truncate", "-s", "1M", f"{view['path']}/by-hand.raw"], check=True)
    found = until(server, "pools/default", lambda seen: seen["volumes"] == view["volumes"] + 1)
    assert found["promised"] == view["promised"] + (1 << 20)
    world.virsh("pool-destroy", "default")
    found = until(server, "pools", lambda seen: not seen[0]["active"])
    assert (found[0]["capacity"], found[0]["volumes"]) == (None, None)
    world.virsh("pool-start", "default")
    refused = world.inn("pool", "show", "nowhere", "--json")
    assert (refused.returncode, json.loads(refused.stderr)["code"]) == (2, "pool.unknown")
