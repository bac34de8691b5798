"""`inn image pull`, from a distributor that is not always what it should be: a whole image under its name, or none."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from innkeeper.image.recipes.tiny import CMDLINE
from tests.fingerprint import Fingerprint
from tests.real.distributor import Distributor, bootable, disk, wait_for
from tests.real.faults import KILLED, changes, points
from tests.real.tiny_shell import TinyShell
from tests.signing import Signer
from tests.world import World

STATE = "/var/lib/innkeeper"
DOWNLOADS = f"{STATE}/downloads"
POOL = "/var/lib/libvirt/innkeeper-images"
STORE = (f"file{DOWNLOADS}", f"name{DOWNLOADS}", f"file{STATE}/offers.json")
"""What a download that broke off leaves is named, and goes on from there; and what is known of distributors' news."""
PULL = ("image", "pull", "plain")
HELD = ("held", 1_000_000)
"""So many bytes come, and then none until the server is told otherwise."""
DISK = "1/disk.qcow2"


@pytest.fixture(scope="module")
def site() -> Iterator[Distributor]:
    with World() as world:
        world.seed_image("tiny")
        made = Distributor(world)
        yield made
        made.close()


@pytest.fixture(scope="module")
def first(site: Distributor) -> bytes:
    return disk(site.world)


@pytest.fixture
def shop(site: Distributor, first: bytes) -> Iterator[Distributor]:
    """One version of `plain`; and afterwards no image of it, and nothing left of any pull."""
    site.publish("1", {"disk.qcow2": first})
    yield site
    world = site.world
    world.inn("operation", "clean", check=True)
    for guest in world.virsh("list", "--all", "--name").split():
        world.inn("delete", guest, "--force", check=True)
        world.inn("purge", guest, "--yes", check=True)
    for image in world.inn_json("image", "list"):
        if image["name"] != "tiny":
            world.inn("image", "remove", image["name"], check=True)
    world.run(["rm", "-rf", DOWNLOADS], check=True)
    site.withdraw()
    assert world.run(["ls", POOL]).stdout.split() == ["tiny.initrd", "tiny.json", "tiny.kernel", "tiny.qcow2"]
    script = f"ls {STATE}/operations {STATE}/work 2>/dev/null | grep -v :; pgrep -x curl"
    assert world.run(["sh", "-c", script]).stdout.split() == []


def is_there(shop: Distributor, data: bytes, name: str = "plain") -> None:
    """Whole, and just as it was published."""
    (volume,) = shop.world.inn_json("image", "show", name)["files"]
    told = shop.world.run(["sha256sum", f"{POOL}/{volume}"], check=True).stdout
    assert told.split()[0] == hashlib.sha256(data).hexdigest()
    shop.world.run(["qemu-img", "check", "-q", f"{POOL}/{volume}"], check=True)


def downloads(shop: Distributor) -> dict[str, int]:
    """Ending → bytes."""
    found = shop.world.run(
        ["sh", "-c", f"cd {DOWNLOADS} 2>/dev/null && stat -c '%s %n' *"]
    ).stdout.splitlines()
    return {line.rpartition(".")[2]: int(line.split()[0]) for line in found}


def begin(shop: Distributor, *argv: str, says: Path | None = None) -> subprocess.Popen[str]:
    """What it tells goes into that file."""
    inn = str(Path(sys.executable).parent / "inn")
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
    if says is None:
        return shop.world.popen([inn, *argv], **pipes, stderr=subprocess.PIPE)
    with says.open("w") as file:
        return shop.world.popen([inn, *argv], **pipes, stderr=file)


def wait_for_bytes(shop: Distributor, process: subprocess.Popen[str], least: int) -> None:
    wait_for(lambda: downloads(shop).get("part", 0) >= least, process)


def wait_for_words(file: Path, words: str, process: subprocess.Popen[str]) -> None:
    wait_for(lambda: words in file.read_text(), process)


def inner(process: subprocess.Popen[str]) -> int:
    """The number of `inn` itself: nsenter is its parent."""
    return int(subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout)


Packed = tuple[dict[str, bytes], dict[str, str]]


@pytest.fixture(scope="module")
def packed(site: Distributor) -> Packed:
    return bootable(site.world, CMDLINE)


