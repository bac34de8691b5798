"""What is written down is on disk with its name; what asks a process to end undoes what it was at."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest

from innkeeper.errors import Failed
from innkeeper.host import Host
from innkeeper.machine import local
from innkeeper.operation import begin, journal


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Directories that were synced."""
    seen: list[str] = []
    fsync = os.fsync

    def watch(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            seen.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    return seen


def test_a_new_journal_is_on_disk_with_its_name(state: Path, synced: list[str]) -> None:
    entry = journal.create("guest.create", "web1", "test:///default")
    assert synced == [str(state / "operations")]
    journal.append(entry.id, {"step": "one"})
    assert len(synced) == 1, "its name is there already"
    journal.discard(entry.id)


def test_a_file_written_whole_is_on_disk_with_its_name(tmp_path: Path, synced: list[str]) -> None:
    local().files.write(str(tmp_path / "x"), b"x")
    assert synced == [str(tmp_path)]


def test_notes_are_read_back(state: Path) -> None:
    entry = journal.create("guest.create", "web1", "test:///default")
    journal.append(entry.id, {"note": {"a": "1"}})
    journal.append(entry.id, {"note": {"b": "2"}})
    assert journal.read_all()[0].notes == {"a": "1", "b": "2"}
    journal.discard(entry.id)


def asked_to_end(host: Host, number: int) -> None:
    with begin("guest.create", "web1", host) as operation:
        operation.undo("test.note", what="one")
        os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_it_is_undone_and_named(host: Host, undone: list[str], number: int) -> None:
    # Other tests of this process may have left a handler.
    before = signal.SIG_DFL
    signal.signal(number, before)
    with pytest.raises(Failed) as caught:
        asked_to_end(host, number)
    assert (caught.value.code, undone) == ("operation.cancelled", ["one"])
    assert journal.read_all() == []
    assert signal.getsignal(number) is before


def test_what_was_to_be_ignored_stays_so(host: Host, undone: list[str]) -> None:
    """As under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with begin("guest.create", "web1", host) as operation:
            operation.undo("test.note", what="one")
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert undone == []
