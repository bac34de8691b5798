"""Guests are compared file by file, from inside, before and after: built, pulled, imported, exported and imported
elsewhere, backed up and restored. (An image made of a guest: test_image_make_clean.py.)"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.every_file import (
    IDENTITY,
    RUNNING,
    SECONDS,
    boot,
    every_file,
    inside,
    on_image,
    start,
    unlike,
)
from tests.world import ROOT, World

pytestmark = pytest.mark.long

IMAGE = "/var/lib/libvirt/innkeeper-images/debian-12.qcow2"
SMALL = ("--memory", "768M")
GUEST = "web"
WORK = """
set -e
rm -rf /srv/*; mkdir -p /srv/deep/er; cd /srv/deep
head -c 30M /dev/urandom >noise; head -c 3000000 /dev/zero >er/zeros
for i in $(seq 300); do head -c $((i * 37)) /dev/urandom >"file $i"; done
: >empty; ln noise er/again; echo x >'名字'; truncate -s 5M hole; sync
"""
MOVED = re.compile(r"/etc/machine-id$")
"""What a guest that comes back as another one has of its own."""


@pytest.fixture(scope="module")
def here() -> Iterator[World]:
    """A world with an image that was built, and a running guest of it."""
    with World() as world:
        world.seed_image("debian-12")
        boot(world, GUEST, "--image", "debian-12", *SMALL)
        yield world


@pytest.fixture(scope="module")
def built(here: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is in the image, read from outside."""
    copy = str(here.directory / "image.qcow2")
    here.run(["cp", "--reflink=auto", IMAGE, copy], check=True)
    found = on_image(here, copy, tmp_path_factory.mktemp("image"))
    here.run(["rm", copy, f"{copy}.raw"], check=True)
    return found


def test_built(here: World, built: dict[str, str]) -> None:
    """The guest has what was put into its image; and of each package what the distributor says it has."""
    assert unlike(built, every_file(here, GUEST), RUNNING, IDENTITY) == []
    told = inside(here, GUEST, "dpkg --verify").splitlines()
    changed = [line for line in told if not line.startswith("missing")]
    assert all(re.search(r" c /etc/", line) for line in changed), changed  # configuration
    gone = [line.split()[-1] for line in told if line.startswith("missing")]
    assert all(path.startswith(("/usr/share/doc/", "/usr/share/man/", "/usr/share/")) for path in gone), gone


def test_backed_up_and_restored(here: World) -> None:
    """While it runs; beside the original."""
    inside(here, GUEST, WORK)
    before = every_file(here, GUEST)
    made = here.inn_json("backup", "create", GUEST, timeout=SECONDS)
    assert (made["state"], made["frozen"]) == ("running", True)
    inside(here, GUEST, "rm -r /srv/deep; echo later >/srv/later; sync")
    here.inn("backup", "restore", made["id"], "--as", "again", check=True, timeout=SECONDS)
    start(here, "again")
    assert unlike(before, every_file(here, "again"), RUNNING, MOVED) == []
    assert len([path for path in before if path.startswith("/srv/deep/")]) == 306
    here.inn("delete", "again", "--force", check=True)
    here.inn("purge", "again", "--yes", check=True)


def test_exported_and_imported_elsewhere(here: World) -> None:
    """While it runs; on a host that does not have the image that it stands on."""
    inside(here, GUEST, WORK)
    before = every_file(here, GUEST)
    bundle = str(here.directory / "web.inn")
    told = here.inn_json("export", GUEST, bundle, timeout=SECONDS)
    assert (told["state"], told["frozen"]) == ("running", True)
    assert here.inn_json("show", GUEST)["state"] == "running"
    here.inn("stop", GUEST, "--force", check=True)  # the other boots faster
    with World() as there:
        boot(there, GUEST, "--import", bundle)
        assert unlike(before, every_file(there, GUEST), RUNNING) == []
    Path(bundle).unlink()


SERVE = """
import sys
from pathlib import Path
from tests.distributors import mirror_setting, published
from tests.web_server import WebServer
name, path = sys.argv[1:]
image = Path(path).read_bytes()
with WebServer(published(lambda asked: image if asked == name else asked.encode()).files) as url:
    print(mirror_setting(url), flush=True)
    sys.stdin.read(1)
"""


def test_pulled(here: World, built: dict[str, str]) -> None:
    """From Debian's own layout on a local server, by the catalogue."""
    argv = [sys.executable, "-c", SERVE, "debian-12-generic-amd64-20260806-2562.qcow2", IMAGE]
    with here.popen(argv, stdin=-1, stdout=-1, env={"PYTHONPATH": str(ROOT)}) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        env = {"INNKEEPER_MIRRORS": server.stdout.readline().strip()}
        done = here.inn("image", "pull", "debian-12", "--as", "pulled", env=env, timeout=SECONDS)
        server.stdin.close()
        assert done.returncode == 0, done.stderr
    assert here.inn_json("image", "show", "pulled")["origin"]["url"].endswith("-20260806-2562.qcow2")
    boot(here, "two", "--image", "pulled", *SMALL)
    assert unlike(built, every_file(here, "two"), RUNNING, IDENTITY) == []
    here.inn("delete", "two", "--force", check=True)
    here.inn("purge", "two", "--yes", check=True)


def test_imported(here: World, built: dict[str, str]) -> None:
    """A disk of another format from elsewhere, as an image."""
    disk = str(here.directory / "disk.vmdk")
    here.run(["qemu-img", "convert", "-O", "vmdk", IMAGE, disk], check=True, timeout=SECONDS)
    facts = ("--boot-pattern", "login:", "--user", "debian", "--cloud-init", "--agent", "--os", "debian12")
    here.inn("image", "import", disk, "--name", "brought", *facts, check=True, timeout=SECONDS)
    here.run(["rm", disk], check=True)
    boot(here, "three", "--image", "brought", *SMALL)
    assert unlike(built, every_file(here, "three"), RUNNING, IDENTITY) == []
