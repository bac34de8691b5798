"""Images in a real pool: imported, listed, stood on, removed; refused and killed on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, diff

POOL = "/var/lib/libvirt/innkeeper-images"
STEPS = ("convert", "publish", "manifest")


@pytest.fixture
def disk(world: World) -> Iterator[Path]:
    """A disk of 8 MiB with 1 MiB of data, and nothing of it left behind."""
    path = world.home / "disk.vmdk"
    script = 'head -c 1M /dev/urandom > "$1.raw" && truncate -s 8M "$1.raw" && qemu-img convert -O vmdk "$1.raw" "$1"'
    world.run(["sh", "-c", script, "sh", str(path)], check=True)
    yield path
    world.run(["rm", "-f", str(path), f"{path}.raw"], check=True)


@pytest.fixture(scope="module", autouse=True)
def _folders(world: World) -> None:
    """Innkeeper's own folders are made by its first operation and stay: they are no part of what is compared."""
    first = f"{world.home}/first.raw"
    world.run(["sh", "-c", 'head -c 1M /dev/zero > "$1"', "sh", first], check=True)
    world.inn("image", "import", first, env={"INNKEEPER_STOP_AT": "convert"})
    world.inn("operation", "clean", check=True)
    world.run(["rm", first], check=True)


def test_an_image_is_imported_listed_and_removed(world: World, disk: Path) -> None:
    before = world.fingerprint()
    facts = ("--boot-pattern", "login:", "--user", "admin", "--cloud-init", "--firmware", "uefi")
    made = world.inn_json("image", "import", str(disk), "--name", "web", *facts)
    assert (made["virtual_size"], made["cloud_init"], made["firmware"]) == (8 << 20, True, ["uefi"])
    assert world.inn_json("image", "list") == [made]
    assert world.inn_json("image", "show", "web") == {**made, "guests": [], "versions": []}
    held = world.run(["sha256sum", f"{POOL}/web.qcow2"], check=True).stdout.split()[0]
    assert made["files"]["web.qcow2"]["sha256"] == held
    world.run(["qemu-img", "compare", f"{POOL}/web.qcow2", f"{disk}.raw"], check=True)
    assert "qcow2" in world.virsh("vol-dumpxml", "web.qcow2", "innkeeper-images")
    assert world.inn("image", "import", str(disk), "--name", "web").returncode == 2
    world.inn("image", "remove", "web", check=True)
    assert world.inn_json("image", "list") == []
    _drop_pool(world)
    assert diff(before, world.fingerprint()) == ""


def test_refusals_change_nothing(world: World, disk: Path) -> None:
    pointing = world.home / "pointing.qcow2"
    argv = [
        "qemu-img",
        "create",
        "-q",
        "-u",
        "-f",
        "qcow2",
        "-b",
        "/etc/shadow",
        "-F",
        "raw",
        str(pointing),
        "1M",
    ]
    world.run(argv, check=True)
    before = world.fingerprint()
    wrong: tuple[tuple[tuple[str, ...], str], ...] = (
        ((str(pointing), "--name", "a"), "/etc/shadow"),
        ((str(disk), "--name", "../a"), "not a name"),
        ((str(disk), "--name", "a", "--boot-pattern", "("), "regular expression"),
        ((str(disk), "--name", "a", "--user", "A b"), "login user"),
        ((str(disk), "--name", "a", "--format", "vhdx"), "vhdx"),
        (("/no/such/file", "--name", "a"), "/no/such/file"),
    )
    for arguments, told in wrong:
        refused = world.inn("image", "import", *arguments)
        assert refused.returncode == 2, arguments
        assert told in refused.stderr, arguments
        assert "→" in refused.stderr
    for command in (["show", "nothing"], ["remove", "nothing"], ["build", "tiny", "--mirror", "ftp://x/"]):
        assert world.inn("image", *command).returncode == 2
    assert diff(before, world.fingerprint()) == ""
    world.run(["rm", str(pointing)], check=True)


