"""The store of downloads: what is there after whatever happened is a part that says so, or the whole."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from innkeeper.errors import Conflict, Failed, InnkeeperError
from innkeeper.image import downloads
from innkeeper.machine import local
from innkeeper.tools import web
from tests.odd_server import OddServer

DATA = os.urandom(3_000_000)
MOST = 1 << 24


class Told:
    """What of an operation a download uses."""

    id = "0123456789ab"

    def __init__(self) -> None:
        self.said: list[tuple[str, float | None]] = []
        self.noted: dict[str, Any] = {}
        self.cancel_at: float | None = None

    def progress(self, text: str, fraction: float | None = None, **_facts: object) -> None:
        self.said.append((text, fraction))

    def note(self, **facts: Any) -> None:
        self.noted |= facts

    def check_cancel(self) -> None:
        if self.cancel_at is not None and self.came() >= self.cancel_at:
            raise Failed("operation.cancelled", verb="image.pull", name="x")

    def came(self) -> int:
        name = self.noted.get("download")
        return downloads.part_size(name) if name else 0


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INNKEEPER_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("INNKEEPER_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setattr(web, "PAUSE", 0.01)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OddServer]:
    (tmp_path / "site").mkdir()
    with OddServer(tmp_path / "site") as made:
        yield made


def source(server: OddServer, data: bytes = DATA, *way: Any, name: str = "disk.qcow2") -> downloads.Source:
    digest = f"sha256:{hashlib.sha256(DATA).hexdigest()}"
    return downloads.Source(server.put(name, data, *way), digest, MOST, len(DATA))


def take(wanted: downloads.Source, told: Any = None, name: str = "target") -> bytes:
    target = f"{local().state_dir}/{name}"
    operation: Any = told or Told()
    return Path(downloads.take(wanted, target, operation)).read_bytes()


def left() -> dict[str, int]:
    folder = Path(downloads.directory())
    return {file.suffix: file.stat().st_size for file in folder.iterdir()} if folder.exists() else {}


def test_whole(server: OddServer) -> None:
    wanted = source(server)
    assert take(wanted) == DATA
    assert left() == {".whole": len(DATA)}
    assert take(wanted, name="again") == DATA
    assert len(server.asked("disk.qcow2")) == 1
    downloads.drop(wanted)
    assert left() == {}
    assert Path(f"{local().state_dir}/target").read_bytes() == DATA


def test_sha512(server: OddServer) -> None:
    wanted = source(server)._replace(digest=f"sha512:{hashlib.sha512(DATA).hexdigest()}")
    assert take(wanted) == DATA


def test_another_content(server: OddServer) -> None:
    """Fetched once: it began as what it is. Nothing of it stays."""
    with pytest.raises(Failed) as caught:
        take(source(server, DATA[:-1] + b"x"))
    assert caught.value.code == "image.digest"
    assert left() == {}
    assert len(server.asked("disk.qcow2")) == 1


def test_a_part_of_another_file_is_found_out(server: OddServer) -> None:
    """Its beginning is not that of what its server has: the digest says so, and it is fetched anew."""
    wanted = source(server, DATA, "cut", 1_000_000)
    told = Told()
    told.cancel_at = 500_000
    with pytest.raises(Failed):
        take(wanted, told)
    part = Path(downloads.directory(), f"{wanted.name}.part")
    part.write_bytes(b"x" + part.read_bytes()[1:])
    server.set("disk.qcow2")
    assert take(wanted) == DATA
    assert [bool(asked["Range"]) for asked in server.asked("disk.qcow2")] == [False, True, False]


def test_cancelled_and_gone_on_with(server: OddServer) -> None:
    wanted = source(server)
    told = Told()
    told.cancel_at = 1
    with pytest.raises(Failed):
        take(wanted, told)
    before = left()[".part"]
    assert before > 0
    assert take(wanted) == DATA
    assert server.asked("disk.qcow2")[-1]["Range"] == (f"bytes={before}-" if before < len(DATA) else None)


def test_broken_off(server: OddServer) -> None:
    wanted = source(server, DATA, "whole", 1_500_000)
    with pytest.raises(Failed) as caught:
        take(wanted)
    assert caught.value.code == "image.broken_off"
    assert Path(str(caught.value.facts["path"])).read_bytes() == DATA[:1_500_000]
    server.set("disk.qcow2")
    assert take(wanted) == DATA
    assert server.asked("disk.qcow2")[-1]["Range"] == "bytes=1500000-"


def test_nothing_is_left_of_what_never_began(server: OddServer) -> None:
    for way in (("status", 404), ("says", 1 << 40), ("to", "/circle")):
        with pytest.raises(InnkeeperError):
            take(source(server, DATA, *way))
        assert left() == {}


def test_a_note_of_another_file_counts_for_nothing(server: OddServer) -> None:
    wanted = source(server)
    folder = Path(downloads.directory())
    folder.mkdir(parents=True)
    for note in (b"", b"{", b'{"url":"x","digest":"y","known":{"size":1}}'):
        (folder / f"{wanted.name}.part").write_bytes(b"rubbish")
        (folder / f"{wanted.name}.json").write_bytes(note)
        assert take(wanted) == DATA
        downloads.drop(wanted)
    assert {asked["Range"] for asked in server.asked("disk.qcow2")} == {None}


def test_a_whole_one_is_not_believed(server: OddServer) -> None:
    wanted = source(server)
    take(wanted)
    Path(downloads.directory(), f"{wanted.name}.whole").write_bytes(DATA[:-1])
    Path(f"{local().state_dir}/target").unlink()
    assert take(wanted) == DATA


def test_a_link_in_its_place_is_not_followed(server: OddServer, tmp_path: Path) -> None:
    wanted = source(server)
    folder = Path(downloads.directory())
    folder.mkdir(parents=True)
    (tmp_path / "precious").write_bytes(b"mine")
    (folder / f"{wanted.name}.part").symlink_to(tmp_path / "precious")
    with pytest.raises(Failed):
        take(wanted)
    assert (tmp_path / "precious").read_bytes() == b"mine"


def test_no_room(server: OddServer) -> None:
    with pytest.raises(Conflict) as caught:
        take(source(server)._replace(size=1 << 60))
    assert caught.value.code == "disk.no_space"
    assert server.asked("disk.qcow2") == []


def test_old_ones_go(server: OddServer) -> None:
    old, young = source(server, name="old"), source(server, name="young")
    take(old, name="a")
    take(young, name="b")
    folder = Path(downloads.directory())
    os.utime(folder / f"{old.name}.whole", (0, time.time() - downloads.KEPT - 60))
    (folder / ".inn-abc").write_bytes(b"")
    os.utime(folder / ".inn-abc", (0, time.time() - 7200))
    take(source(server, name="third"), name="c")
    assert sorted(file.name.partition(".")[0] for file in folder.iterdir()) == ["third", "young"]


def test_kept_for_who_waits(server: OddServer) -> None:
    """However quickly the first one is done with it."""
    wanted = source(server, DATA, "held", 1_000_000)
    got: list[bytes] = []
    told = Told()
    first = threading.Thread(target=lambda: got.append(take(wanted, Told(), "a")))
    second = threading.Thread(target=lambda: got.append(take(wanted, told, "b")))
    first.start()
    while not downloads.part_size(wanted.name):
        time.sleep(0.01)
    second.start()
    while not told.said:
        time.sleep(0.01)
    server.set("disk.qcow2")
    first.join()
    downloads.drop(wanted)
    second.join()
    assert got == [DATA, DATA]
    assert len(server.asked("disk.qcow2")) == 1
    downloads.drop(wanted)
    assert left() == {}


def test_two_at_once_share_one(server: OddServer) -> None:
    wanted = source(server, DATA, "slow", 6_000_000)
    got: list[bytes] = []
    first, second = Told(), Told()
    threads = [
        threading.Thread(target=lambda told=told, name=name: got.append(take(wanted, told, name)))
        for told, name in ((first, "a"), (second, "b"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [DATA, DATA]
    assert len(server.asked("disk.qcow2")) == 1
    assert any(text == "image.progress.shared" for text, _ in first.said + second.said)


DRIVER = """
import resource, sys
from innkeeper.image import downloads

class Watcher:
    id = "test"
    def progress(self, *_words, **_facts): pass
    def note(self, **_facts): pass
    def check_cancel(self): pass

downloads.take(downloads.Source(sys.argv[1], sys.argv[2], 1 << 40), sys.argv[3], Watcher())
print(sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
"""


@pytest.mark.long
def test_memory_does_not_grow_with_the_file(server: OddServer, tmp_path: Path) -> None:
    """KiB at most, of a process with its programs, for 16 MiB and for 4 GiB."""
    peaks = []
    for size in (1 << 24, 1 << 32):
        file = server.directory / "sparse"
        with file.open("wb") as target:
            target.truncate(size)
        with file.open("rb") as content:
            digest = f"sha256:{hashlib.file_digest(content, 'sha256').hexdigest()}"
        argv = [sys.executable, "-c", DRIVER, f"{server.url}/sparse", digest, str(tmp_path / f"{size}")]
        peaks.append(int(subprocess.run(argv, capture_output=True, text=True, check=True).stdout))
        (tmp_path / f"{size}").unlink()
        for left_over in Path(downloads.directory()).iterdir():
            left_over.unlink()
    assert peaks[1] - peaks[0] < 8 * 1024, peaks
