"""The archive is one that cpio(1) reads back as it was described."""

from __future__ import annotations

import subprocess
from pathlib import Path

from innkeeper.tools.initramfs import archive, device, directory, file, link

ENTRIES = [
    directory("dev"),
    device("dev/console", 5, 1),
    directory("bin"),
    file("bin/odd", b"#!/bin/sh\n", 0o755),
    file("bin/empty", b""),
    file("größe", b"x"),
    link("init", "bin/odd"),
]


def test_cpio_lists_it() -> None:
    told = subprocess.run(["cpio", "-tv", "--quiet"], input=archive(ENTRIES), capture_output=True, check=True)
    lines = told.stdout.decode(errors="replace").splitlines()
    assert [line.split()[0] for line in lines] == [
        "drwxr-xr-x", "crw-------", "drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--", "-rw-r--r--", "lrwxrwxrwx",
    ]  # fmt: skip
    assert "5,   1" in lines[1]
    assert lines[-1].endswith("init -> bin/odd")


def test_cpio_unpacks_it(tmp_path: Path) -> None:
    plain = [entry for entry in ENTRIES if entry.device == (0, 0)]
    subprocess.run(["cpio", "-i", "--quiet"], input=archive(plain), cwd=tmp_path, check=True)
    assert (tmp_path / "bin/odd").read_bytes() == b"#!/bin/sh\n"
    assert (tmp_path / "größe").read_bytes() == b"x"
    assert (tmp_path / "init").readlink() == Path("bin/odd")


def test_the_same_entries_give_the_same_bytes() -> None:
    assert archive(ENTRIES) == archive(ENTRIES)
    assert len(archive(ENTRIES)) % 4 == 0
