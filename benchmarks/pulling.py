"""How fast a file comes from a server, checked as it comes, beside curl; and a pull beside what one types for it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import Comparison, Way, in_turns, run, seconds
from benchmarks.programs import INN, PYTHON

from tests.odd_server import set_way
from tests.world import ROOT

__all__ = ["compare"]

_FOLDER = Path("/var/lib/pulled")
_STATE = "/var/lib/innkeeper"
_MIB = 1024
"""of noise in the disk: nothing of it can be left out"""
_LINK = 125_000_000
"""Bytes per second of a link of 1 Gbit/s."""
_MOST = 1 / 0.9
_TAKE = """
import sys
from innkeeper.image import downloads
from innkeeper.image.downloads import Source

class Watcher:
    id = "bench"
    def progress(self, *_words, **_facts): pass
    def note(self, **_facts): pass
    def check_cancel(self): pass

downloads.take(Source(sys.argv[1], sys.argv[2], 1 << 40), sys.argv[3], Watcher())
"""
"""What `inn image pull` does to have the file whole and checked, in a process of its own."""
_CATALOGUE = """version = 1
distributor = "bench"
base = "{base}"
[[image]]
name = "pulled"
title = "Noise"
version = "1"
file = "disk.qcow2"
sums = "SHA256SUMS"
most = "64G"
arches = {{ x86_64 = {{}} }}
"""
_TYPED = """
curl -qsSf -o disk.qcow2 "$1/disk.qcow2" && curl -qsSf -o sums "$1/SHA256SUMS" && sha256sum --quiet -c sums &&
virsh -q vol-create-as innkeeper-images typed "$(stat -c %s disk.qcow2)" --format raw --allocation 0 &&
virsh -q vol-upload --pool innkeeper-images typed disk.qcow2
""".replace("\n", " ")


def compare(rounds: int) -> Iterator[Comparison]:
    """As by a link of 1 Gbit/s, and as fast as this computer can send it to itself."""
    with _served() as url:
        digest = f"sha256:{_sum(_FOLDER / 'site' / 'disk.qcow2')}"
        os.environ["INNKEEPER_CATALOGUES"] = str(_FOLDER / "catalogue.toml")
        ours, other, checked = "the download of inn image pull", "curl", "curl, sha256sum"
        whole, typed = "inn image pull", "curl, sha256sum, virsh vol-upload"
        ways: dict[str, Way] = {
            ours: lambda: _ours(f"{url}/disk.qcow2", digest),
            other: lambda: _other('curl -qsSf -o file "$1/disk.qcow2"', url),
            checked: lambda: _other('curl -qsSf -o file "$1/disk.qcow2" && sha256sum file', url),
        }
        for name, way, most in (
            ("pull, 1 Gbit/s", ("paced", _LINK), _MOST),
            ("pull, no link", ("plain",), None),
        ):
            set_way(_FOLDER / "site", "disk.qcow2", *way)
            times = in_turns(ways, rounds)
            yield Comparison(name, ours, other, "times", most, times[ours], times[other])
            yield Comparison(name, ours, checked, "times", most, times[ours], times[checked])
        run(INN, "image", "pull", "pulled", "--as", "first")
        times = in_turns({whole: _pull, typed: lambda: _other(_TYPED, url)}, rounds)
        yield Comparison("pull, whole", whole, typed, "times", None, times[whole], times[typed])
        run(INN, "image", "remove", "first")
    shutil.rmtree(_FOLDER)


@contextmanager
def _served() -> Iterator[str]:
    site = _FOLDER / "site"
    site.mkdir(parents=True)
    disk = site / "disk.qcow2"
    run("sh", "-c", f"head -c {_MIB}M /dev/urandom >{_FOLDER}/raw")
    run("qemu-img", "convert", "-O", "qcow2", f"{_FOLDER}/raw", str(disk))
    os.unlink(_FOLDER / "raw")
    (site / "SHA256SUMS").write_text(f"{_sum(disk)}  disk.qcow2\n")
    argv = [sys.executable, str(ROOT / "tests" / "odd_server.py"), str(site)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        (_FOLDER / "catalogue.toml").write_text(_CATALOGUE.format(base=url))
        try:
            yield url
        finally:
            server.communicate()


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _ours(url: str, digest: str) -> float:
    """Taking it away again is not counted."""
    target = f"{_STATE}/pulled"
    took = seconds(PYTHON, "-c", _TAKE, url, digest, target)
    shutil.rmtree(f"{_STATE}/downloads")
    os.unlink(target)
    return took


def _other(script: str, url: str) -> float:
    folder = _FOLDER / "typed"
    folder.mkdir()
    took = seconds("sh", "-c", f"cd {folder} && {script}", "sh", url)
    shutil.rmtree(folder)
    if "vol-upload" in script:
        run("virsh", "vol-delete", "--pool", "innkeeper-images", "typed")
    return took


def _pull() -> float:
    took = seconds(INN, "--quiet", "image", "pull", "pulled")
    run(INN, "image", "remove", "pulled")
    return took
