"""An image of a real Debian, cleaned by virt-sysprep: what it loses, what it keeps, and two guests of it that are two
machines. Needs guestfs-tools and a kernel for them, which is much for a test machine: so only in the long run."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator

import pytest

from tests.world import World

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(shutil.which("virt-sysprep") is None, reason="needs guestfs-tools"),
]
SECONDS = 1800
FORWARDED = {
    key: value for key, value in os.environ.items() if key.startswith(("PATH", "SUPERMIN_", "LIBGUESTFS_"))
}
"""Where libguestfs is, and where it finds a kernel on a machine that has none in /boot."""
SUMS = r"""
find / -xdev -type f ! -path '/proc/*' ! -path '/sys/*' ! -path '/run/*' ! -path '/tmp/*' ! -path '/var/tmp/*' \
    -print0 | sort -z | xargs -0 sha256sum
"""
MARK = """
set -e
echo kept >/home/debian/work; echo kept >/srv/data; crontab -l 2>/dev/null || true
echo secret >/root/.bash_history; echo secret >/home/debian/.python_history
sync
"""
IDENTITY = re.compile(
    r"/etc/(machine-id|hostname|hosts|ssh/ssh_host_.*|shadow-?|gshadow-?|passwd-?|group-?|subuid-?|subgid-?|resolv.conf"
    r"|sudoers.d/90-cloud-init-users|systemd/network/10-cloud-init.*|netplan/.*|blkid.tab|locale.conf|default/locale"
    r"|apt/.*|ssh/sshd_config.d/50-cloud-init.conf|\.pwd\.lock|adjtime|fstab|cloud/.*)$"
    r"|/(root|home/[^/]+)/(\.ssh/.*|\..*_history|\.lesshst|\.viminfo)$"
    r"|/var/(log|lib/(cloud|systemd|dhcp|dbus|private)|cache|lib/apt|lib/dpkg)/.*|/boot/efi/.*"
)
"""Files that are a machine's own, or that its first boot writes."""


@pytest.fixture(scope="module")
def twins() -> Iterator[tuple[World, dict[str, str]]]:
    """A world with two running guests of an image that was made of `web`, and the sums of all of web's files."""
    with World() as world:
        world.seed_image("debian-12")
        start(world, "web", "debian-12")
        inside(world, "web", MARK)
        sums = files(world, "web")
        world.inn("stop", "web", check=True, timeout=SECONDS)
        world.run(
            ["sh", "-c", f"sha256sum /var/lib/libvirt/images/web-????????.qcow2 >{world.home}/web.sum"],
            check=True,
        )
        world.inn("image", "make", "web", "--name", "golden", env=FORWARDED, check=True, timeout=SECONDS)
        for name in ("one", "two"):
            start(world, name, "golden")
        yield world, sums


def start(world: World, name: str, image: str) -> None:
    options = ("--memory", "768M", "--wait", "agent", "--timeout", str(SECONDS))
    world.inn("create", name, "--image", image, *options, check=True, timeout=SECONDS)
    inside(world, name, "cloud-init status --wait")


def inside(world: World, name: str, script: str) -> str:
    done = world.inn("exec", name, "--via", "agent", "--", "sh", "-c", script, timeout=SECONDS)
    assert done.returncode in (0, 2), done.stderr  # cloud-init says 2 for a warning
    return done.stdout


def files(world: World, name: str) -> dict[str, str]:
    """Path → sum, of all that is not a machine's own."""
    lines = (line.split(maxsplit=1) for line in inside(world, name, SUMS).splitlines())
    return {path: held for held, path in lines if not IDENTITY.match(path)}


def test_the_guest_was_not_changed(twins: tuple[World, dict[str, str]]) -> None:
    world, _ = twins
    world.run(["sha256sum", "-c", f"{world.home}/web.sum"], check=True)


def test_files_are_the_same_but_for_identity(twins: tuple[World, dict[str, str]]) -> None:
    world, sums = twins
    for name in ("one", "two"):
        held = files(world, name)
        different = {path for path in {*sums, *held} if sums.get(path) != held.get(path)}
        assert not different, sorted(different)[:40]
    assert "/home/debian/work" in sums
    assert len(sums) > 5000


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