def test_a_guest_of_what_was_pulled(shop: Distributor, packed: Packed) -> None:
    """Packed, signed in the text; and every file on its disk is as the distributor packed it."""
    files, sums = packed
    shop.publish("2", files)
    said = shop.world.inn("image", "pull", "small", check=True)
    assert shop.signer.fingerprint in said.stdout
    shown = shop.world.inn_json("image", "show", "small")
    assert (shown["release"], shown["origin"]["url"]) == ("2", f"{shop.url}/2/disk.raw.xz")
    assert (shown["user"], shown["login"], shown["virtual_size"]) == ("root", "serial", 40 << 20)
    shop.world.inn("create", "web", "--image", "small", "--wait", "boot", check=True, timeout=400)
    with TinyShell(shop.world, "web") as shell:
        shell.run("mkdir /tmp/f; dd if=/dev/vda bs=1M skip=32 2>/dev/null | tar -x -C /tmp/f")
        told = shell.run("cd /tmp/f; find . -type f -exec sha256sum '{}' +")
    seen = {line[66:]: line[:64] for line in told.splitlines()}
    assert seen == sums
    assert downloads(shop) == {}


def test_signed_itself_in_a_tar(shop: Distributor, packed: Packed) -> None:
    shop.publish("2", packed[0])
    shop.world.inn("image", "pull", "file-signed", "--as", "other", check=True)
    (volume,) = shop.world.inn_json("image", "show", "other")["files"]
    raw = str(shop.world.directory / "bootable" / "disk.raw")
    shop.world.run(["qemu-img", "compare", "-q", raw, f"{POOL}/{volume}"], check=True)
    shop.put("2/disk.tar.gz.sig", shop.signer.detached(b"another file"))
    base = shop.world.fingerprint()
    assert refused(shop, base, "image", "pull", "file-signed").startswith("signature.bad")


def test_there_current_and_newer(shop: Distributor, first: bytes) -> None:
    """An image that is there stays until a newer one is asked for; what stands on the old one keeps it."""
    world = shop.world
    assert world.inn_json(*PULL)["outcome"] == "pulled"
    asked = len(shop.asked("list.html"))
    assert world.inn_json(*PULL)["outcome"] == "there"
    assert len(shop.asked("list.html")) == asked, "nobody is asked"
    assert world.inn_json(*PULL, "--refresh")["outcome"] == "current"
    world.inn("create", "web", "--image", "plain", "--no-start", check=True)
    second = disk(world)
    shop.publish("10", {"disk.qcow2": second})
    told = world.inn_json(*PULL, "--refresh")
    assert (told["outcome"], told["version"]) == ("pulled", "10")
    is_there(shop, second)
    assert [one["release"] for one in world.inn_json("image", "list", "--all") if one["name"] == "plain"] == [
        "10",
        "1",
    ]
    assert world.inn_json("image", "show", "plain@1")["guests"] == ["web"]
    is_there(shop, first, "plain@1")
    shop.withdraw()
    shop.publish("9", {"disk.qcow2": first})
    assert world.inn_json(*PULL, "--refresh")["outcome"] == "current", "a mirror that is behind"


def refused(shop: Distributor, base: Fingerprint, *argv: str) -> str:
    """Its code, when the world is as it was but for a part that says so."""
    done = shop.world.inn(*argv, "--json", timeout=300)
    assert done.returncode in (1, 2), done
    assert "Traceback" not in done.stderr
    assert changes(base, shop.world.fingerprint(), STORE) == ""
    return str(json.loads(done.stderr[done.stderr.index("{\n") :])["code"])


def test_refused(shop: Distributor, first: bytes, tmp_path: Path) -> None:
    world, data, base = shop.world, DISK, shop.world.fingerprint()
    assert refused(shop, base, "image", "pull", "no-such") == "image.not_offered"
    assert refused(shop, base, *PULL, "--arch", "arm64") == "image.not_offered_for"
    assert refused(shop, base, *PULL, "--as", "tiny") == "image.not_pulled"
    assert refused(shop, base, *PULL, "--as", "../x") == "request.name"
    assert "curl" in world.inn(*PULL, "--dry-run", "--explain", check=True).stdout
    assert changes(base, world.fingerprint(), STORE[2:]) == ""
    another = first[:-1] + bytes([first[-1] ^ 1])
    # another content, cut where nothing follows, more than it may be, an image that leads elsewhere
    shop.put(data, another)
    assert refused(shop, base, *PULL) == "image.digest"
    shop.put(data, first)
    shop.way(data, "says", 1 << 40)
    assert refused(shop, base, *PULL) == "web.too_large"
    shop.way(data, "packed")
    assert refused(shop, base, *PULL) == "web.packed"
    shop.way(data, "to", "file:///etc/passwd")
    assert refused(shop, base, *PULL) == "web.redirects"
    assert downloads(shop) == {}
    # whoever holds the server, but not the key
    mallory = Signer(tmp_path / "k", "Mallory <m@evil.example>")
    try:
        shop.way(data)
        shop.publish("1", {"disk.qcow2": another}, mallory)
        assert refused(shop, base, *PULL) == "signature.other_key"
        shop.put("keys", mallory.public())
        assert refused(shop, base, *PULL) == "signature.other_key"
    finally:
        mallory.close()
        shop.put("keys", shop.signer.public())
    shop.publish("1", {"disk.qcow2": first})
    shop.put("1/SHA256SUMS", b"0" * 64 + b"  disk.qcow2\n")
    assert refused(shop, base, *PULL) == "signature.bad"


