"""What a verb goes through: locks, recovery, check, then the recorded run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

import pytest

from innkeeper.errors import Busy, Denied, Failed, Invalid, NotFound, Unsupported
from innkeeper.host import Host
from innkeeper.machine import local
from innkeeper.operation import Operation, Progress, journal, recovery
from innkeeper.schema.base import Request
from innkeeper.verbs import REGISTRY, Verb, noun, verb
from tests.unit.core import deeds
from tests.unit.core.test_operation import dead


class Ask(Request, frozen=True, kw_only=True):
    name: str
    new_name: str | None = None
    size: int = 1


class Diary:
    """A verb that writes down what is done to it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lines: list[str] = []
        real_locks, real_create = Host.lock_all, journal.create

        @contextmanager
        def watched(host: Host, names: list[str], owner: str) -> Iterator[None]:
            with real_locks(host, names, owner):
                self.lines += [f"lock {name}" for name in names]
                try:
                    yield
                finally:
                    self.lines += [f"free {name}" for name in reversed(names)]

        def locks(host: Host, names: Iterable[str], owner: str) -> AbstractContextManager[None]:
            return watched(host, list(names), owner)

        def create(verb: str, target: str, uri: str, operation_id: str | None = None) -> journal.Entry:
            self.lines.append("begin")
            return real_create(verb, target, uri, operation_id)

        monkeypatch.setattr(Host, "lock_all", locks)
        monkeypatch.setattr(journal, "create", create)
        self.refuse = False
        self.fail = False

    def check(self, _host: Host, request: Ask) -> str:
        self.lines.append("check")
        if self.refuse:
            raise NotFound("guest.unknown", name=request.name)
        return f"decided for {request.name}"

    def run(self, _host: Host, request: Ask, operation: Operation) -> str:
        self.lines.append(f"run: {operation.decided}")
        if self.fail:
            operation.undo("test.note", what="disk")
            raise Failed("operation.cancelled", verb="guest.test", name=request.name)
        return f"view of {request.name}"

    def verb(self, **more: Any) -> Verb[Ask, str]:
        return Verb("guest.test", Ask, str, self.check, self.run, **{"steps": ("one",), **more})


@pytest.fixture
def diary(monkeypatch: pytest.MonkeyPatch) -> Diary:
    return Diary(monkeypatch)


def test_the_order(host: Host, diary: Diary, undone: list[str]) -> None:
    entry = dead("guest.test", "web1", note="what was left")
    diary.lines.clear()
    told: list[Progress] = []
    assert diary.verb().perform(host, Ask(name="web1", new_name="a"), told.append) == "view of web1"
    assert diary.lines == [
        *("lock guest:a", "lock guest:web1", "check", "begin", "run: decided for web1"),
        *("free guest:web1", "free guest:a"),
    ]
    assert undone == ["what was left"]
    assert [(one.text, one.operation) for one in told] == [("operation.progress.recovered", entry.id)]
    assert journal.read_all() == []


def test_a_refusal_begins_nothing(host: Host, diary: Diary) -> None:
    diary.refuse = True
    with pytest.raises(NotFound):
        diary.verb()(host, name="web1")
    assert diary.lines == ["lock guest:web1", "check", "free guest:web1"]


