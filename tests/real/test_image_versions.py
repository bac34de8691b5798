"""An image whose place another takes: what stands on it stays, readers always find one, old ones go by rule, and who is
killed on the way leaves one or the other."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.world import World

POOL = "/var/lib/libvirt/innkeeper-images"
GUEST = ("--memory", "64M", "--cpus", "1", "--network", "none", "--no-start")


@pytest.fixture(scope="module")
def stocked() -> Iterator[World]:
    """Four small disks that differ."""
    with World() as world:
        script = (
            'for i in 1 2 3 4; do head -c 64K /dev/urandom >"$1/$i.raw" && truncate -s 1M "$1/$i.raw"; done'
        )
        world.run(["sh", "-c", script, "sh", str(world.home)], check=True)
        yield world


@pytest.fixture
def web(stocked: World) -> Iterator[World]:
    """An image `web` of the first of them, and none of it afterwards."""
    put(stocked, 1)
    yield stocked
    for guest in stocked.virsh("list", "--all", "--name").split():
        stocked.virsh("undefine", guest)
    script = "rm -f /var/lib/libvirt/images/* /var/lib/libvirt/innkeeper-images/*"
    stocked.run(["sh", "-c", script], check=True)
    for pool in ("default", "innkeeper-images"):
        stocked.virsh("pool-refresh", pool)


def put(world: World, number: int, *options: str, **more: Any) -> Any:
    argv = ("image", "import", f"{world.home}/{number}.raw", "--name", "web", "--format", "raw", *options)
    return world.inn(*argv, **more)


def versions(world: World) -> list[str]:
    """The newest first, as they are asked for."""
    return [f"{one['name']}@{one['release']}" for one in world.inn_json("image", "list", "--all")]


def holds(world: World, name: str, number: int) -> bool:
    """Whether that version has the content of that disk."""
    disk = world.inn_json("image", "show", name)["files"]
    (volume,) = disk
    done = world.run(["qemu-img", "compare", "-q", f"{POOL}/{volume}", f"{world.home}/{number}.raw"])
    return done.returncode == 0


def whole(world: World) -> dict[str, list[str]]:
    """Every manifest of the pool and the files that it names, each there with its checksum; no other file."""
    listed = world.run(["ls", POOL], check=True).stdout.split()
    found: dict[str, list[str]] = {}
    for name in listed:
        if name.endswith(".json"):
            files = json.loads(world.run(["cat", f"{POOL}/{name}"], check=True).stdout)["files"]
            found[name] = sorted(files)
            for file, facts in files.items():
                held = world.run(["sha256sum", f"{POOL}/{file}"], check=True).stdout.split()[0]
                assert held == facts["sha256"], (name, file)
    named = {*found, *(file for files in found.values() for file in files)}
    assert named == set(listed)
    return found


def test_what_stands_on_an_old_version_keeps_it(web: World) -> None:
    web.inn("create", "one", "--image", "web", *GUEST, check=True)
    put(web, 2, "--replace", check=True)
    web.inn("create", "two", "--image", "web", *GUEST, check=True)
    newest, oldest = versions(web)
    assert [holds(web, name, number) for name, number in (("web", 2), (newest, 2), (oldest, 1))] == [True] * 3
    assert web.inn_json("image", "show", oldest)["guests"] == ["one"]
    shown = web.inn_json("image", "show", "web")
    assert (shown["guests"], shown["versions"], shown["old"]) == (["two"], [oldest], False)
    put(web, 3, "--replace", env={"INNKEEPER_IMAGES_KEEP": "0"}, check=True)
    put(web, 4, "--replace", env={"INNKEEPER_IMAGES_KEEP": "0"}, check=True)
    # The third had no guest.
    assert [holds(web, name, number) for name, number in zip(versions(web), (4, 2, 1), strict=True)] == [
        True
    ] * 3
    web.inn("create", "three", "--image", oldest, *GUEST, check=True)
    backing = web.run(["sh", "-c", "qemu-img info -U /var/lib/libvirt/images/three-*.qcow2"]).stdout
    assert f"{POOL}/web.qcow2" in backing
    whole(web)


def test_removing(web: World) -> None:
    put(web, 2, "--replace", check=True)
    put(web, 3, "--replace", check=True)
    web.inn("create", "one", "--image", "web", *GUEST, check=True)
    newest, middle = versions(web)
    for name in ("web", newest):
        refused = web.inn("image", "remove", name)
        assert refused.returncode == 2
        assert "in use by: one" in refused.stderr
    assert f"one ({newest})" in web.inn("image", "remove", "web").stderr
    assert web.inn("image", "remove", "web@no-such").returncode == 2
    assert middle in web.inn("image", "show", "web@no-such").stderr
    web.inn("delete", "one", check=True)
    web.inn("purge", "one", "--yes", check=True)
    web.inn("image", "remove", newest, check=True)
    assert versions(web) == [middle]
    assert holds(web, "web", 2)
    put(web, 4, "--replace", check=True)
    web.inn("image", "remove", middle, check=True)
    assert holds(web, "web", 4)
    put(web, 1, "--replace", check=True)
    web.inn("image", "remove", "web", check=True)
    assert whole(web) == {}


def test_how_many_are_kept(web: World) -> None:
    assert put(web, 2).returncode == 2
    refused = put(web, 2, "--replace", env={"INNKEEPER_IMAGES_KEEP": "many"})
    assert (refused.returncode, "images_keep" in refused.stderr) == (2, True)
    for number in (2, 3, 4):
        put(web, number, "--replace", env={"INNKEEPER_IMAGES_KEEP": "2"}, check=True)
    assert [holds(web, name, number) for name, number in zip(versions(web), (4, 3, 2), strict=True)] == [
        True
    ] * 3
    put(web, 1, "--replace", check=True)
    assert len(versions(web)) == 2
    whole(web)


READER = """
import os, sys
from innkeeper import connect
from innkeeper.image import catalogue
host, seen = connect(), set()
print("ready", flush=True)
while not os.path.exists(sys.argv[1]):
    found = catalogue.find(host, "web")
    assert found is not None, "find"
    assert [one.name for one in catalogue.manifests(host)] == ["web"], "manifests"
    catalogue.refuse_gone(host, found)
    seen.add(found.order)
