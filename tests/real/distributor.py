"""A distributor inside a test world: images in directories of their versions, sums of them, signatures, and a catalogue
that offers them. Its server does what it is told: `tests.odd_server`."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.odd_server import set_way
from tests.signing import Signer
from tests.world import ROOT, World

__all__ = ["Distributor", "asked_of", "bootable", "disk", "wait_for"]

CATALOGUE = """version = 1
distributor = "images"
base = "{base}"
[key]
fingerprint = "{fingerprint}"
owner = "Images <us@images.example>"
url = "{base}/keys"

[shared]
index = "list.html"
pattern = '(\\d+)/'
sums = "{{version}}/SHA256SUMS"
login = "serial"
user = "root"
cloud_init = false
disk_buses = ["virtio"]
boot_pattern = "innkeeper-tiny: user space"
min_memory = "96M"
most = "64M"
virtual_most = "64M"
arches = {{ x86_64 = {{ firmware = ["bios"] }} }}

[[image]]
name = "plain"
title = "A disk, as it is"
file = "{{version}}/disk.qcow2"
signature = "{{sums}}.sig"

[[image]]
name = "small"
title = "A raw disk, packed, signed in the text of its sums"
file = "{{version}}/disk.raw.xz"
sums = "{{version}}/SHA256SUMS.asc"
signature = "inline"
format = "raw"
packing = "xz"

[[image]]
name = "file-signed"
title = "A raw disk in a tar, signed itself"
file = "{{version}}/disk.tar.gz"
file_signature = "{{file}}.sig"
format = "raw"
packing = "tar.gz"
"""


class Distributor:
    """Serves the world's `/srv/images`, on the world's own loopback. `inn` in that world knows its catalogue."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.folder = world.directory / "images"
        self.folder.mkdir()
        self.signer = Signer(world.directory / "k", "Images <us@images.example>")
        self._server = world.popen(
            [sys.executable, str(ROOT / "tests" / "odd_server.py"), str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._server.stdout is not None
        self.url = self._server.stdout.readline().strip()
        self.put("keys", self.signer.public())
        catalogue = world.directory / "catalogue.toml"
        catalogue.write_text(CATALOGUE.format(base=self.url, fingerprint=self.signer.fingerprint))
        world.environment["INNKEEPER_CATALOGUES"] = str(catalogue)

    def close(self) -> None:
        self._server.communicate(timeout=30)
        self.signer.close()

    def put(self, name: str, data: bytes) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def way(self, name: str, *way: Any) -> None:
        """How a file is served from now on: `tests.odd_server`."""
        set_way(self.folder, name, *way)

    def publish(self, version: str, files: dict[str, bytes], signer: Signer | None = None) -> None:
        """A version with these files, summed and signed, and in the list."""
        signer = signer or self.signer
        for name, data in files.items():
            self.put(f"{version}/{name}", data)
        sums = "".join(
            f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items()
        ).encode()
        self.put(f"{version}/SHA256SUMS", sums)
        self.put(f"{version}/SHA256SUMS.sig", signer.detached(sums))
        self.put(f"{version}/SHA256SUMS.asc", signer.inline(sums))
        for name in files:
            if name.endswith(".tar.gz"):
                self.put(f"{version}/{name}.sig", signer.detached(files[name]))
        versions = sorted(path.name for path in self.folder.iterdir() if path.name.isdigit())
        self.put("list.html", "".join(f'<a href="{one}/">{one}/</a>\n' for one in versions).encode())

    def withdraw(self) -> None:
        """No version, all files as a good server serves them, nothing asked."""
        subprocess.run(
            ["sh", "-c", 'rm -rf "$1"/[0-9]* "$1"/.ways "$1"/.asked', "sh", str(self.folder)], check=True
        )

    def asked(self, name: str) -> list[dict[str, Any]]:
        return asked_of(self.folder, name)


def asked_of(folder: Path, name: str) -> list[dict[str, Any]]:
    """Requests of a file, in order."""
    file = folder / ".asked"
    lines = file.read_text().splitlines() if file.exists() else []
    return [line for line in map(json.loads, lines) if line["path"] == f"/{name}"]


def disk(world: World, size: int = 3 << 20, *options: str) -> bytes:
    """A qcow2 file with so many bytes that nobody can guess."""
    folder = world.directory / f"made-{time.monotonic_ns()}"
    folder.mkdir()
    (folder / "raw").write_bytes(os.urandom(size) + bytes(1 << 20))
    argv = ["qemu-img", "convert", "-O", "qcow2", *options, str(folder / "raw"), str(folder / "qcow2")]
    subprocess.run(argv, check=True)
    return (folder / "qcow2").read_bytes()


BOOTABLE = r"""
set -e
cd "$1" && images=/var/lib/libvirt/innkeeper-images
truncate -s 40M disk.raw && mkfs.vfat disk.raw 32768 >/dev/null && syslinux --install disk.raw
export MTOOLS_SKIP_CHECK=1
printf 'DEFAULT tiny\nPROMPT 0\nLABEL tiny\n KERNEL kernel\n INITRD initrd\n APPEND %s\n' "$2" >syslinux.cfg
mcopy -i disk.raw $images/tiny.kernel ::kernel && mcopy -i disk.raw $images/tiny.initrd ::initrd
mcopy -i disk.raw syslinux.cfg ::syslinux.cfg
tar -cf files.tar -C files . && dd if=files.tar of=disk.raw bs=1M seek=32 conv=notrunc status=none
xz -0 -k disk.raw && tar -S -I 'gzip -1' -cf disk.tar.gz disk.raw
"""
"""The kernel of the image tiny on a disk of its own; files come behind that file system, which it does not know."""


def bootable(world: World, arguments: str) -> tuple[dict[str, bytes], dict[str, str]]:
    """A disk that boots, packed as `disk.raw.xz` and as `disk.tar.gz`; and the SHA-256 of each file on it, by its name.
    The world has the image tiny."""
    folder = world.directory / "bootable"
    for number in range(60):
        file = folder / "files" / f"folder-{number % 7}" / f"file {number}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(os.urandom(number * 997))
    world.run(["sh", "-c", BOOTABLE, "sh", str(folder), arguments], check=True)
    packed = {name: (folder / name).read_bytes() for name in ("disk.raw.xz", "disk.tar.gz")}
    found = (file for file in (folder / "files").rglob("*") if file.is_file())
    return packed, {
        f"./{file.relative_to(folder / 'files')}": hashlib.sha256(file.read_bytes()).hexdigest()
        for file in found
    }


def wait_for(come: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Until that is so, while the process runs."""
    deadline = time.monotonic() + 120
    while not come():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
