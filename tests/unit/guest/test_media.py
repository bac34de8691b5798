"""CDs: what is one, who can read it, and where it is."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from innkeeper.errors import Invalid, Refused
from innkeeper.guest.making import media
from innkeeper.machine import local

SECTOR = 2048
PLAIN = bytes(16 * SECTOR) + b"\1CD001\1".ljust(SECTOR, b"\0") + b"\xffCD001\1".ljust(SECTOR, b"\0")
BOOT = b"\0CD001\1EL TORITO SPECIFICATION".ljust(SECTOR, b"\0")
BOOTED = PLAIN[: 17 * SECTOR] + BOOT + PLAIN[17 * SECTOR :]
UDF = bytes(16 * SECTOR) + b"\0BEA01\1".ljust(SECTOR, b"\0") + b"\0NSR02\1".ljust(SECTOR, b"\0")


class Elsewhere:
    """A host that this computer is not."""

    machine = None
    virt: Any = None
    is_session = False


HERE = SimpleNamespace(machine=local(), is_session=True)
"""An ordinary user's own libvirt: its QEMU reads what they read."""


def file(folder: Path, data: bytes) -> str:
    path = folder / "x.iso"
    path.write_bytes(data)
    return str(path)


@pytest.mark.parametrize("data", [PLAIN, BOOTED, UDF], ids=["plain", "bootable", "udf"])
def test_a_cd_is_used_where_it_can_be_read_and_uploaded_else(tmp_path: Path, data: bytes) -> None:
    path = file(tmp_path, data)
    far: Any = Elsewhere()
    near: Any = HERE
    assert media.find(far, "drivers", path) == media.Medium("drivers", None, path, len(data))
    assert media.find(near, "cd", path) == media.Medium("cd", path)


def test_a_link_is_followed(tmp_path: Path) -> None:
    near: Any = HERE
    (tmp_path / "latest.iso").symlink_to(file(tmp_path, BOOTED))
    found = media.find(near, "cd", str(tmp_path / "latest.iso"), "x86_64")
    assert found.path == str(tmp_path / "x.iso")


@pytest.mark.parametrize(
    ("data", "arch", "code"),
    [
        (PLAIN, "x86_64", "guest.iso_not_bootable"),
        (PLAIN, "aarch64", "guest.iso_not_bootable"),
        (bytes(100 * SECTOR), None, "guest.not_an_iso"),
        (b"QFI\xfb" + bytes(SECTOR), None, "guest.not_an_iso"),
        (bytes(512), None, "guest.not_an_iso"),
        (b"", None, "disk.empty"),
    ],
)
def test_what_is_none_is_refused(tmp_path: Path, data: bytes, arch: str | None, code: str) -> None:
    near: Any = HERE
    with pytest.raises(Invalid) as caught:
        media.find(near, "cd", file(tmp_path, data), arch)
    assert caught.value.code == code


def test_other_processors_boot_cds_in_other_ways(tmp_path: Path) -> None:
    near: Any = HERE
    assert media.find(near, "cd", file(tmp_path, PLAIN), "ppc64").path


@pytest.mark.parametrize("said", ["x", "pool/", "pool"])
def test_names_that_are_none(said: str) -> None:
    near: Any = HERE
    with pytest.raises(Refused) as caught:
        media.find(near, "cd", said)
    assert caught.value.code == "guest.iso_name"


def test_who_may_read_it(tmp_path: Path) -> None:
    path = file(tmp_path, BOOTED)
    for folder in (tmp_path, *tmp_path.parents[:2]):  # those that pytest made
        folder.chmod(0o755)
    os.chmod(path, 0o644)
    stranger = 64055
    if not media._readable(path, stranger, stranger):
        pytest.skip("this computer's directory for temporary files is closed to others")
    assert media._readable(path, 0, 0)
    os.chmod(path, 0o640)
    assert not media._readable(path, stranger, stranger)
    assert media._readable(path, stranger, os.stat(path).st_gid)
    assert media._readable(path, os.stat(path).st_uid, stranger)
    os.chmod(path, 0o644)
    tmp_path.chmod(0o700)
    assert not media._readable(path, stranger, stranger)
