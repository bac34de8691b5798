"""Operations: recorded steps, undo as data, what is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from innkeeper.errors import Failed, NotFound, OutcomeUnknown, Refused
from innkeeper.host import Host
from innkeeper.operation import Entry, Operation, Progress, begin, journal, recovery, undo
from innkeeper.schema.image import Removed
from innkeeper.verbs import verb
from tests.unit.core import deeds


def attempt(host: Host, work: Callable[[Operation], object]) -> None:
    with begin("guest.create", "web1", host) as operation:
        work(operation)


def fails(host: Host, work: Callable[[Operation], object]) -> Failed:
    """The error that comes out of an operation doing that work."""
    with pytest.raises(Failed) as caught:
        attempt(host, work)
    return caught.value


def stumble(operation: Operation) -> None:
    deeds.three_steps(operation)
    raise Failed("machine.command_failed", program="x", status=1, detail="")


def recorded() -> Entry:
    (entry,) = journal.read_all()
    return entry


def test_a_step_is_on_disk_before_its_body(host: Host) -> None:
    with begin("guest.create", "web1", host) as operation:
        assert (recorded().steps, recorded().id, recorded().uri) == ([], operation.id, host.uri)
        with operation.step("define"):
            assert recorded().steps == ["define"]
        with operation.step("start"):
            assert recorded().steps == ["define", "start"]
    assert journal.read_all() == []


def test_what_is_kept_is_not_undone(host: Host, undone: list[str]) -> None:
    """Neither by the process itself, nor by who reads its record; what follows is."""

    def work(operation: Operation) -> None:
        operation.undo("test.note", what="made")
        operation.workdir()
        operation.keep(Removed(name="web", volumes=()))
        operation.undo("test.note", what="after")
        assert [action for action, _ in recorded().undo] == ["workdir.delete", "test.note"]
        assert recorded().answer == {"name": "web", "volumes": []}
        raise Failed("machine.command_failed", program="x", status=1, detail="")

    fails(host, work)
    assert undone == ["after"]


def test_an_undo_is_on_disk_before_the_deed(host: Host, undone: list[str]) -> None:
    with begin("guest.create", "web1", host) as operation:
        operation.undo("test.note", what="disk")
        assert recorded().undo == [("test.note", {"what": "disk"})]
    assert undone == []


def test_a_failure_undoes_the_last_deed_first_and_says_so(host: Host, undone: list[str]) -> None:
    error = fails(host, stumble)
    assert undone == ["three", "two", "one"]
    assert journal.read_all() == []
    assert (error.undone, error.left) == (["test.note three", "test.note two", "test.note one"], [])


def test_an_error_that_is_none_of_ours_undoes_too(host: Host, undone: list[str]) -> None:
    def work(operation: Operation) -> None:
        deeds.three_steps(operation)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        attempt(host, work)
    assert (undone, journal.read_all()) == (["three", "two", "one"], [])


@pytest.mark.parametrize(
    ("action", "reason"),
    [("test.refuse", "the disk is in use"), ("test.crash", "b"), ("test.unheard_of", "")],
)
def test_what_cannot_be_undone_is_left_and_recorded(
    host: Host, undone: list[str], action: str, reason: str
) -> None:
    """Whatever the reason, the others are still undone; an action may be one of a later version."""

    def work(operation: Operation) -> None:
        operation.undo("test.note", what="a")
        operation.undo(action, what="b")
        stumble(operation)

    error = fails(host, work)
    assert undone == ["three", "two", "one", "a"]
    (left,) = error.left
    assert left.startswith(f"{action} b: ")
    assert reason in left
    assert [name for name, _ in recorded().undo] == ["test.note", action, *["test.note"] * 3]


def test_undo_waits_for_a_libvirtd_that_is_restarted(
    host: Host, undone: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the deed nor the connection works at first."""
    away = [2]

    def reconnect(_self: Host) -> None:
        if away[0]:
            away[0] -= 1
            raise OutcomeUnknown("libvirt.lost", name="", detail="connection refused")

    monkeypatch.setattr(Host, "reconnect", reconnect)
    monkeypatch.setattr(undo.time, "sleep", lambda _seconds: None)  # type: ignore[attr-defined]  # no waiting
    monkeypatch.setattr(deeds, "LOST", [2])
    assert undo.apply_all(host, [("test.lose", {"what": "disk"})]) == (["test.lose disk"], [])
    assert (undone, away) == (["disk"], [0])


def test_undo_gives_up_on_a_libvirtd_that_stays_away(
    host: Host, undone: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "_PATIENCE", 0.0)
    monkeypatch.setattr(deeds, "LOST", [10**6])
    told, left = undo.apply_all(host, [("test.note", {"what": "a"}), ("test.lose", {"what": "b"})])
    assert (told, len(left)) == (["test.note a"], 1)


