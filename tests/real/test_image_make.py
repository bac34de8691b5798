"""Images of guests: what they hold, what is known of them, what is refused. virt-sysprep itself is in
test_image_make_clean.py; here a stand-in shows when it is called, and upon what."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from tests.world import World, diff

IMAGES, GUESTS = "/var/lib/libvirt/innkeeper-images", "/var/lib/libvirt/images"
SMALL = ("--memory", "64M", "--cpus", "1", "--network", "none", "--no-start")
STAND_IN = """#!/bin/sh
# What is called upon the copy: it is told, and the copy changed.
if [ "$1" = --list-operations ]; then
    printf 'machine-id * x\\nssh-hostkeys * x\\nssh-userdir * x\\ncustomize * x\\n'
    exit
fi
echo "${0##*/} $*" >>"${0%/*}/called"
if [ -e "${0%/*}/fail" ]; then
    echo "virt-sysprep: error: no operating systems were found" >&2
    exit 1
fi
for word; do
    [ "$before" != --add ] || qemu-io -c 'write -P 7 0 64k' "$word"
    before=$word
done
"""


@pytest.fixture(scope="module")
def made() -> Iterator[World]:
    """A world with an image `base` whose last bytes are known, `web` that stands on it and has bytes of its own, and
    stand-ins for libguestfs."""
    with World() as world:
        disk = f"{world.home}/base.qcow2"
        script = (
            'qemu-img create -q -f qcow2 "$1" 8M && qemu-io -c "write -P 1 0 1M" -c "write -P 2 4M 1M" "$1"'
        )
        world.run(["sh", "-c", script, "sh", disk], check=True)
        facts = ("--boot-pattern", "login:", "--user", "admin", "--cloud-init", "--agent", "--os", "debian12")
        world.inn("image", "import", disk, *facts, check=True)
        world.inn("create", "web", "--image", "base", "--disk-size", "16M", *SMALL, check=True)
        world.run(["sh", "-c", f"qemu-io -c 'write -P 3 1M 1M' {GUESTS}/web-????????.qcow2"], check=True)
        world.run(["mkdir", str(world.home / "stand-in")], check=True)
        for program in ("virt-sysprep", "virt-sparsify"):
            path = f"{world.home}/stand-in/{program}"
            world.run(["sh", "-c", 'cat >"$1" && chmod 755 "$1"', "sh", path], input=STAND_IN, check=True)
        yield world


def cleaned_by_stand_ins(world: World) -> dict[str, str]:
    """The environment in which they are found first."""
    return {"PATH": f"{world.home}/stand-in:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}


def sum_of(world: World, path: str) -> str:
    """Of a disk's content as a guest sees it."""
    script = f'qemu-img convert -O raw {path} "$1" && sha256sum <"$1" && rm "$1"'
    return world.run(["sh", "-c", script, "sh", f"{world.home}/raw"], check=True).stdout


def test_as_it_is(made: World) -> None:
    """One file with all that the disk stood on; what is known of the guest; the guest as it was."""
    before = made.fingerprint()
    view = made.inn_json("image", "make", "web", "--name", "golden", "--keep-identity")
    after = made.fingerprint()
    new = {key for key in after if key not in before}
    assert diff(before, after, (*new, "pool/")) == ""
    assert {key.rpartition("/")[2] for key in new if key.startswith("file/")} == {
        "golden.json",
        "golden.qcow2",
    }
    assert sum_of(made, f"{IMAGES}/golden.qcow2") == sum_of(made, f"{GUESTS}/web-????????.qcow2")
    told = json.loads(made.run(["qemu-img", "info", "--output=json", f"{IMAGES}/golden.qcow2"]).stdout)
    assert "backing-filename" not in told
    assert told["actual-size"] < (4 << 20)
    expected = {
        "user": "admin", "boot_pattern": "login:", "cloud_init": True, "agent": True, "os": "debian12",
        "firmware": ["bios", "uefi"], "virtual_size": 16 << 20, "source": "guest web",
    }  # fmt: skip
    assert {key: view[key] for key in expected} == expected
    made.inn("create", "two", "--image", "golden", *SMALL, check=True)
    assert sum_of(made, f"{GUESTS}/two-????????.qcow2") == sum_of(made, f"{IMAGES}/golden.qcow2")
    made.inn("delete", "two", check=True)
    made.inn("purge", "two", "--yes", check=True)
    made.inn("image", "remove", "golden", check=True)
    assert diff(before, made.fingerprint()) == ""


def test_what_is_said_goes_before_what_is_known(made: World) -> None:
    said = ("--os", "debian13", "--user", "root", "--login", "serial", "--boot-pattern", "ready")
    view = made.inn_json("image", "make", "web", "--name", "said", "--keep-identity", *said)
    found = {key: view[key] for key in ("os", "user", "login", "boot_pattern")}
    assert list(found.values()) == ["debian13", "root", "serial", "ready"]
    made.inn("image", "remove", "said", check=True)


