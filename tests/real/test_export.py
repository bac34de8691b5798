"""Guests exported in one world and made again in another: their disks, their firmware and their TPM are the same."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.real.exported import IMAGES, NVRAM, files_of, made
from tests.real.faults import changes, refused
from tests.real.tiny_shell import TinyShell
from tests.world import World

POOL = "/var/lib/libvirt/innkeeper-images"
WAIT = ("--wait", "boot", "--timeout", "280")
OWN = ("name/var/log/", "file/run/", "name/run/", "file/var/lib/innkeeper/kvm-proof.json")

SMALL_FIRMWARE = r"""mkdir -p /etc/qemu/firmware && cd /etc/qemu &&
truncate -s 131072 vars.fd && truncate -s 1966080 code.fd &&
sed -E 's:"[^"]*(CODE|VARS)[^"]*.fd":"/etc/qemu/\L\1.fd":' /usr/share/qemu/firmware/60-*.json >firmware/90.json"""
"""Describes one whose variables take 128 KiB."""


class Two(NamedTuple):
    """Two hosts: `here` has the image tiny, and `there` has not."""

    here: World
    there: World

    @property
    def folder(self) -> str:
        """What both see."""
        return str(self.here.directory / "between")

    @property
    def bundle(self) -> str:
        """`web`, exported here when it was off."""
        return f"{self.folder}/web.inn"


@pytest.fixture(scope="module")
def two(tiny_world: World) -> Iterator[Two]:
    with World() as there:
        found = Two(tiny_world, there)
        Path(found.folder).mkdir()
        yield found


def sums(shell: TinyShell) -> list[str]:
    """Of the beginnings of its disks, as the guest sees them."""
    told = shell.run("for d in vda vdb; do dd if=/dev/$d bs=64k count=120 2>/dev/null | sha256sum; done")
    return [line.split()[0] for line in told.splitlines()]


def test_a_bios_guest_comes_up_elsewhere(two: Two) -> None:
    """On a host without the image that it stands on; what it wrote, and every file, is there."""
    here, there = two
    made(here, "web")
    here.inn("set", "web", "--label", "role=web", "--notes", "a <note> & more", check=True)
    here.inn("start", "web", *WAIT, check=True, timeout=300)
    with TinyShell(here, "web") as shell:
        shell.run("dd if=/dev/urandom of=/dev/vda bs=64k seek=16 count=99 2>/dev/null; sync")
        expected = sums(shell)
    here.inn("stop", "web", "--force", check=True)
    before = files_of(here, "web", "vdb")
    here.inn("export", "web", two.bundle, check=True)
    assert here.run(["stat", "-c", "%a", two.bundle]).stdout.strip() == "600"
    done = there.inn("create", "web", "--import", two.bundle, *WAIT, check=True, timeout=300)
    assert "web is made: running" in done.stdout
    with TinyShell(there, "web") as shell:
        assert sums(shell) == expected
    there.inn("stop", "web", "--force", check=True)
    assert files_of(there, "web", "vdb") == before
    was, now = (world.inn_json("show", "web") for world in two)
    for same in ("uuid", "cpus", "memory", "labels", "notes", "login", "image", "firmware", "machine"):
        assert was[same] == now[same], same
    assert [nic["mac"] for nic in was["nics"]] == [nic["mac"] for nic in now["nics"]]
    assert all(disk["path"].startswith(IMAGES) for disk in now["disks"])
    assert there.inn("image", "list").stdout == "", "what it stands on is its own there"


def test_a_host_that_has_the_image_uses_it(two: Two) -> None:
    """Disk and kernel: the same bytes by their sums. Only what is above is brought in."""
    here = two.here
    here.inn("create", "beside", "--import", two.bundle, "--no-start", check=True)
    path = here.inn_json("show", "beside")["disks"][0]["path"]
    assert f"{POOL}/tiny.qcow2" in here.run(["qemu-img", "info", path], check=True).stdout
    assert f"{POOL}/tiny.kernel" in here.virsh("dumpxml", "beside")
    assert "beside" in here.inn("image", "show", "tiny").stdout
    refused(here.inn("image", "remove", "tiny"))
    here.inn("delete", "beside", check=True)
    here.inn("purge", "beside", "--yes", check=True)


def test_an_import_is_exported_again_through_a_pipe(two: Two) -> None:
    """Back to the first host, without a file between, beside the original."""
    here, there = two
    inn = there.run(["sh", "-c", "command -v inn"]).stdout.strip()
    with subprocess.Popen(there._argv([inn, "export", "web", "-"]), stdout=subprocess.PIPE) as source:
        argv = here._argv([inn, "create", "again", "--import", "-", "--no-start"])
        told = subprocess.run(argv, stdin=source.stdout, capture_output=True, text=True, check=False)
    assert (source.returncode, told.returncode) == (0, 0), told
    assert "is taken" in told.stderr
    first, second = (here.inn_json("show", name) for name in ("web", "again"))
    assert first["uuid"] != second["uuid"]
    assert first["nics"][0]["mac"] != second["nics"][0]["mac"]
    assert files_of(here, "again", "vdb") == files_of(here, "web", "vdb")
    here.inn("delete", "again", check=True)
    here.inn("purge", "again", "--yes", check=True)
    assert "again" not in here.virsh("vol-list", "default"), "its volumes go with it"


def test_a_running_guest_is_exported_at_one_moment(two: Two) -> None:
    """What it wrote before is in the export, what it writes afterwards is not, and it goes on."""
    here, there = two
    here.inn("start", "web", *WAIT, check=True, timeout=300)
    with TinyShell(here, "web") as shell:
        shell.run("echo before | dd of=/dev/vda conv=notrunc,fsync 2>/dev/null")
        done = here.inn("export", "web", f"{two.folder}/live.inn", check=True)
        shell.run("echo later! | dd of=/dev/vda conv=notrunc,fsync 2>/dev/null")
    assert "not frozen" in done.stderr
    assert here.inn_json("show", "web")["state"] == "running"
    assert here.run(["ls", "-A", IMAGES]).stdout.count(".inn-export") == 0
    assert here.virsh("domjobinfo", "web").split()[2] == "None"
    here.inn("stop", "web", "--force", check=True)
    there.inn("create", "live", "--import", f"{two.folder}/live.inn", "--no-start", check=True)
    path = there.inn_json("show", "live")["disks"][0]["path"]
    copy = [
        "qemu-img",
        "dd",
        "-f",
        "qcow2",
        "-O",
        "raw",
        "bs=512",
        "count=1",
        f"if={path}",
        f"of={two.folder}/first",
    ]
    there.run(copy, check=True)
    assert there.run(["head", "-c", "6", f"{two.folder}/first"]).stdout == "before"
    assert files_of(there, "live", "vdb") == files_of(here, "web", "vdb")


def test_firmware_and_tpm_travel(two: Two) -> None:
    """The variables of UEFI and the state of the TPM are the same bytes there, under the names of that host."""
    here, there = two
    argv = ("--image", "tiny", "--firmware", "uefi", "--tpm", "--network", "none", "--memory", "160M")
    here.inn("create", "safe", *argv, "--wait", "running", check=True, timeout=300)
    here.inn("stop", "safe", "--force", check=True)
    here.inn("export", "safe", two.bundle + "2", check=True)
    there.inn("create", "safer", "--import", two.bundle + "2", "--no-start", check=True)
    states = []
    for world, name in ((here, "safe"), (there, "safer")):
        uuid = world.virsh("domuuid", name).strip()
        find = NVRAM.replace("NAME", name)
        nvram = world.run(["sh", "-c", find], check=True).stdout.strip()
        tpm = f"/var/lib/libvirt/swtpm/{uuid}/tpm2/tpm2-00.permall"
        states.append([world.run(["sha256sum", path], check=True).stdout.split()[0] for path in (nvram, tpm)])
    assert states[0] == states[1]
    other_variables(two)
    there.virsh("start", "safer")
    state = there.run(["stat", "-c", "%U", f"/var/lib/libvirt/swtpm/{uuid}/tpm2/tpm2-00.permall"]).stdout
    assert state.strip() in ("tss", "swtpm", "root")
    there.inn("delete", "safer", "--force", check=True)
    there.inn("purge", "safer", "--yes", check=True)
    assert there.run(["ls", "/var/lib/libvirt/swtpm"]).stdout.strip() == "", "its TPM goes with it"


def other_variables(two: Two) -> None:
    """`safe` with those of a smaller firmware: refused, until there is such a firmware."""
    here, there = two
    nvram = here.run(["sh", "-c", NVRAM.replace("NAME", "safe")], check=True).stdout.strip()
    here.run(["truncate", "-s", "131072", nvram], check=True)
    here.inn("export", "safe", two.bundle + "4", check=True)
    argv = ("create", "small", "--import", two.bundle + "4", "--no-start")
    done = there.inn(*argv)
    refused(done)
    assert "131072 bytes of firmware variables" in done.stderr
    there.run(["sh", "-c", SMALL_FIRMWARE], check=True)
    there.inn(*argv, check=True)
    assert "/etc/qemu/code.fd</loader>" in there.virsh("dumpxml", "small")
    assert there.run(["sh", "-c", NVRAM.replace("NAME", "small")]).stdout.strip() != nvram
    there.inn("delete", "small", check=True)
    there.inn("purge", "small", "--yes", check=True)
    there.run(["rm", "-r", "/etc/qemu/firmware"], check=True)


@pytest.mark.long
def test_a_uefi_guest_boots_elsewhere(two: Two) -> None:
    here, there = two
    argv = ("--image", "tiny", "--firmware", "uefi", "--tpm", "--network", "none", "--memory", "160M")
    here.inn("create", "sure", *argv, *WAIT, check=True, timeout=300)
    here.inn("stop", "sure", "--force", check=True)
    here.inn("export", "sure", two.bundle + "3", check=True)
    there.inn("create", "sure", "--import", two.bundle + "3", *WAIT, check=True, timeout=300)
    there.inn("delete", "sure", "--force", check=True)


def test_a_full_disk_and_a_pipe_that_ends(two: Two) -> None:
    """On either side: said, and nothing is left of it."""
    here, there = two
    before = here.fingerprint()
    small = f"{two.folder}/small"
    Path(small).mkdir()
    with here.limit_disk(8 << 20, small):
        for packed in ("none", "zstd"):
            done = here.inn("export", "web", f"{small}/full.inn", "--compress", packed)
            assert (done.returncode, "No space left" in done.stderr) == (1, True), done
            assert here.run(["ls", "-A", small]).stdout == ""
    done = here.run(["sh", "-c", "inn export web - --compress none | head -c 100000 >/dev/null"], check=True)
    assert "whoever read the stream is gone" in done.stderr
    assert changes(before, here.fingerprint(), OWN) == ""
    before = there.fingerprint()
    there.virsh("pool-define-as", "small", "dir", "--target", small)
    there.virsh("pool-start", "small")
    with there.limit_disk(8 << 20, small):
        argv = ("create", "full", "--import", two.bundle, "--no-start", "--pool", "small", "--overcommit")
        done = there.inn(*argv)
        assert done.returncode in (1, 2), done
        assert "full" not in there.virsh("list", "--all", "--name").split()
        assert there.run(["ls", "-A", small]).stdout == ""
    there.virsh("pool-destroy", "small")
    there.virsh("pool-undefine", "small")
    done = there.run(["sh", "-c", f"head -c 1000000 {two.bundle} | inn create full --import - --no-start"])
    assert done.returncode == 2, done
    assert changes(before, there.fingerprint(), OWN) == ""


def test_two_at_once(two: Two) -> None:
    """Both want the UUID that was exported. Whoever comes second gets another, or is refused; nobody's is taken."""
    there = two.there
    there.inn("delete", "web", check=True)
    there.inn("purge", "web", "--yes", check=True)
    pipes: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
    }
    both = [
        there.popen(["inn", "create", name, "--import", two.bundle, "--no-start"], **pipes)
        for name in ("one", "two")
    ]
    ended = [(one.communicate(timeout=280), one.returncode)[1] for one in both]
    assert sorted(ended) in ([0, 0], [0, 2]), ended
    for name, status in zip(("one", "two"), ended, strict=True):
        assert (name in there.virsh("list", "--all", "--name").split()) == (status == 0)
        if status == 0:
            assert files_of(there, name, "vdb")
            there.inn("delete", name, check=True)
            there.inn("purge", name, "--yes", check=True)


