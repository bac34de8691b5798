"""An image of a real Debian, cleaned by virt-sysprep: what it loses, what it keeps, and two guests of it that are two
machines. Needs guestfs-tools and a kernel for them, which is much for a test machine: so only in the long run."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator

import pytest

from tests.real.every_file import IDENTITY, RUNNING, SECONDS, boot, every_file, inside, unlike
from tests.world import World

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(shutil.which("virt-sysprep") is None, reason="needs guestfs-tools"),
]
SMALL = ("--memory", "768M")
FORWARDED = {
    key: value for key, value in os.environ.items() if key.startswith(("PATH", "SUPERMIN_", "LIBGUESTFS_"))
}
"""Where libguestfs is, and where it finds a kernel on a machine that has none in /boot."""
MARK = """
set -e
echo kept >/home/debian/work; echo kept >/srv/data; crontab -l 2>/dev/null || true
echo secret >/root/.bash_history; echo secret >/home/debian/.python_history
sync
"""
TAKEN = re.compile(
    r"/(tmp|var/(tmp|backups|spool/mail|lib/(dpkg|misc|logrotate|sudo)))/.*|/boot/efi/.*|/etc/(fstab|adjtime)$"
)
"""What virt-sysprep takes besides."""


@pytest.fixture(scope="module")
def twins() -> Iterator[tuple[World, dict[str, str]]]:
    """A world with two running guests of an image that was made of `web`, and the sums of all of web's files."""
    with World() as world:
        world.seed_image("debian-12")
        boot(world, "web", "--image", "debian-12", *SMALL)
        inside(world, "web", MARK)
        sums = every_file(world, "web")
        world.inn("stop", "web", check=True, timeout=SECONDS)
        world.run(
            ["sh", "-c", f"sha256sum /var/lib/libvirt/images/web-????????.qcow2 >{world.home}/web.sum"],
            check=True,
        )
        world.inn("image", "make", "web", "--name", "golden", env=FORWARDED, check=True, timeout=SECONDS)
        for name in ("one", "two"):
            boot(world, name, "--image", "golden", *SMALL)
        yield world, sums


def test_the_guest_was_not_changed(twins: tuple[World, dict[str, str]]) -> None:
    world, _ = twins
    world.run(["sha256sum", "-c", f"{world.home}/web.sum"], check=True)


def test_files_are_the_same_but_for_identity(twins: tuple[World, dict[str, str]]) -> None:
    world, sums = twins
    for name in ("one", "two"):
        assert unlike(sums, every_file(world, name), RUNNING, IDENTITY, TAKEN) == []
    assert "/home/debian/work" in sums


def test_they_are_two_machines(twins: tuple[World, dict[str, str]]) -> None:
    world, _ = twins
    ids = {inside(world, name, "cat /etc/machine-id") for name in ("one", "two")}
    keys = {
        inside(world, name, "cat /etc/ssh/ssh_host_*_key.pub | cut -d' ' -f1,2") for name in ("one", "two")
    }
    assert (len(ids), len(keys)) == (2, 2)
    assert all(len(one.strip()) == 32 for one in ids)
    assert [inside(world, name, "hostname").strip() for name in ("one", "two")] == ["one", "two"]


def test_nothing_of_the_first_is_left(twins: tuple[World, dict[str, str]]) -> None:
    world, _ = twins
    told = inside(
        world, "one", "cat /root/.bash_history /home/debian/.python_history 2>&1; ls /var/lib/cloud/instances"
    )
    assert "secret" not in told
    uuid = world.virsh("domuuid", "web").strip()
    assert uuid not in told
    looked = inside(world, "one", f"grep -rl {uuid} /etc /var/lib /var/log 2>/dev/null || true")
    assert looked.strip() == ""


def test_the_image_is_no_larger_than_what_is_in_it(twins: tuple[World, dict[str, str]]) -> None:
    world, _ = twins
    used = int(inside(world, "one", "df --output=used -B1 / | tail -n 1"))
    size = world.inn_json("image", "show", "golden")["size"]
    assert size < used * 1.6