@pytest.mark.parametrize(
    "name", ["small", *(pytest.param(one, marks=pytest.mark.long) for one in ("plain", "file-signed"))]
)
def test_explained(shop: Distributor, packed: Packed, tmp_path: Path, name: str) -> None:
    """Whoever types what it tells has the same image."""
    world, folder = shop.world, tmp_path / "typed"
    folder.mkdir()
    shop.publish("2", {**packed[0], "disk.qcow2": disk(world)})
    plan = world.inn_json("image", "pull", name, "--dry-run", "--explain")
    for file, text in plan["documents"].items():
        (folder / file).write_text(text)
    script = "\n".join(plan["commands"])
    done = world.run(["sh", "-c", f"cd {folder} && exec sh -e"], input=f"{script}\n", timeout=300)
    assert done.returncode == 0, f"{script}\n--- which said\n{done.stderr}"
    world.virsh("pool-refresh", "innkeeper-images")
    typed = world.inn_json("image", "show", name)
    world.inn("image", "remove", name, check=True)
    assert world.inn_json("image", "pull", name)["outcome"] == "pulled"
    pulled = world.inn_json("image", "show", name)
    assert {**typed, "built": 0} == {**pulled, "built": 0}


def test_hostile_images(shop: Distributor) -> None:
    """Signed or not: what leads out of the image, or unpacks to more than was said, is no image."""
    folder = shop.world.directory / "hostile"
    folder.mkdir()
    make = (
        f"cd {folder} && qemu-img create -q -f qcow2 -b /etc/passwd -F raw leads.qcow2 && "
        "qemu-img create -q -f qcow2 large.qcow2 1G && truncate -s 160M bomb && xz -1 -k bomb && "
        "head -c 1000000 /dev/urandom >rubbish"
    )
    subprocess.run(["sh", "-c", make], check=True)
    base = shop.world.fingerprint()
    read = {
        name: (folder / name).read_bytes() for name in ("leads.qcow2", "large.qcow2", "bomb.xz", "rubbish")
    }
    for name, code in (
        ("leads.qcow2", "disk.unsafe_reference"),
        ("large.qcow2", "disk.bomb"),
        ("rubbish", "disk."),
    ):
        shop.publish("3", {"disk.qcow2": read[name]})
        assert refused(shop, base, *PULL).startswith(code)
    shop.publish("3", {"disk.raw.xz": read["bomb.xz"]})
    assert refused(shop, base, "image", "pull", "small") == "unpack.too_large"


SHARED = "another process downloads it"


def test_two_at_once(shop: Distributor, first: bytes, tmp_path: Path) -> None:
    """From two shells: one download, and both have the image; also under another name."""
    shop.way(DISK, *HELD)
    one = begin(shop, *PULL, "--json")
    wait_for_bytes(shop, one, 1_000_000)
    others = {
        tmp_path / "two": begin(shop, *PULL, says=tmp_path / "two"),
        tmp_path / "twin": begin(shop, *PULL, "--as", "twin", says=tmp_path / "twin"),
    }
    for says, process in others.items():
        wait_for_words(says, SHARED, process)
    shop.way(DISK)
    said = [process.communicate(timeout=120)[0] for process in (one, *others.values())]
    assert [process.returncode for process in (one, *others.values())] == [0, 0, 0]
    assert json.loads(said[0])["outcome"] == "pulled"
    assert "is there already" in said[1]
    is_there(shop, first)
    is_there(shop, first, "twin")
    assert len(shop.asked(DISK)) == 1
    assert downloads(shop) == {}


def test_one_of_two_is_stopped(shop: Distributor, first: bytes, tmp_path: Path) -> None:
    """The other goes on where it was."""
    shop.way(DISK, *HELD)
    one = begin(shop, *PULL)
    wait_for_bytes(shop, one, 1_000_000)
    two = begin(shop, *PULL, says=tmp_path / "two")
    wait_for_words(tmp_path / "two", SHARED, two)
    os.kill(inner(one), signal.SIGINT)
    one.communicate(timeout=60)
    assert one.returncode == 1
    shop.way(DISK)
    two.communicate(timeout=120)
    assert two.returncode == 0, (tmp_path / "two").read_text()
    is_there(shop, first)
    assert [asked["Range"] for asked in shop.asked(DISK)] == [None, "bytes=1000000-"]


