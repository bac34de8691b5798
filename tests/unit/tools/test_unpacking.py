"""What was packed by whoever: the one file in it, within bounds, and with holes where it is empty."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from innkeeper.errors import Conflict, Failed, InnkeeperError
from innkeeper.tools import unpacking

DISK = bytes(8 << 20) + os.urandom(100_000) + bytes(12 << 20) + b"end"
MOST = 1 << 26
PACKERS = {
    "xz": "xz -c disk.raw",
    "gz": "gzip -c disk.raw",
    "bz2": "bzip2 -c disk.raw",
    "zst": "zstd -qc disk.raw",
    "tar": "tar -c ./folder",
    "tar.xz": "tar -cJ disk.raw",
    "tar.gz": "tar -czS disk.raw",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "folder").mkdir()
    for name in ("disk.raw", "folder/disk.raw"):
        (tmp_path / name).write_bytes(DISK)
    return tmp_path


def packed(folder: Path, command: str) -> Path:
    file = folder / "packed"
    with file.open("wb") as target:
        subprocess.run(["sh", "-c", command], cwd=folder, stdout=target, check=True)
    return file


def unpack(file: Path, packing: str, member: str | None = None, most: int = MOST) -> bytes:
    target = file.with_name("out")
    target.unlink(missing_ok=True)
    told: list[float] = []
    unpacking.unpack(str(file), packing, member, str(target), most, told.append)
    assert told == sorted(told)
    assert not told or told[-1] <= 1
    return target.read_bytes()


@pytest.mark.parametrize("packing", PACKERS)
def test_unpacked(folder: Path, packing: str) -> None:
    absent = [program for program in unpacking.programs_of(packing) if not shutil.which(program)]
    if absent:
        pytest.skip(f"needs {', '.join(absent)}")
    file = packed(folder, PACKERS[packing])
    assert unpack(file, packing) == DISK
    assert os.stat(folder / "out").st_blocks * 512 < len(DISK) / 2
    with pytest.raises(Conflict) as bomb:
        unpack(file, packing, most=len(DISK) - 1)
    assert bomb.value.code == "unpack.too_large"


def test_a_member_wherever_it_is(folder: Path) -> None:
    (folder / "readme").write_text("read me")
    file = packed(folder, "tar -c readme folder")
    assert unpack(file, "tar", "disk.raw") == DISK
    for packing, member in (("tar", None), ("tar", "none")):
        with pytest.raises(InnkeeperError):
            unpack(file, packing, member)
    twice = packed(folder, "tar -c disk.raw folder")
    with pytest.raises(Conflict) as caught:
        unpack(twice, "tar", "disk.raw")
    assert caught.value.code == "unpack.members"


def test_names_do_not_lead_anywhere(folder: Path) -> None:
    """What a tar says of paths and links is of no matter: only bytes come out of it."""
    (folder / "link").symlink_to("/etc/passwd")
    assert unpack(packed(folder, "tar -c link"), "tar") == b""
    with pytest.raises(Failed):
        unpack(packed(folder, "tar -cP --transform s,^,/../../, disk.raw"), "tar")
    assert sorted(file.name for file in folder.iterdir()) == ["disk.raw", "folder", "link", "out", "packed"]


@pytest.mark.parametrize("packing", PACKERS)
def test_what_is_not_packed_so(folder: Path, packing: str) -> None:
    if any(not shutil.which(program) for program in unpacking.programs_of(packing)):
        pytest.skip("its program is not here")
    cut = packed(folder, PACKERS[packing])
    cut.write_bytes(cut.read_bytes()[:-600] if packing != "tar" else cut.read_bytes()[: 1 << 20])
    for data in (cut.read_bytes(), b"rubbish" * 1000):
        cut.write_bytes(data)
        with pytest.raises(Failed) as caught:
            unpack(cut, packing)
        assert caught.value.code == "unpack.failed"
        assert caught.value.text("zh")