DECISIONS = {
    "shared": ("attach-disk plain FILES/x vdc --config --mode shareable", "vdc is shared", "--without"),
    "network": ("attach-device plain FILES/nbd.xml --config", "vdc is not on this host", "--without"),
    "vmdk": ("attach-disk plain FILES/x vdc --config --driver qemu --subdriver vmdk", "format vmdk", ""),
}
NBD = """<disk type='network' device='disk'><driver name='qemu' type='raw'/><source protocol='nbd' name='x'>
<host name='127.0.0.1'/></source><target dev='vdc' bus='virtio'/></disk>"""


def test_what_cannot_be_taken_along_is_refused_by_name(two: Two) -> None:
    here = two.here
    here.run(["sh", "-c", f"cd {two.folder}; truncate -s 1M x; cat >nbd.xml"], input=NBD, check=True)
    here.inn("create", "plain", "--disk", f"{two.folder}/x", "--no-start", "--network", "none", check=True)
    here.virsh("detach-disk", "plain", "vda", "--config")
    for virsh, said, remedy in DECISIONS.values():
        here.virsh(*virsh.replace("FILES", two.folder).split())
        done = here.inn("export", "plain", f"{two.folder}/plain.inn")
        refused(done)
        assert said in done.stderr
        assert remedy in done.stderr
        if remedy:
            told = here.inn("export", "plain", "-", "--without", "vdc", "--compress", "none")
            assert "vdc was left behind" in told.stderr
        here.virsh("detach-disk", "plain", "vdc", "--config")
    refused(here.inn("export", "plain", "-", "--without", "vdz"))
    refused(here.inn("export", "plain", "/nowhere/plain.inn"))
    refused(here.inn("export", "nobody", f"{two.folder}/plain.inn"))
    here.run(["touch", f"{two.folder}/taken.inn"])
    refused(here.inn("export", "plain", f"{two.folder}/taken.inn"))
    here.inn("protect", "plain", check=True)
    here.inn("export", "plain", f"{two.folder}/plain.inn", check=True)
    assert "plain is protected" in here.inn("delete", "plain").stderr
    here.inn("protect", "plain", "--off", check=True)
    here.inn("delete", "plain", check=True)
    refused(here.inn("export", "plain", f"{two.folder}/binned.inn"))
    uuid = next(row["uuid"] for row in here.inn_json("list", "--deleted") if row["name"].startswith("plain"))
    here.inn("export", uuid, f"{two.folder}/binned.inn", check=True)
    here.inn("create", "plain", "--import", f"{two.folder}/binned.inn", "--no-start", check=True)


