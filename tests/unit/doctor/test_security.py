"""AppArmor and SELinux, which the kernel under the tests has not: files of the test's own, programs that stand in for
`apparmor_parser`, `stat` and `getsebool`, and capabilities in which libvirt says that it confines its guests."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from innkeeper.doctor import apparmor
from innkeeper.doctor.finding import Site
from innkeeper.libvirtxml.build import element
from innkeeper.virt import storage
from innkeeper.virt.connection import Connection
from tests.unit.doctor.fake_host import FakeHost

HELPER = "usr.lib.libvirt.virt-aa-helper"
PROFILE = """profile virt-aa-helper /usr/lib/libvirt/virt-aa-helper {
  #include <abstractions/base>
  capability dac_override,
  deny @{PROC}/[0-9]*/mounts r,
  audit deny @{HOME}/.* mrwkl,
  audit deny @{HOME}/.*/** mrwkl,
  @{HOME}/** r,
  /var/lib/libvirt/images/** r,
  /var/lib/nova/base/* r,
  /{media,mnt}/** r,
  /**.qcow{,2} r,
  /**.[iI][sS][oO] r,
  #include <local/usr.lib.libvirt.virt-aa-helper>
}
"""


def program(directory: Path, name: str, script: str) -> None:
    at = directory / "bin" / name
    at.parent.mkdir(exist_ok=True)
    at.write_text(f"#!/bin/sh\n{script}\n")
    at.chmod(0o755)


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    """A kernel with AppArmor, and a libvirt with a pool in /data/vm."""
    pool = element("pool", {"type": "dir"}, element("name", {}, "data"))
    pool.append(element("target", {}, element("path", {}, "/data/my vm")))
    path = tmp_path / "node.xml"
    etree.ElementTree(element("node", {}, pool)).write(path)
    found = FakeHost(tmp_path, monkeypatch, f"test://{path}")
    found.write("/sys/module/apparmor/parameters/enabled", "Y\n")
    found.write(f"/etc/apparmor.d/{HELPER}", PROFILE)
    found.write("/etc/apparmor.d/local/README", "")
    program(tmp_path, "apparmor_parser", f'echo "$@" >> {tmp_path}/loaded')
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin:/usr/sbin:/sbin")
    confine(monkeypatch, "apparmor", "dac")
    return found


def confine(patch: pytest.MonkeyPatch, *models: str) -> None:
    host = element("host", {}, *(element("secmodel", {}, element("model", {}, model)) for model in models))
    text = etree.tostring(element("capabilities", {}, host), encoding="unicode")
    patch.setattr(Connection, "capabilities", lambda _self: text)


def selinux(fake: FakeHost, patch: pytest.MonkeyPatch, enforce: str = "1") -> None:
    (fake.root / "sys/module/apparmor/parameters/enabled").unlink()
    fake.write("/sys/fs/selinux/enforce", enforce)
    confine(patch, "selinux", "dac")


def volume(fake: FakeHost, name: str, backing: str | None = None) -> None:
    document = element("volume", {}, element("name", {}, name), element("capacity", {}, "1048576"))
    document.append(element("target", {}, element("format", {"type": "qcow2"})))
    if backing:
        document.append(element("backingStore", {}, element("path", {}, backing)))
    pool = storage.lookup_pool(fake.host.virt, "data")
    pool.create(etree.tostring(document, encoding="unicode"), name)


def test_confined(fake: FakeHost) -> None:
    found = fake.finds("security.driver")
    assert (found.status, found.facts) == ("ok", {"model": "apparmor"})


def test_nothing_to_confine_with(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.write("/sys/module/apparmor/parameters/enabled", "N\n")
    confine(monkeypatch, "none", "dac")
    assert fake.variant("security.driver") == ("ok", "none")
    assert fake.variant("security.images") == ("ok", "unconfined")


def test_libvirt_is_told_to_confine_nothing(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    confine(monkeypatch, "none", "dac")
    assert fake.variant("security.driver") == ("advice", "unused")
    fake.write("/etc/libvirt/qemu.conf", '#security_driver = "selinux"\n  security_driver = [ "none" ]\n')
    assert fake.variant("security.driver") == ("advice", "switched_off")


def test_selinux(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    selinux(fake, monkeypatch, "0")
    assert fake.variant("security.driver") == ("advice", "permissive")
    assert fake.variant("security.images") == ("ok", "unconfined")
    fake.write("/sys/fs/selinux/enforce", "1")
    assert fake.variant("security.driver") == ("ok", "confined")


def test_libvirt_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeHost(tmp_path, monkeypatch)
    assert fake.variant("security.driver") == ("unknown", "unseen")
    assert fake.variant("security.images") == ("unknown", "unseen")


def test_what_the_helper_may_not_read_hides_what_an_image_stands_on(fake: FakeHost, tmp_path: Path) -> None:
    volume(fake, "web1.qcow2", "/data/my vm/debian")
    volume(fake, "debian")
    assert fake.variant("security.images") == ("ok", "allowed"), (
        "an image that stands on nothing hides nothing"
    )
    volume(fake, "web2", "/data/my vm/debian")
    found = fake.finds("security.images")
    assert (found.status, found.text) == ("problem", "security.images.hidden")
    assert (found.facts["count"], found.facts["names"]) == (1, "web2")
    fake.heals("security.images")
    profile = f"{fake.root}/etc/apparmor.d/{HELPER}"
    assert (tmp_path / "loaded").read_text() == f"--replace {profile}\n" * 2, (
        "once for the setup, once for the undo"
    )


def test_what_the_host_added_before_stays(fake: FakeHost) -> None:
    local = f"/etc/apparmor.d/local/{HELPER}"
    fake.write(local, "/elsewhere/** r,")
    volume(fake, "web2", "/data/my vm/debian")
    before = fake.fingerprint()
    fake.setup("security.images")
    assert fake.read(local) == '/elsewhere/** r,\n"/data/my vm/**" r,'
    fake.undo()
    assert fake.fingerprint() == before


@pytest.mark.parametrize(
    ("label", "seen"),
    [
        ("system_u:object_r:virt_image_t:s0", ("ok", "allowed")),
        ("unconfined_u:object_r:default_t:s0", ("problem", "mislabelled")),
        ("system_u:object_r:nfs_t:s0", ("problem", "shared")),
        ("?", ("ok", "allowed")),
    ],
)
def test_labels_of_directories(
    fake: FakeHost, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, label: str, seen: tuple[str, str]
) -> None:
    selinux(fake, monkeypatch)
    program(tmp_path, "stat", f'case "$*" in *%C*) echo "{label}";; *) exec /usr/bin/stat "$@";; esac')
    program(tmp_path, "getsebool", 'echo "$1 --> off"')
    assert fake.variant("security.images") == seen
    remedy = fake.finds("security.images").remedy or ""
    assert ("'/data/my vm(/.*)?'" in remedy) == (seen[1] == "mislabelled")


def test_a_file_system_that_selinux_lets_guests_use(
    fake: FakeHost, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    selinux(fake, monkeypatch)
    program(tmp_path, "stat", "echo system_u:object_r:nfs_t:s0")
    program(tmp_path, "getsebool", 'echo "$1 --> on"')
    assert fake.variant("security.images") == ("ok", "allowed")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/var/lib/libvirt/images/web1", True),
        ("/var/lib/libvirt/images/a/b", True),
        ("/var/lib/libvirt/image/web1", False),
        ("/mnt/x", True),
        ("/opt/x", False),
        ("/data/web1.qcow2", True),
        ("/data/web1.qcow", True),
        ("/data/web1.qcow3", False),
        ("/data/x.IsO", True),
        ("/root/vm/web1", True),
        ("/home/ann/vm/web1", True),
        ("/home/ann/.hidden/web1.qcow2", False),
        ("/home/web1", False),
        ("/var/lib/nova/base/web1", True),
        ("/var/lib/nova/base/a/web1", False),
    ],
)
def test_rules_of_a_profile(fake: FakeHost, path: str, allowed: bool) -> None:
    rules = apparmor.rules(Site(fake.host), HELPER)
    assert apparmor.allows(rules, path, "r") == allowed
    assert not apparmor.allows(rules, path, "w")


@pytest.mark.parametrize("folder", ["/plain", "/with space", "/st*r[s]", "/a{b,c}", '/quo"te'])
def test_a_path_is_written_so_that_it_means_itself(folder: str) -> None:
    text = apparmor.quoted(folder, "/**").strip('"')
    assert apparmor.pattern(text).fullmatch(f"{folder}/x/y")
    assert not apparmor.pattern(text).fullmatch("/other/x")


@pytest.mark.skipif(
    not Path(f"/etc/apparmor.d/{HELPER}").is_file(), reason="the distribution ships no such profile"
)
def test_the_distributions_profile(fake: FakeHost) -> None:
    fake.write(f"/etc/apparmor.d/{HELPER}", Path(f"/etc/apparmor.d/{HELPER}").read_text())
    rules = apparmor.rules(Site(fake.host), HELPER)
    assert apparmor.allows(rules, "/var/lib/libvirt/images/web1-1a2b3c4d", "r")
    assert apparmor.allows(rules, "/srv/vm/web1", "r")
    assert not apparmor.allows(rules, "/data/vm/web1", "r")
    assert not apparmor.allows(rules, "/dev/sda", "r")
