"""The record of unfinished operations."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from innkeeper.machine.local import LocalFiles
from innkeeper.operation import journal
from innkeeper.operation.journal import Owner

URI = "test:///default"


def write(state: Path, name: str, text: str, age: float = 0.0) -> Path:
    path = state / "operations" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def head(entry: journal.Entry, **changes: Any) -> str:
    """A first line like that of an entry."""
    record = {"format": 1, "owner": vars(entry.owner)}
    record |= {key: getattr(entry, key) for key in ("id", "verb", "target", "uri", "began")}
    return json.dumps({**record, **changes}) + "\n"


def test_an_entry_and_its_file(state: Path) -> None:
    entry = journal.create("guest.create", "wéb1", URI)
    journal.append(entry.id, {"undo": "volume.delete", "args": {"pool": "default", "name": "x\n"}})
    journal.append(entry.id, {"step": "volumes"})
    journal.append(entry.id, {"step": "start"})
    (read,) = journal.read_all()
    assert (read.id, read.verb, read.target, read.uri) == (entry.id, "guest.create", "wéb1", URI)
    assert read.undo == [("volume.delete", {"pool": "default", "name": "x\n"})]
    assert read.steps == ["volumes", "start"]
    assert (read.owner, read.began) == (journal.this_process(), entry.began)
    assert len(entry.id) == 12
    assert int(entry.id, 16) >= 0
    (file,) = (state / "operations").iterdir()
    assert file.name == f"{entry.id}.jsonl"
    assert stat.S_IMODE((state / "operations").stat().st_mode) == 0o700
    journal.discard(entry.id)
    journal.discard(entry.id)
    assert journal.read_all() == []


def test_nothing_was_ever_written() -> None:
    assert journal.read_all() == []


def test_oldest_first(state: Path) -> None:
    entry = journal.create("guest.create", "now", URI)
    for number, began in enumerate((entry.began + 5, entry.began - 5)):
        name = f"{number:012x}"
        write(state, f"{name}.jsonl", head(entry, id=name, target=str(began), began=began))
    assert [one.target for one in journal.read_all()] == [str(entry.began - 5), "now", str(entry.began + 5)]


def test_a_torn_last_line_announces_nothing(state: Path) -> None:
    """Its process died while it wrote, so the deed it speaks of was not begun."""
    entry = journal.create("guest.create", "web1", URI)
    whole = head(entry) + '{"undo": "volume.delete", "args": {}}\n'
    for torn in ("", '{"step": "vol', '{"undo": "x"', '{"step": "vol\0\0\0'):
        write(state, f"{entry.id}.jsonl", whole + torn)
        (read,) = journal.read_all()
        assert (read.undo, read.steps) == ([("volume.delete", {})], [])


@pytest.mark.parametrize("text", ["", "\n", '{"format": 1, "id": "abc', "\0\0\0\0"])
def test_a_file_without_a_first_line_speaks_of_no_deed(state: Path, text: str) -> None:
    """It is dropped once it is old, for a young one is just being written."""
    young = write(state, "young.jsonl", text)
    old = write(state, "old.jsonl", text, age=5)
    assert journal.read_all() == []
    assert young.exists()
    assert not old.exists()


def test_a_file_that_goes_while_we_look(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its operation ended between our list and our read."""
    entry = journal.create("guest.create", "web1", URI)
    journal.create("guest.create", "web2", URI)
    real = LocalFiles.read

    def read(self: LocalFiles, path: str, offset: int = 0, limit: int | None = None) -> bytes:
        if entry.id in path:
            os.unlink(path)
        return real(self, path, offset, limit)

    monkeypatch.setattr(LocalFiles, "read", read)
    assert [one.target for one in journal.read_all()] == ["web2"]


def other_process() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-IS", "-c", "input()"], stdin=subprocess.PIPE)


def owner_of(pid: int) -> Owner:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return Owner(pid, int(fields[19]), journal.this_process().boot, 0)


def test_an_owner_that_runs_and_one_that_is_gone() -> None:
    assert journal.this_process().alive
    with other_process() as process:
        owner = owner_of(process.pid)
        assert owner.alive
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        a_zombie = owner.alive
    assert (a_zombie, owner.alive) == (False, False)


@pytest.mark.parametrize(
    "change", [{"boot": "00000000-0000-0000-0000-000000000000"}, {"start": 1}, {"pid": 2**22 + 1}]
)
def test_a_number_alone_is_nobody(change: dict[str, Any]) -> None:
    """Another boot, a pid that was used again, a pid nobody has."""
    assert not Owner(**{**vars(journal.this_process()), **change}).alive


def test_an_owner_with_a_strange_name() -> None:
    """/proc/PID/stat shows a program's name in brackets, whatever is in it."""
    code = "import ctypes; ctypes.CDLL(None).prctl(15, b') Z 1 (', 0, 0, 0); print(flush=True); input()"
    argv = [sys.executable, "-IS", "-c", code]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert ") Z 1 (" in Path(f"/proc/{process.pid}/stat").read_text()
        assert owner_of(process.pid).alive
        process.kill()
