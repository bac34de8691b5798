"""Exports that were changed by hand, imported: what is the other host's is left out by name, what lies is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.real.exported import made
from tests.real.faults import changes, refused
from tests.world import World

OWN = ("name/var/log/", "file/run/", "name/run/", "file/var/lib/innkeeper/kvm-proof.json")


class Place(NamedTuple):
    """A host, and an export of a guest with two disks that was made on another, which has the image that it is of."""

    world: World

    @property
    def folder(self) -> str:
        return str(self.world.directory / "between")

    @property
    def bundle(self) -> str:
        return f"{self.folder}/web.inn"


@pytest.fixture(scope="module")
def place(tiny_world: World) -> Iterator[Place]:
    with World() as there:
        found = Place(there)
        Path(found.folder).mkdir()
        there.run(["install", "-d", "-m", "700", "/var/lib/innkeeper/operations"], check=True)
        made(tiny_world, "web")
        tiny_world.inn("export", "web", found.bundle, check=True)
        yield found


def rewritten(world: World, path: str, change: str) -> str:
    """A bundle by hand: taken apart with tar, changed by a shell command, packed again with right sums."""
    apart = f"{path}.apart"
    script = f"""rm -rf {apart} && mkdir {apart} && cd {apart} && zstd -dcq {path} >all.tar &&
    tar -xf all.tar && tar -tf all.tar | grep -v SHA256SUMS >names && {change} &&
    xargs sha256sum <names >SHA256SUMS && echo SHA256SUMS >>names &&
    tar -c --format=gnu -T names >{path}.changed"""
    world.run(["sh", "-c", script.replace("\n", " ")], check=True)
    return f"{path}.changed"


QEMU = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"
ARGUMENT = "<qemu:commandline><qemu:arg value='-snapshot'/></qemu:commandline></domain>"
FOREIGN = {
    "a device of the host": "s:</devices>:<hostdev mode='subsystem' type='usb'><source><vendor id='0x1'/>"
    "<product id='0x2'/></source></hostdev></devices>:",
    "a directory of the host": "s:</devices>:<filesystem type='mount'><source dir='/etc'/><target dir='x'/>"
    "</filesystem></devices>:",
    "a file as a serial port": "s:<serial type=.pty.>:<serial type='file'><source path='/etc/shadow'/>:",
    "arguments of QEMU": f"s!<domain !<domain {QEMU} !; s!</domain>!{ARGUMENT}!",
    "a script": "s:<interface type=.network.>:&<script path='/tmp/evil'/>:",
    "a disk of the host": "s:</devices>:<disk type='block'><source dev='/dev/sda'/><target dev='vdx' bus='virtio'/>"
    "</disk></devices>:",
}


@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_the_hosts_own_is_left_out_by_name(place: Place, what: str) -> None:
    there = place.world
    path = rewritten(there, place.bundle, f'sed -i "{FOREIGN[what]}" guest.xml')
    done = there.inn("create", "odd", "--import", path, "--no-start", "--dry-run", "--explain", check=True)
    assert "belongs to the host it was on" in done.stdout
    document = done.stdout.partition("<domain")[2].partition("</domain>")[0]
    for word in ("hostdev", "filesystem", "/etc", "snapshot", "evil", "/dev/sda"):
        assert word not in document
    trusted = there.inn("create", "odd", "--import", path, "--no-start", "--dry-run", "--explain", "--trust")
    assert "belongs to the host it was on: " not in trusted.stdout.replace("(left out", "")


AT_SIZE = "bs=1 seek=24 conv=notrunc status=none"
HOSTILE = {
    "another file below": (
        "qemu-img rebase -u -F raw -b /etc/shadow vdb.qcow2/0000000000000000",
        "points at",
    ),
    "a file below a bottom": (
        "qemu-img rebase -u -F raw -b /etc/shadow vda.1.qcow2/0000000000000000",
        "points at",
    ),
    "a disk that grew": (
        f"printf '\\0\\0\\1\\0\\0\\0\\0\\0' | dd of=vdb.qcow2/{'0' * 16} {AT_SIZE}",
        "another size",
    ),
    "entities": (
        "(echo '<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/shadow\">]>'; cat guest.xml) >x; mv x guest.xml",
        "",
    ),
    "another document": ("echo '<network/>' >guest.xml", ""),
    "no such network": ("sed -i s/network=.default./network=\"'nope'\"/ guest.xml", "nope"),
    "another processor": ("sed -i s/arch=.x86_64./arch=\"'sparc'\"/ guest.xml", "sparc"),
    "no such board": ("sed -i s/machine=.pc-q35-[0-9.]*./machine=\"'vax'\"/ guest.xml", "vax"),
    "too many processors": ("sed -i 's:<vcpu[^>]*>1<:<vcpu>9999<:' guest.xml", "9999"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_bundles_change_nothing(place: Place, what: str) -> None:
    there = place.world
    change, said = HOSTILE[what]
    path = rewritten(there, place.bundle, change)
    before = there.fingerprint()
    done = there.inn("create", "odd", "--import", path, "--no-start")
    assert done.returncode == 2, done
    assert said in done.stderr
    assert changes(before, there.fingerprint(), OWN) == ""


def test_choices_on_the_way_in(place: Place) -> None:
    """A board that is newer than this QEMU, a processor that is not here, KVM that does not work, another network."""
    there = place.world
    change = (
        "sed -i \"s/machine=.pc-q35-[0-9.]*./machine='pc-q35-99.9'/; s/<domain type=.[a-z]*./<domain type='kvm'/;"
        " s:<cpu [^>]*>:<cpu mode='custom' match='exact'><model>NoSuchCpu</model></cpu><cpu>:\" guest.xml &&"
        " sed -i '/^ *<cpu>$/,/<.cpu>/d; s:<cpu>.*::' guest.xml"
    )
    path = rewritten(there, place.bundle, change)
    done = there.inn("create", "odd", "--import", path, "--no-start", "--network", "user", check=True)
    assert "machine type" in done.stderr
    assert "runs by qemu here, not kvm" in done.stderr
    shown = there.inn_json("show", "odd")
    assert shown["nics"][0]["kind"] == "user"
    assert "q35" in shown["machine"]
    there.inn("delete", "odd", check=True)
    there.inn("purge", "odd", "--yes", check=True)
    refused(there.inn("create", "odd", "--import", place.bundle, "--image", "tiny"))
    refused(there.inn("create", "odd", "--import", place.bundle, "--memory", "1G"))
    refused(there.inn("create", "odd", "--import", place.bundle, "--pool", "nope"))
    refused(there.inn("create", "odd", "--import", f"{place.folder}/nope.inn"))
    refused(there.inn("create", "odd", "--trust", "--disk", "/x"))
    there.run(["sh", "-c", f"head -c 100000 /dev/urandom >{place.folder}/noise"], check=True)
    refused(there.inn("create", "odd", "--import", f"{place.folder}/noise"))
    refused(there.inn("create", "odd", "--import", "/dev/null"))
    refused(there.inn("create", "odd", "--import", place.folder))