@pytest.mark.parametrize(
    "way",
    [
        "KILL",
        "INT",
        pytest.param("TERM", marks=pytest.mark.long),
        pytest.param("HUP", marks=pytest.mark.long),
    ],
)
def test_stopped_in_the_middle(shop: Distributor, first: bytes, way: str) -> None:
    """What had come is not fetched again, and until all of it is there there is no image."""
    shop.way(DISK, *HELD)
    process = begin(shop, *PULL)
    wait_for_bytes(shop, process, 1_000_000)
    os.kill(inner(process), getattr(signal, f"SIG{way}"))
    process.communicate(timeout=60)
    assert process.returncode != 0
    kept = downloads(shop)
    assert set(kept) == {"part", "json"}
    assert [one["name"] for one in shop.world.inn_json("image", "list")] == ["tiny"]
    assert kept["part"] == 1_000_000
    shop.way(DISK)
    said = shop.world.inn(*PULL, check=True).stderr
    assert "going on with the download" in said
    assert [asked["Range"] for asked in shop.asked(DISK)] == [None, "bytes=1000000-"]
    is_there(shop, first)
    assert downloads(shop) == {}


QUICK = ("download.done", "publish", "manifest.done")
POINTS = points("image.pull", frozenset({"prune"}))


@pytest.mark.parametrize(
    "point", [pytest.param(one, marks=[] if one in QUICK else [pytest.mark.long]) for one in POINTS]
)
def test_killed_at_a_step(shop: Distributor, first: bytes, point: str) -> None:
    before = shop.world.fingerprint()
    done = shop.world.inn(*PULL, env={"INNKEEPER_STOP_AT": point})
    assert done.returncode == KILLED, done
    (left,) = shop.world.inn_json("operation", "list")
    assert (left["verb"], left["target"], left["state"]) == ("image.pull", "plain", "interrupted")
    assert left["step"] == point.removesuffix(".done")
    shop.world.inn("operation", "clean", check=True)
    assert changes(before, shop.world.fingerprint(), STORE) == ""
    shop.world.inn(*PULL, check=True)
    is_there(shop, first)
    assert len(shop.asked(DISK)) == 1, "it is fetched once"


LONGER = ("publish.done", "prune", "prune.done")


@pytest.mark.parametrize(
    "point", ["manifest.done", *(pytest.param(one, marks=pytest.mark.long) for one in LONGER)]
)
def test_a_newer_one_killed_at_a_step(shop: Distributor, first: bytes, point: str) -> None:
    """The image is the old one or the new one, and repeating makes it the new one."""
    world, second = shop.world, disk(shop.world)
    world.inn(*PULL, check=True)
    shop.publish("2", {"disk.qcow2": second})
    assert world.inn(*PULL, "--refresh", env={"INNKEEPER_STOP_AT": point}).returncode == KILLED
    is_there(shop, first if point == "publish.done" else second)
    world.inn(*PULL, "--refresh", check=True)
    is_there(shop, second)
    assert len(shop.asked("2/disk.qcow2")) == 1


def test_a_full_disk(shop: Distributor, first: bytes) -> None:
    """Where downloads are, and where images are: nothing under a name, and with room it goes on."""
    world = shop.world
    world.run(["mkdir", "-p", "-m", "700", DOWNLOADS], check=True)
    before = world.fingerprint()
    with world.limit_disk(1 << 20, DOWNLOADS):
        done = world.inn(*PULL)
        assert done.returncode in (1, 2), done
        world.inn("operation", "clean", check=True)
    assert changes(before, world.fingerprint(), STORE) == ""
    with world.limit_disk(20 << 20, POOL):
        world.run(["sh", "-c", f"cat /dev/zero >{POOL}/filler 2>/dev/null; true"])
        done = world.inn(*PULL)
        assert done.returncode in (1, 2), done
        world.run(["rm", f"{POOL}/filler"], check=True)
        world.inn("operation", "clean", check=True)
        assert [one["name"] for one in world.inn_json("image", "list")] == ["tiny"]
    world.virsh("pool-refresh", "innkeeper-images")
    asked = len(shop.asked(DISK))
    world.inn(*PULL, check=True)
    is_there(shop, first)
    assert len(shop.asked(DISK)) == asked, "the whole file was kept when only the pool was full"
