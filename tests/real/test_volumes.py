"""`inn volume`, and volumes through a server: what is refused, what comes out as it went in, a CD that boots."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real import boot_media
from tests.server import Server
from tests.world import World

POOL = "/api/v1/hosts/local/pools/default/volumes"


DOCUMENT = """<domain type='qemu'><name>user</name><memory unit='MiB'>32</memory>
<os><type arch='x86_64'>hvm</type></os><devices><disk type='volume' device='disk'>
<driver name='qemu' type='qcow2'/><source pool='default' volume='above.qcow2'/><target dev='vda' bus='virtio'/>
</disk></devices></domain>"""


@pytest.fixture(scope="module")
def media(tiny_world: World) -> str:
    return boot_media.make(tiny_world)


@pytest.fixture(scope="module")
def server(tiny_world: World) -> Iterator[Server]:
    with Server(tiny_world) as made:
        yield made


def refused(world: World, *argv: str) -> str:
    done = world.inn("volume", *argv, "--json")
    assert done.returncode == 2, done.stderr
    code: str = json.loads(done.stderr)["code"]
    return code


def names(world: World) -> list[str]:
    return [row["name"] for row in world.inn_json("volume", "list", "default")]


def test_a_file_goes_in_and_comes_out_as_it_was(tiny_world: World) -> None:
    world, before = tiny_world, names(tiny_world)
    world.run(["qemu-img", "create", "-q", "-f", "qcow2", "/var/lib/a.qcow2", "64M"], check=True)
    world.run(["qemu-io", "-c", "write -P 7 1M 3M", "/var/lib/a.qcow2"], check=True)
    made = world.inn_json("volume", "upload", "default/a.qcow2", "/var/lib/a.qcow2")
    assert (made["format"], made["capacity"]) == ("qcow2", 64 << 20)
    assert refused(world, "upload", "default/a.qcow2", "/var/lib/a.qcow2") == "volume.exists"
    world.inn("volume", "upload", "default/a.qcow2", "/var/lib/a.qcow2", "--replace", check=True)
    world.inn("volume", "download", "default/a.qcow2", "/var/lib/b.qcow2", check=True)
    world.run(["qemu-img", "compare", "-q", "/var/lib/a.qcow2", "/var/lib/b.qcow2"], check=True)
    assert refused(world, "download", "default/a.qcow2", "/var/lib/b.qcow2") == "cli.file_exists"
    world.inn("volume", "download", "default/a.qcow2", "-", check=True)
    world.inn("volume", "remove", "default/a.qcow2", check=True)
    assert names(world) == before
    assert refused(world, "remove", "default/a.qcow2") == "volume.unknown"
    assert refused(world, "remove", "a.qcow2") == "volume.unnamed"
    assert refused(world, "list", "nowhere") == "pool.unknown"


def test_what_points_outside_is_refused(tiny_world: World) -> None:
    world, before = tiny_world, names(tiny_world)
    path = "/var/lib/trojan.qcow2"
    options = ["-q", "-f", "qcow2", "-u", "-b", "/etc/shadow", "-F", "raw"]
    world.run(["qemu-img", "create", *options, path, "1M"], check=True)
    assert refused(world, "upload", "default/t.qcow2", path) == "disk.unsafe_reference"
    assert refused(world, "upload", "default/t.qcow2", "/var/lib/nothing") == "disk.not_found"
    assert refused(world, "upload", "default/../../etc/cron.d/x", path) == "request.name"
    assert names(world) == before


def test_what_somebody_uses_stays(tiny_world: World) -> None:
    world = tiny_world
    world.virsh("vol-create-as", "default", "base.qcow2", "16M", "--format", "qcow2")
    above = ["--backing-vol", "base.qcow2", "--backing-vol-format", "qcow2"]
    world.virsh("vol-create-as", "default", "above.qcow2", "16M", "--format", "qcow2", *above)
    assert refused(world, "remove", "default/base.qcow2") == "volume.in_use"
    world.run(["sh", "-c", "cat >/var/lib/user.xml"], input=DOCUMENT, check=True)
    world.virsh("define", "/var/lib/user.xml")
    assert refused(world, "remove", "default/base.qcow2") == "volume.in_use"
    assert refused(world, "remove", "default/above.qcow2") == "volume.in_use"
    file = "/var/lib/libvirt/images/base.qcow2"
    assert refused(world, "upload", "default/above.qcow2", file, "--replace") == "volume.in_use"
    rows = {row["name"]: row["used_by"] for row in world.inn_json("volume", "list", "default")}
    assert rows["base.qcow2"] == rows["above.qcow2"] == ["user"]
    world.virsh("undefine", "user")
    for name in ("above.qcow2", "base.qcow2"):
        world.inn("volume", "remove", f"default/{name}", check=True)


def test_a_cd_is_uploaded_to_the_server_and_boots(server: Server, tiny_world: World, media: str) -> None:
    inside = tiny_world.directory / "tiny.iso"
    tiny_world.run(["cp", f"{media}/tiny.iso", str(inside)], check=True)
    body = Path(inside).read_bytes()
    place = server.client.post("/api/v1/uploads", json={"size": len(body)}).headers["location"]
    headers = {"Content-Type": "application/offset+octet-stream"}
    for at in range(0, len(body), 20_000_000):
        piece = body[at : at + 20_000_000]
        answer = server.client.patch(place, content=piece, headers=headers | {"Upload-Offset": str(at)})
        assert answer.status_code == 204, answer.text
    asked = {"name": "tiny.iso", "file": server.client.get(place).json()["reference"]}
    answer = server.client.post(POOL, json=asked, headers={"Prefer": "wait=120"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["format"] in ("iso", "raw")
    assert server.client.head(place).status_code == 404
    assert (
        server.client.get(f"{POOL}/tiny.iso/content", headers={"Range": "bytes=32769-32773"}).content
        == b"CD001"
    )
    small = ("--disk-size", "16M", "--memory", "256M", "--network", "none")
    tiny_world.inn("create", "fromcd", "--iso", "default/tiny.iso", *small, check=True)
    boot_media.wait_for_log(tiny_world, "fromcd", boot_media.HEARTBEAT)
    answer = server.client.delete(f"{POOL}/tiny.iso")
    assert (answer.status_code, answer.json()["code"]) == (409, "volume.in_use")
    tiny_world.inn("delete", "fromcd", "--force", check=True)


def test_files_travel_through_a_server(server: Server, tiny_world: World) -> None:
    world = tiny_world
    env = {"INNKEEPER_SERVER": server.url, "INNKEEPER_TOKEN": server.token}
    folder = world.directory / "far"
    folder.mkdir(exist_ok=True)
    (folder / "in.raw").write_bytes(b"\0" * (3 << 20) + os.urandom(1 << 20) + b"\0" * 1024)
    plan = world.inn(
        "volume", "upload", "default/far.raw", f"{folder}/in.raw", "--dry-run", "--json", env=env
    )
    assert json.loads(plan.stdout)["inn"] == f"inn volume upload default/far.raw {folder}/in.raw"
    assert f"{folder}/in.raw" in json.loads(plan.stdout)["summary"][0]
    done = world.inn("volume", "upload", "default/far.raw", f"{folder}/in.raw", env=env)
    assert done.returncode == 0, done.stderr
    again = world.inn("volume", "upload", "default/far.raw", f"{folder}/in.raw", env=env)
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    assert world.run(["ls", "/var/lib/innkeeper/uploads"]).stdout == ""
    planned = world.inn("volume", "download", "default/far.raw", f"{folder}/out.raw", "--dry-run", env=env)
    assert (planned.returncode, (folder / "out.raw").exists()) == (0, False)
    done = world.inn("volume", "download", "default/far.raw", f"{folder}/out.raw", env=env)
    assert done.returncode == 0, done.stderr
    out = folder / "out.raw"
    assert out.read_bytes() == (folder / "in.raw").read_bytes()
    assert out.stat().st_blocks * 512 < (3 << 20), "holes are holes again"
    refused = world.inn("volume", "download", "default/far.raw", str(out), env=env)
    assert (refused.returncode, str(out) in refused.stderr) == (2, True)
    missing = world.inn("volume", "download", "default/none.raw", f"{folder}/none", env=env)
    assert (missing.returncode, (folder / "none").exists()) == (2, False)
    piped = world.run(
        ["sh", "-c", f"{Path(sys.executable).parent}/inn volume download default/far.raw - | sha256sum"],
        env=env,
    )
    assert piped.stdout.split()[0] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert world.inn("volume", "remove", "default/far.raw", env=env).returncode == 0