def test_a_failure_is_undone_before_the_lock_is_free(
    host: Host, diary: Diary, undone: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    diary.fail = True
    monkeypatch.setattr(deeds, "note", lambda _host, what: diary.lines.append(f"undo {what}"))
    with pytest.raises(Failed):
        diary.verb()(host, name="web1")
    assert diary.lines[-2:] == ["undo disk", "free guest:web1"]


def test_what_cannot_be_recovered_stops_it(host: Host, diary: Diary, undone: list[str]) -> None:
    dead("guest.test", "web1", refuse="disk")
    diary.lines.clear()
    with pytest.raises(Failed) as caught:
        diary.verb()(host, name="web1")
    assert caught.value.code == "operation.left"
    assert diary.lines == ["lock guest:web1", "free guest:web1"]
    assert len(recovery.dead_entries()) == 1


def test_busy(host: Host, diary: Diary) -> None:
    with host.lock("guest:web2", "guest.start web2 (process 42)"), pytest.raises(Busy) as caught:
        diary.verb()(host, name="web1", new_name="web2")
    assert str(caught.value) == "web2 is busy: guest.start web2 (process 42)"
    assert "check" not in diary.lines


def test_every_name_that_it_claims_is_locked(host: Host, diary: Diary) -> None:
    verb = replace(diary.verb(), claims=lambda request: (f"{request.name}-1", f"{request.name}-2"))
    with host.lock("guest:web1-2", "guest.start web1-2 (process 42)"), pytest.raises(Busy) as caught:
        verb(host, name="web1")
    assert str(caught.value) == "web1-2 is busy: guest.start web1-2 (process 42)"
    diary.lines.clear()
    verb(host, name="web1")
    assert diary.lines[:3] == ["lock guest:web1", "lock guest:web1-1", "lock guest:web1-2"]


def test_names_that_meet_in_a_file_are_locked_once(host: Host) -> None:
    with host.lock_all(["a" * 300, "a" * 301, "x/y", "x_y"], "me"):
        pass


def test_the_lock_names_its_owner(host: Host, diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_host: Host, _request: Ask, _operation: Operation) -> str:
        with pytest.raises(Busy, match=r"guest.test web1 \(process \d+\)"), host.lock("guest:web1", ""):
            pass
        return ""

    Verb("guest.test", Ask, str, diary.check, run, steps=("one",))(host, name="web1")


def test_finish_frees_the_lock_for_the_wait_that_follows(host: Host, diary: Diary) -> None:
    def run(_host: Host, _request: Ask, operation: Operation) -> str:
        operation.finish()
        with host.lock("guest:web1", "somebody else"):
            return "waited"

    verb_that_waits = Verb("guest.test", Ask, str, diary.check, run, steps=("one",))
    assert verb_that_waits(host, name="web1") == "waited"


def test_a_verb_without_steps_takes_no_lock_and_leaves_no_record(host: Host, diary: Diary) -> None:
    with host.lock("guest:web1", "somebody"):
        diary.lines.clear()
        assert diary.verb(steps=())(host, name="web1") == "view of web1"
        assert diary.lines == ["check", "run: decided for web1"]


def test_what_the_machine_has_to_be(host: Host, diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test driver has no machine."""
    for needs in ("user", "root"):
        with pytest.raises(Unsupported) as caught:
            diary.verb(needs_machine=needs)(host, name="web1")
        assert caught.value.code == "machine.needed"
    monkeypatch.setattr(host, "machine", local())
    monkeypatch.setattr(local(), "is_root", False)
    with pytest.raises(Denied) as denied:
        diary.verb(needs_machine="root")(host, name="web1")
    assert denied.value.code == "machine.root_needed"
    assert diary.lines == []
    assert diary.verb(needs_machine="user")(host, name="web1") == "view of web1"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "request"),
        ({"name": 3}, "name"),
        ({"name": "web1", "nme": "x"}, "request"),
        ({"name": "web1", "size": "1"}, "size"),
        ({"name": None}, "name"),
    ],
)
def test_keywords_build_the_request(host: Host, diary: Diary, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        diary.verb()(host, **fields)
    assert (caught.value.code, caught.value.facts["field"]) == ("request.invalid", field)
    assert diary.lines == []


@pytest.mark.parametrize("name", [name for name in REGISTRY if not name.startswith("image.")])
def test_every_row_leads_to_its_verb(name: str) -> None:
    found = verb(name)
    assert found.name == name
    kind, _, deed = name.partition(".")
    assert noun(kind)(deed) is found


def test_the_python_door_of_a_verb_that_python_has_a_word_for() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        noun("guest")("nothing")
    assert "image.import" in REGISTRY


@pytest.mark.parametrize(
    "name",
    ["", "x" * 5000, "../etc", "a b", "&<>", "nul\0", "虚拟机", "\udcff"],
    ids=lambda name: ascii(name)[:9],
)
@pytest.mark.parametrize("deed", ["start", "stop", "delete", "undelete", "purge", "rename", "create"])
def test_strange_names_are_refused(host: Host, deed: str, name: str) -> None:
    """By every verb, as a refusal, with nothing recorded."""
    fields: dict[str, Any] = {"name": name}
    if deed == "rename":
        fields = {"name": "test", "new_name": name}
    if deed == "create":
        fields |= {"disk": "default/x"}
    with pytest.raises((Invalid, NotFound)) as caught:
        verb(f"guest.{deed}")(host, **fields)
    assert caught.value.exit_code == 2
    assert len(caught.value.text("en")) < 6000
    assert journal.read_all() == []