@pytest.mark.parametrize("stop", [f"{step}{end}" for step in STEPS for end in ("", ".done")])
def test_killed_at_a_step(world: World, disk: Path, stop: str) -> None:
    before = world.fingerprint()
    killed = world.inn("image", "import", str(disk), "--name", "cut", env={"INNKEEPER_STOP_AT": stop})
    assert killed.returncode == -9
    left = world.inn_json("operation", "list")
    assert [(one["verb"], one["target"], one["step"]) for one in left] == [
        ("image.import", "cut", stop.removesuffix(".done"))
    ]
    world.inn("operation", "clean", check=True)
    assert diff(before, world.fingerprint()) == ""


def test_the_same_command_again_cleans_up_and_goes_through(world: World, disk: Path) -> None:
    before = world.fingerprint()
    world.inn("image", "import", str(disk), "--name", "again", env={"INNKEEPER_STOP_AT": "manifest"})
    world.inn("image", "import", str(disk), "--name", "again", check=True)
    assert world.inn_json("operation", "list") == []
    world.inn("image", "remove", "again", check=True)
    _drop_pool(world)
    assert diff(before, world.fingerprint()) == ""


def test_an_image_that_is_stood_on_stays(world: World, disk: Path) -> None:
    before = world.fingerprint()
    world.inn("image", "import", str(disk), "--name", "base", check=True)
    backing = ("--backing-vol", f"{POOL}/base.qcow2", "--backing-vol-format", "qcow2")
    world.virsh("vol-create-as", "default", "over.qcow2", "8M", "--format", "qcow2", *backing)
    refused = world.inn("image", "remove", "base")
    assert refused.returncode == 2
    assert "default/over.qcow2" in refused.stderr
    above = ("--backing-vol", "/var/lib/libvirt/images/over.qcow2", "--backing-vol-format", "qcow2")
    world.virsh("vol-create-as", "default", "top.qcow2", "8M", "--format", "qcow2", *above)
    world.inn("create", "g", "--disk", "/var/lib/libvirt/images/top.qcow2", "--no-start", "--network", "none")
    document = world.run(["sh", "-c", "virsh list --all --name"]).stdout.split()
    if "g" not in document:  # a disk that stands on another is refused there: define one as virsh users would
        world.virsh("define", "/dev/stdin", input=_DOMAIN)
    refused = world.inn("image", "remove", "base")
    assert refused.returncode == 2
    assert "in use by: g" in refused.stderr
    world.virsh("undefine", "g")
    world.virsh("vol-delete", "--pool", "default", "top.qcow2")
    world.virsh("vol-delete", "--pool", "default", "over.qcow2")
    world.inn("image", "remove", "base", check=True)
    _drop_pool(world)
    proof = "file/var/lib/innkeeper"  # of KVM: it was looked at for the guest that was refused
    assert diff(before, world.fingerprint(), (proof,)) == ""


@pytest.mark.parametrize("stop", ["manifest", "manifest.done", "volumes"])
def test_removal_cut_before_a_volume_is_gone_is_taken_back(world: World, disk: Path, stop: str) -> None:
    world.inn("image", "import", str(disk), "--name", "kept", check=True)
    before = world.fingerprint()
    assert world.inn("image", "remove", "kept", env={"INNKEEPER_STOP_AT": stop}).returncode == -9
    world.inn("operation", "clean", check=True)
    assert diff(before, world.fingerprint()) == ""
    world.inn("image", "remove", "kept", check=True)
    _drop_pool(world)


def test_removal_cut_after_that_is_finished(world: World, disk: Path) -> None:
    before = world.fingerprint()
    world.inn("image", "import", str(disk), "--name", "gone", check=True)
    assert world.inn("image", "remove", "gone", env={"INNKEEPER_STOP_AT": "volumes.done"}).returncode == -9
    world.inn("operation", "clean", check=True)
    assert world.inn_json("image", "list") == []
    _drop_pool(world)
    assert diff(before, world.fingerprint()) == ""


_DOMAIN = """<domain type='qemu'><name>g</name><memory>65536</memory><os><type>hvm</type></os><devices>
<disk type='file'><driver name='qemu' type='qcow2'/><source file='/var/lib/libvirt/images/top.qcow2'/>
<target dev='vda'/></disk></devices></domain>"""


def _drop_pool(world: World) -> None:
    """The images pool stays after its last image; take it away, so that worlds can be compared."""
    world.virsh("pool-destroy", "innkeeper-images")
    world.virsh("pool-delete", "innkeeper-images")
    world.virsh("pool-undefine", "innkeeper-images")