def test_the_copy_is_cleaned_before_it_is_an_image(made: World) -> None:
    guest = sum_of(made, f"{GUESTS}/web-????????.qcow2")
    made.inn("image", "make", "web", "--name", "clean", env=cleaned_by_stand_ins(made), check=True)
    called = made.run(["cat", f"{made.home}/stand-in/called"], check=True).stdout.splitlines()
    assert [line.split()[0] for line in called] == ["virt-sysprep", "virt-sparsify"]
    assert (
        "--operations ssh-hostkeys,machine-id,customize,ssh-userdir" in called[0] or "machine-id" in called[0]
    )
    assert "--delete /var/lib/cloud/*" in called[0]
    assert "--firstboot-command" not in called[0]
    read = made.run(
        ["qemu-io", "-r", "-c", "read -P 7 0 64k", "-c", "read -P 3 1M 1M", f"{IMAGES}/clean.qcow2"]
    )
    assert "Pattern verification failed" not in read.stdout
    assert sum_of(made, f"{GUESTS}/web-????????.qcow2") == guest
    made.inn("image", "remove", "clean", check=True)


def test_what_cannot_be_cleaned_leaves_nothing(made: World) -> None:
    made.run(["touch", f"{made.home}/stand-in/fail"], check=True)
    before = made.fingerprint()
    refused = made.inn("image", "make", "web", "--name", "clean", env=cleaned_by_stand_ins(made))
    assert refused.returncode == 2
    assert "no operating systems were found" in refused.stderr
    assert "--keep-identity" in refused.stderr
    assert diff(before, made.fingerprint()) == ""
    made.run(["rm", f"{made.home}/stand-in/fail"], check=True)


@pytest.mark.parametrize("point", ["clean", "clean.done"])
def test_killed_while_it_is_cleaned(made: World, point: str) -> None:
    before = made.fingerprint()
    killed = made.inn(
        "image",
        "make",
        "web",
        "--name",
        "cut",
        env={**cleaned_by_stand_ins(made), "INNKEEPER_STOP_AT": point},
    )
    assert killed.returncode == -9
    assert [one["step"] for one in made.inn_json("operation", "list")] == ["clean"]
    made.inn("operation", "clean", check=True)
    assert diff(before, made.fingerprint()) == ""


def test_refusals(made: World) -> None:
    made.inn("create", "two", "--image", "base", *SMALL, check=True)
    made.virsh("vol-create-as", "default", "more.qcow2", "1M", "--format", "qcow2")
    made.virsh("attach-disk", "two", f"{GUESTS}/more.qcow2", "vdz", "--config", "--subdriver", "qcow2")
    made.inn("create", "none", "--diskless", "--pxe", "--memory", "64M", "--no-start", check=True)
    before = made.fingerprint()
    keep = ("--keep-identity",)
    wrong = (
        (("no-such", "--name", "a", *keep), "no-such"),
        (("web", "--name", "base", *keep), "exists already"),
        (("web", "--name", "../a", *keep), "not a name"),
        (("web", "--name", "a", "--boot-pattern", "(", *keep), "regular expression"),
        (("web", "--name", "a", "--disk", "vdq", *keep), "vdq"),
        (("two", "--name", "a", *keep), "several disks: vda, vdz"),
        (("none", "--name", "a", *keep), "no disk"),
    )
    for argv, told in wrong:
        refused = made.inn("image", "make", *argv)
        assert refused.returncode == 2, argv
        assert told in refused.stderr, argv
    if made.run(["sh", "-c", "command -v virt-sysprep"]).returncode != 0:
        refused = made.inn("image", "make", "web", "--name", "a")
        assert "guestfs-tools" in refused.stderr
    assert diff(before, made.fingerprint()) == ""
    made.inn("start", "two", check=True)
    refused = made.inn("image", "make", "two", "--name", "a", "--disk", "vda", *keep)
    assert (refused.returncode, "is running" in refused.stderr) == (2, True)
    made.inn("save", "two", check=True)
    refused = made.inn("image", "make", "two", "--name", "a", "--disk", "vda", *keep)
    assert (refused.returncode, "saved" in refused.stderr) == (2, True)
    made.inn("delete", "none", check=True)
    refused = made.inn("image", "make", "none", "--name", "a", *keep)
    assert (refused.returncode, "inn undelete none" in refused.stderr) == (2, True)


def test_a_guest_that_boots_its_kernel(new_tiny_world: World) -> None:
    """The image has kernel and initrd of its own, and guests of it boot."""
    world = new_tiny_world
    world.inn("create", "one", "--image", "tiny", "--wait", "boot", check=True, timeout=300)
    world.inn("stop", "one", "--force", check=True)
    view = world.inn_json("image", "make", "one", "--name", "own", "--keep-identity")
    assert sorted(view["files"]) == ["own.initrd", "own.kernel", "own.qcow2"]
    assert view["profile"] == "tiny"
    world.inn("delete", "one", check=True)
    world.inn("purge", "one", "--yes", check=True)
    world.inn("image", "remove", "tiny", check=True)
    world.inn("create", "two", "--image", "own", "--wait", "boot", check=True, timeout=300)


def test_a_guest_that_is_held_is_refused_and_nothing_is_left(made: World) -> None:
    """Another operation is at it."""
    lock = "mkdir -p /run/innkeeper/locks && exec 9>>/run/innkeeper/locks/guest:web && flock 9 && echo held && cat"
    with made.popen(["sh", "-c", lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        before = made.fingerprint()
        refused = made.inn("image", "make", "web", "--name", "a", "--keep-identity")
        assert (refused.returncode, diff(before, made.fingerprint())) == (2, "")
        assert holder.stdin
        holder.stdin.close()