def test_cancel_stops_at_the_next_step(host: Host, undone: list[str]) -> None:
    reached = []

    def work(operation: Operation) -> None:
        operation.undo("test.note", what="one")
        with operation.step("one"):
            thread = threading.Thread(target=operation.cancel)
            thread.start()
            thread.join()
            reached.append("one")
        with operation.step("two"):
            reached.append("two")

    error = fails(host, work)
    assert error.code == "operation.cancelled"
    assert error.facts == {"verb": "guest.create", "name": "web1"}
    assert (reached, undone) == (["one"], ["one"])


def test_ctrl_c_is_a_cancel_and_a_second_one_does_not_cut_the_undoing(
    host: Host, undone: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(operation: Operation) -> None:
        operation.undo("test.note", what="one")
        operation.undo("test.refuse", what="two")
        os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait(5)

    monkeypatch.setattr(deeds, "refuse", lambda _host, what: os.kill(os.getpid(), signal.SIGINT))
    before = signal.getsignal(signal.SIGINT)
    error = fails(host, work)
    assert (error.code, error.exit_code) == ("operation.cancelled", 1)
    assert isinstance(error.__cause__, KeyboardInterrupt)
    assert error.undone == ["test.refuse two", "test.note one"]
    assert signal.getsignal(signal.SIGINT) is before


def divide_after(_deed: object) -> None:
    raise ZeroDivisionError


def test_progress_is_data(host: Host) -> None:
    told: list[Progress] = []
    with begin("guest.create", "web1", host, told.append) as operation:
        operation.progress("guest.progress.disk", 0.5, name="x")
    assert told == [Progress(operation.id, "web1", "guest.progress.disk", {"name": "x"}, 0.5)]
    told.clear()
    with pytest.raises(ZeroDivisionError), begin("guest.create", "web1", host, told.append) as operation:
        divide_after(operation.workdir())
    assert [one.text for one in told] == ["operation.progress.undoing"]
    told.clear()
    with pytest.raises(ZeroDivisionError), begin("guest.create", "web1", host, told.append):
        raise ZeroDivisionError
    assert told == [], "nothing is to be undone"


@pytest.mark.parametrize("failing", [False, True])
def test_the_workdir_goes_with_the_operation(host: Host, failing: bool) -> None:
    made: list[Path] = []

    def work(operation: Operation) -> None:
        made.append(Path(operation.workdir()))
        assert made[0].stat().st_mode & 0o777 == 0o700
        (made[0] / "deep").mkdir()
        (made[0] / "deep" / "file").touch()
        if failing:
            stumble(operation)

    if failing:
        fails(host, work)
    else:
        attempt(host, work)
    assert not made[0].exists()
    assert made[0].parent.is_dir()


def test_finish_means_that_nothing_is_undone(host: Host, undone: list[str]) -> None:
    released: list[str] = []

    def work(operation: Operation) -> None:
        operation.release = lambda: released.append("locks")
        path = Path(operation.workdir())
        deeds.three_steps(operation)
        operation.finish()
        assert (journal.read_all(), released, path.exists()) == ([], ["locks"], False)
        raise Failed("operation.cancelled", verb="guest.create", name="web1")

    assert fails(host, work).undone == []
    assert (undone, released) == ([], ["locks"])


def run_to_death(stop_at: str) -> int:
    """Another process does three steps and is killed on the way. Its exit status."""
    code = (
        "from innkeeper.host import Host; from innkeeper.operation import begin, undo\n"
        "from tests.unit.core import deeds\n"
        "with Host('test:///default') as host, begin('guest.create', 'web1', host) as operation:\n"
        "    deeds.three_steps(operation)"
    )
    environment = {**os.environ, "INNKEEPER_STOP_AT": stop_at}
    return subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode


@pytest.mark.parametrize(
    ("stop_at", "steps", "undo"),
    [("one", 1, 1), ("one.done", 1, 1), ("two", 2, 2), ("three.done", 3, 3)],
)
def test_what_a_killed_process_leaves_is_undone_by_the_next(
    host: Host, undone: list[str], stop_at: str, steps: int, undo: int
) -> None:
    assert run_to_death(stop_at) == -signal.SIGKILL
    entry = recorded()
    assert (len(entry.steps), len(entry.undo), entry.owner.alive) == (steps, undo, False)
    assert recovery.dead_entries() == [entry]
    assert recovery.recover(host, "guest.create", "web2") == []
    assert recovery.recover(host, "guest.delete", "web1") == []
    with Host("test:///default?x=y") as other:
        assert recovery.recover(other, "guest.create", "web1") == []
    assert undone == []
    assert recovery.recover(host, "guest.create", "web1") == [entry]
    assert undone == ["three", "two", "one"][-undo:]
    assert journal.read_all() == []


def test_without_a_stop_it_ends(undone: list[str]) -> None:
    assert run_to_death("four") == 0
    assert journal.read_all() == []


def dead(
    verb: str = "guest.create", target: str = "web1", uri: str = "test:///default", **undo: Any
) -> Entry:
    """An entry of a process that is gone."""
    entry = journal.create(verb, target, uri)
    path = Path(journal.directory()) / f"{entry.id}.jsonl"
    path.write_text(path.read_text().replace(entry.owner.boot, "0" * 36))
    for action, what in undo.items():
        journal.append(entry.id, {"undo": f"test.{action}", "args": {"what": what}})
    return next(one for one in journal.read_all() if one.id == entry.id)


def test_clean(host: Host, undone: list[str]) -> None:
    entry = dead(note="disk")
    assert recovery.find(entry.id[:5]) == entry
    assert recovery.clean(host, entry) == ["test.note disk"]
    assert journal.read_all() == []
    with pytest.raises(NotFound, match="no operation"):
        recovery.find(entry.id)


def test_clean_refuses_a_living_owner(host: Host, undone: list[str]) -> None:
    with begin("guest.create", "web1", host) as operation:
        operation.undo("test.note", what="disk")
        with pytest.raises(Refused) as caught:
            recovery.clean(host, recorded())
        assert (caught.value.code, caught.value.facts["pid"]) == ("operation.alive", os.getpid())
        assert (recovery.dead_entries(), recovery.recover(host, "guest.create", "web1")) == ([], [])
    assert undone == []


def test_clean_holds_the_target_s_lock(host: Host, undone: list[str]) -> None:
    entry = dead(note="disk")
    with host.lock("guest:web1", "guest.start web1"), pytest.raises(Refused) as caught:
        recovery.clean(host, entry)
    assert caught.value.code == "operation.busy"
    assert undone == []


def test_what_clean_cannot_undo_stays_recorded(host: Host, undone: list[str]) -> None:
    entry = dead(note="a", refuse="b")
    with pytest.raises(Failed) as caught:
        recovery.clean(host, entry)
    assert caught.value.code == "operation.left"
    assert "the disk is in use" in str(caught.value)
    assert caught.value.undone == ["test.note a"]
    assert recorded().id == entry.id


def test_an_id_has_to_name_one(host: Host) -> None:
    for beginning in ("aa", "ab"):
        path = Path(journal.directory()) / f"{beginning}{'0' * 10}.jsonl"
        entry = dead()
        file = path.with_name(f"{entry.id}.jsonl")
        path.write_text(file.read_text().replace(entry.id, path.stem))
        file.unlink()
    assert recovery.find("aa").id == "aa0000000000"
    for ambiguous in ("a", "", "x"):
        with pytest.raises(NotFound):
            recovery.find(ambiguous)


def test_the_verbs_on_operations(host: Host, undone: list[str]) -> None:
    here, elsewhere = dead(note="here"), dead(uri="test:///default?x=y", note="elsewhere")
    with begin("guest.stop", "web3", host) as operation:
        with operation.step("stop"):
            views = verb("operation.list")(host)
            assert [view.state for view in views] == ["interrupted", "interrupted", "running"]
            assert (views[2].step, views[2].pid, views[0].undo) == ("stop", os.getpid(), ("test.note here",))
            assert verb("operation.show")(host, id=here.id) == views[0]
        with pytest.raises(Refused, match="still running"):
            verb("operation.clean")(host, id=operation.id)
        assert [view.id for view in verb("operation.clean")(host)] == [here.id, elsewhere.id]
    assert undone == ["here", "elsewhere"]
    assert verb("operation.list")(host) == []
    for name in ("show", "clean"):
        with pytest.raises(NotFound):
            verb(f"operation.{name}")(host, id="no")


def test_every_undo_action_exists_and_names_its_arguments() -> None:
    """An undo is found by name in another process, perhaps years later."""
    import importlib
    import inspect

    for action, place in undo.ACTIONS.items():
        module, _, function = place.partition(":")
        parameters = inspect.signature(getattr(importlib.import_module(module), function)).parameters
        assert next(iter(parameters)) in ("host", "_host"), action


def test_threads_may_work_on_one_operation(host: Host, undone: list[str]) -> None:
    """As the guests of one request do."""

    def work(operation: Operation, number: int) -> None:
        for _ in range(20):
            operation.undo("test.note", what=str(number))

    with begin("guest.create", "web1", host) as operation:
        threads = [threading.Thread(target=work, args=(operation, number)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(recorded().undo) == 160