print(sorted(seen))
"""


def test_readers_always_find_it(web: World) -> None:
    """Two of them at work while its place is taken again and again. Two old versions stay, since a reader may be at its
    own while the next but one comes."""
    end = f"{web.home}/end"
    argv = [sys.executable, "-c", READER, end]
    readers = [web.popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    assert all(reader.stdout and reader.stdout.readline() == "ready\n" for reader in readers)
    for number in (2, 3, 4, 1, 2):
        put(web, number, "--replace", env={"INNKEEPER_IMAGES_KEEP": "3"}, check=True)
    web.run(["touch", end], check=True)
    for reader in readers:
        told, errors = reader.communicate(timeout=60)
        assert reader.returncode == 0, errors
        assert len(json.loads(told)) > 1, "it did not look while it was replaced"
    web.run(["rm", end], check=True)


def test_kept_when_a_guest_came_to_stand_on_it(web: World) -> None:
    """Whoever was killed had made it, and did not live to say so."""
    assert put(web, 2, "--replace", env={"INNKEEPER_STOP_AT": "manifest.done"}).returncode == -9
    assert holds(web, "web", 2)
    web.inn("create", "one", "--image", "web", *GUEST, check=True)
    web.inn("operation", "clean", check=True)
    assert holds(web, "web", 2)
    assert web.inn_json("image", "show", "web")["guests"] == ["one"]
    whole(web)


KILL_AT = """
import os, signal, sys
from innkeeper.virt import storage
left = int(sys.argv.pop(1))
def counted(deed):
    def do(*args, **options):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return deed(*args, **options)
    return do
storage.Pool.create = counted(storage.Pool.create)
storage.Volume.delete, storage.Volume.upload = counted(storage.Volume.delete), counted(storage.Volume.upload)
from innkeeper.cli.main import main
main()
"""


@pytest.mark.long
def test_killed_before_each_change_of_the_pool(web: World) -> None:
    """Replace and prune, then remove the newest: between any two calls of libvirt's that change a volume."""
    put(web, 2, "--replace", check=True)
    file = f"{web.home}/3.raw"
    for argv, least in (
        (("image", "import", file, "--name", "web", "--format", "raw", "--replace"), 9),
        (("image", "remove", "NEWEST"), 4),
    ):
        deeds = 0
        while True:
            deeds += 1
            words = [versions(web)[0] if word == "NEWEST" else word for word in argv]
            before = whole(web)
            done = web.run([sys.executable, "-c", KILL_AT, str(deeds), *words])
            if done.returncode != -9:
                break
            assert web.inn_json("image", "show", "web")["name"] == "web"
            web.inn("operation", "clean", check=True)
            after = whole(web)
            assert web.inn_json("operation", "list") == []
            if before != after:  # past the point from which it only goes on
                assert after["web.json"] != before["web.json"]
                put(web, 2, "--replace", check=True)
        assert done.returncode == 0, done
        assert deeds > least, "it was killed nowhere"


def test_a_full_pool_keeps_what_it_had(web: World) -> None:
    """Same content on the small file system: room for the old version, none for the new."""
    script = 'head -c 8M /dev/urandom >"$1/large.raw"'
    web.run(["sh", "-c", script, "sh", str(web.home)], check=True)
    before = whole(web)
    with web.limit_disk(6 << 20, POOL):
        web.virsh("pool-refresh", "innkeeper-images")
        argv = ("image", "import", f"{web.home}/large.raw", "--name", "web", "--format", "raw", "--replace")
        failed = web.inn(*argv)
        assert failed.returncode == 1, failed
        assert whole(web) == before
        assert holds(web, "web", 1)
        assert web.inn_json("operation", "list") == []
    web.virsh("pool-refresh", "innkeeper-images")
    web.run(["rm", f"{web.home}/large.raw"], check=True)
