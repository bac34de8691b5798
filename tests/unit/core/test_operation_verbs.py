"""Asking operations of other processes to stop, and what only a server can do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from innkeeper.errors import Conflict, NotFound, Unsupported, WaitTimeout
from innkeeper.host import Host
from innkeeper.operation import journal, recovery, verbs
from innkeeper.verbs import verb

CANCEL, RETRY = verb("operation.cancel"), verb("operation.retry")

HOLDER = """
import sys, time
from innkeeper.host import Host
from innkeeper.operation import begin
with Host("test:///default") as host, begin("guest.create", "web1", host) as operation:
    print(operation.id, flush=True)
    time.sleep(60)
"""


def holder(script: Path) -> tuple[subprocess.Popen[str], str]:
    """A process with an operation, and its id."""
    script.write_text(HOLDER)
    process = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def test_an_inn_is_asked_to_end(host: Host, tmp_path: Path) -> None:
    process, operation = holder(tmp_path / "inn")
    with process:
        view = CANCEL(host, id=operation[:6])
        assert (view.id, view.state) == (operation, "cancelled")
        assert process.wait(30) == 1
    assert recovery.list_operations() == []


def test_another_program_is_left_alone(host: Host, tmp_path: Path) -> None:
    process, operation = holder(tmp_path / "mine.py")
    with process:
        with pytest.raises(Unsupported) as caught:
            CANCEL(host, id=operation)
        assert caught.value.code == "operation.of_server"
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)


def test_a_dead_one_is_not_asked(host: Host, tmp_path: Path) -> None:
    process, operation = holder(tmp_path / "inn")
    with process:
        process.kill()
    with pytest.raises(Conflict) as caught:
        CANCEL(host, id=operation)
    assert caught.value.code == "operation.dead"
    verb("operation.clean")(host, id=operation)


def test_it_may_take_long_to_undo(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process, operation = holder(tmp_path / "inn")
    monkeypatch.setattr(verbs, "_UNDOING", 0.2)
    with process:
        os.kill(process.pid, signal.SIGSTOP)
        with pytest.raises(WaitTimeout):
            CANCEL(host, id=operation)
        os.kill(process.pid, signal.SIGCONT)
    assert recovery.list_operations() == []


def test_a_journal_does_not_know_what_was_asked(host: Host) -> None:
    with pytest.raises(Unsupported, match="does not say"):
        RETRY(host, id="012345")
    with pytest.raises(NotFound):
        CANCEL(host, id="012345")


def test_what_could_not_be_undone_is_nobodys_any_more(host: Host, undone: list[str]) -> None:
    """Also while the process goes on, as a server does: it can be cleaned up."""
    from innkeeper.errors import Failed
    from innkeeper.operation import begin

    def fail() -> None:
        with begin("guest.create", "web1", host) as operation:
            operation.undo("test.refuse", what="one")
            raise Failed("operation.cancelled", verb="guest.create", name="web1")

    with pytest.raises(Failed) as caught:
        fail()
    assert caught.value.left
    (entry,) = recovery.list_operations()
    assert not entry.alive
    assert entry.owner == journal.this_process()
    assert undone == []
    journal.discard(entry.id)