def test_a_saved_guest_is_refused_and_records_stay_behind(two: Two) -> None:
    here = two.here
    here.virsh("start", "plain")
    here.virsh("managedsave", "plain")
    refused(here.inn("export", "plain", f"{two.folder}/saved.inn"))
    here.virsh("managedsave-remove", "plain")
    here.virsh("snapshot-create-as", "plain", "one", "--disk-only", check=False)
    here.inn("delete", "plain", check=True)
    here.inn("purge", "plain", "--yes", check=True)


def test_by_an_ordinary_user(two: Two) -> None:
    """Disks go through libvirt, whose session may read and write what the user may."""
    there = two.there
    user, session = there.as_user(), ("-c", "qemu:///session")
    there.run(["chmod", "644", two.bundle], check=True)
    user.run(
        [
            "sh",
            "-c",
            "mkdir -p ~/pool && virsh -c qemu:///session pool-define-as default dir --target ~/pool",
        ],
        check=True,
    )
    user.run(["sh", "-c", "virsh -c qemu:///session pool-start default"], check=True)
    done = user.inn(*session, "create", "mine", "--import", two.bundle, "--no-start")
    refused(done)
    assert "--network user" in done.stderr
    user.inn(
        *session, "create", "mine", "--import", two.bundle, "--no-start", "--network", "user", check=True
    )
    home = user.run(["sh", "-c", "echo ~"]).stdout.strip()
    user.inn(*session, "export", "mine", f"{home}/mine.inn", "--compress", "gzip", check=True)
    user.inn(*session, "create", "more", "--import", f"{home}/mine.inn", "--no-start", check=True)
    shown = json.loads(user.inn(*session, "show", "more", "--json", check=True).stdout)
    assert {Path(disk["path"]).parent for disk in shown["disks"]} == {Path(home) / "pool"}


def test_without_a_way_to_the_files(two: Two) -> None:
    """Where the host's own files cannot be opened, as on a host without ssh, all goes by libvirt's streams."""
    there = two.there
    there.inn("create", "direct", "--import", two.bundle, "--no-start", check=True)
    code = """
import sys
from innkeeper.errors import Denied
from innkeeper.guest.keeping import arriving, chains
def no(path): raise Denied("machine.file_denied", path=path)
chains.SparseReader = no
begin = arriving._Arrival.__init__
def streams(self, *rest):
    begin(self, *rest)
    self._direct = False
arriving._Arrival.__init__ = streams
from innkeeper.cli.main import main
main()
"""
    there.python(code, "export", "direct", f"{two.folder}/streamed.inn", check=True)
    there.python(
        code, "create", "streamed", "--import", f"{two.folder}/streamed.inn", "--no-start", check=True
    )
    assert files_of(there, "streamed", "vdb") == files_of(there, "direct", "vdb")
    for name in ("direct", "streamed"):
        there.inn("delete", name, check=True)
        there.inn("purge", name, "--yes", check=True)
