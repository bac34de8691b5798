"""`host.check` and `host.setup` themselves: what is recorded, taken back, left alone, and what goes wrong meanwhile."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from innkeeper.doctor import areas, checking, preparing, record, repairs
from innkeeper.doctor.finding import Check, Found, Site
from innkeeper.doctor.repairs import Kind, Repair
from innkeeper.errors import Denied, Failed, NotFound, Unsupported
from innkeeper.host import Host
from innkeeper.operation import journal
from innkeeper.operation.undo import apply_all
from innkeeper.schema.host import HostSetup
from innkeeper.verbs import verb
from tests.unit.doctor.fake_host import FakeHost

STATE: dict[str, str] = {}
"""Pieces of a host of kind `toy`."""


def put(_site: Site, key: str, value: str | None) -> None:
    if value == "impossible":
        STATE[key] = "half done"
        raise Failed("daemon.no_answer", name=key, seconds=1)
    if value is None:
        STATE.pop(key, None)
    else:
        STATE[key] = value


TOY = Kind(lambda _site, key: STATE.get(key), put, lambda key, value: [f"set {key} {value}"])


def wants(key: str, value: str, status: str = "problem") -> Check:
    """A finding that is fine once the piece has that value."""

    def look(_site: Site) -> Found:
        if STATE.get(key) == value:
            return Found("ok", "host.check_failed")
        return Found(status, "host.check_failed", {}, None, (Repair("toy", key, value),))  # type: ignore[arg-type]  # said by the test

    return Check(f"toy.{key}", look)


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    STATE.clear()
    monkeypatch.setattr(repairs, "KINDS", {"toy": "toy"})
    monkeypatch.setattr(preparing, "kind", lambda _name: TOY)
    return FakeHost(tmp_path, monkeypatch)


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def set_checks(*checks: Check) -> None:
        monkeypatch.setattr(areas, "all_checks", lambda: list(checks))

    return set_checks


def outcomes(fake: FakeHost, **fields: object) -> list[tuple[str, str]]:
    report = verb("host.setup")(fake.host, **fields)
    return [(repair.key, repair.outcome) for repair in report.repairs]


def test_there_and_back(fake: FakeHost, doctor: Callable[..., None]) -> None:
    STATE["a"] = "old"
    doctor(wants("a", "new"), wants("b", "new"), wants("c", "new", "advice"), wants("d", "new", "unknown"))
    assert outcomes(fake) == [("a", "done"), ("b", "done")]
    assert STATE == {"a": "new", "b": "new"}
    assert outcomes(fake) == []
    assert outcomes(fake, only=("toy.c",)) == [("c", "done")]
    assert outcomes(fake, undo=True, only=("toy.b",)) == [("b", "undone")]
    assert STATE == {"a": "new", "c": "new"}
    assert outcomes(fake, undo=True) == [("c", "undone"), ("a", "undone")]
    assert STATE == {"a": "old"}
    assert not os.path.exists(record.path(Site(fake.host)))
    assert outcomes(fake, undo=True) == []


def test_the_record_is_private_and_on_the_host(fake: FakeHost, doctor: Callable[..., None]) -> None:
    doctor(wants("a", "new"))
    outcomes(fake)
    path = Path(record.path(Site(fake.host)))
    assert path.stat().st_mode & 0o777 == 0o600
    first, second = [json.loads(line) for line in path.read_text().splitlines()]
    assert (first["format"], first["kind"], first["key"], first["before"]) == (1, "toy", "a", None)
    assert second == {"id": first["id"], "after": "new"}


def test_what_somebody_else_changed_is_left_alone(fake: FakeHost, doctor: Callable[..., None]) -> None:
    doctor(wants("a", "new"), wants("b", "new"))
    outcomes(fake)
    STATE["a"] = "theirs"
    assert outcomes(fake, undo=True) == [("b", "undone"), ("a", "left")]
    assert STATE == {"a": "theirs"}
    assert outcomes(fake, undo=True) == []


def test_what_is_back_already_counts_as_undone(fake: FakeHost, doctor: Callable[..., None]) -> None:
    doctor(wants("a", "new"))
    outcomes(fake)
    del STATE["a"]
    assert outcomes(fake, undo=True) == [("a", "undone")]


def test_one_that_fails_is_put_back_and_keeps_none(fake: FakeHost, doctor: Callable[..., None]) -> None:
    STATE["a"] = "old"
    doctor(wants("a", "impossible"), wants("b", "new"))
    assert outcomes(fake) == [("a", "failed"), ("b", "done")]
    assert STATE == {"a": "old", "b": "new"}
    assert [change.repair.key for change in record.read(Site(fake.host))] == ["b"]


def test_one_that_cannot_be_looked_at_keeps_none(
    fake: FakeHost, doctor: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(_site: Site, key: str) -> str | None:
        if key == "a":
            raise Failed("daemon.no_answer", name=key, seconds=1)
        return STATE.get(key)

    monkeypatch.setattr(preparing, "kind", lambda _name: Kind(look, put, TOY.commands))
    doctor(wants("a", "new"), wants("b", "new"))
    assert outcomes(fake) == [("a", "failed"), ("b", "done")]
    assert outcomes(fake, undo=True) == [("b", "undone")]
    assert STATE == {}


def test_what_a_repair_lays_open_is_repaired_too(fake: FakeHost, doctor: Callable[..., None]) -> None:
    def hidden(_site: Site) -> Found:
        return wants("b", "new").look(_site) if STATE.get("a") else Found("unknown", "host.check_failed")  # type: ignore[return-value]  # one finding

    doctor(Check("toy.b", hidden), wants("a", "new"))
    assert outcomes(fake) == [("a", "done"), ("b", "done")]


def test_two_findings_may_ask_for_the_same(fake: FakeHost, doctor: Callable[..., None]) -> None:
    one = wants("a", "new")
    doctor(one, Check("toy.again", one.look))
    assert outcomes(fake) == [("a", "done")]


def test_an_interrupted_setup_is_undone_whole(
    fake: FakeHost, doctor: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor(wants("a", "new"), wants("b", "new"))

    def interrupt(site: Site, key: str, value: str | None) -> None:
        put(site, key, value)
        if key == "b" and value == "new":
            raise KeyboardInterrupt

    broken = Kind(TOY.look, interrupt, TOY.commands)
    monkeypatch.setattr(preparing, "kind", lambda _name: broken)
    with pytest.raises(Failed, match="cancelled"):
        outcomes(fake)
    assert STATE == {}
    assert journal.read_all() == []
    assert record.read(Site(fake.host)) == []


def test_undo_of_a_dead_setup_may_run_twice(fake: FakeHost, doctor: Callable[..., None]) -> None:
    doctor(wants("a", "new"))
    outcomes(fake)
    (change,) = record.read(Site(fake.host))
    undo = [("host.setup", {"id": change.id})]
    for _ in range(2):
        assert apply_all(fake.host, undo)[1] == []
    assert STATE == {}


@pytest.mark.parametrize("found", ["nothing", "half done", "done"])
def test_killed_in_the_deed(fake: FakeHost, doctor: Callable[..., None], found: str) -> None:
    """The record has the announcement and no more."""
    site = Site(fake.host)
    record.begin(site, record.Change("0123", "toy.a", Repair("toy", "a", "new"), "old"))
    STATE["a"] = {"nothing": "old", "half done": "hal", "done": "new"}[found]
    doctor(wants("a", "new"))
    assert outcomes(fake, undo=True) == [("a", "undone")]
    assert STATE == {"a": "old"}


def test_killed_in_an_undo(fake: FakeHost, doctor: Callable[..., None]) -> None:
    """What is neither before nor after is then ours."""
    doctor(wants("a", "new"))
    outcomes(fake)
    site = Site(fake.host)
    (change,) = record.read(site)
    record.append(site, {"id": change.id, "undoing": True})
    STATE["a"] = "half"
    assert outcomes(fake, undo=True) == [("a", "undone")]
    assert STATE == {}


def test_a_torn_last_line_is_no_deed(fake: FakeHost, doctor: Callable[..., None]) -> None:
    doctor(wants("a", "new"))
    outcomes(fake)
    with open(record.path(Site(fake.host)), "a") as file:
        file.write('{"format": 1, "id": "4567", "ki')
    assert [change.repair.key for change in record.read(Site(fake.host))] == ["a"]


def test_a_record_of_an_earlier_version_is_read(fake: FakeHost) -> None:
    """Each stored format ever written stays readable."""
    site = Site(fake.host)
    stored = (Path(__file__).parents[2] / "formats" / "host-setup-1.jsonl").read_bytes()
    site.machine.files.make_dir(site.machine.state_dir)
    site.machine.files.write(record.path(site), stored)
    forwarding, daemon, killed = record.read(site)
    assert forwarding.repair == Repair("sysctl", "net.ipv4.ip_forward", "1")
    assert (forwarding.before, forwarding.after, forwarding.finished, forwarding.undoing) == (
        "0",
        "1",
        True,
        True,
    )
    assert (daemon.finding, daemon.before["state"], daemon.finished) == ("daemon.virtlogd", "inactive", True)
    assert (killed.repair.key, killed.before["content"], killed.finished) == ("/etc/x", "中\udcff", False)


def test_dry_run_changes_nothing(fake: FakeHost, doctor: Callable[..., None]) -> None:
    doctor(wants("a", "new"))
    setup = verb("host.setup")
    planned = setup.planned(fake.host, HostSetup())
    assert planned.commands == ["set a new"]
    assert STATE == {}
    outcomes(fake)
    assert setup.planned(fake.host, HostSetup(undo=True)).commands == ["set a None"]
    assert STATE == {"a": "new"}


def test_refusals(fake: FakeHost, doctor: Callable[..., None]) -> None:
    doctor(wants("a", "new"))
    for name in ("host.check", "host.setup"):
        with pytest.raises(NotFound, match="no finding"):
            verb(name)(fake.host, only=("toy.zzz",))
        with pytest.raises(Unsupported, match="needs to run programs"):
            verb(name)(Host("test:///default"))
    fake.host.machine.is_root = False  # type: ignore[union-attr,misc]  # it is a LocalMachine
    with pytest.raises(Denied, match="root"):
        outcomes(fake)
    assert verb("host.check")(fake.host).findings


def test_an_area_is_chosen_whole(fake: FakeHost, doctor: Callable[..., None]) -> None:
    doctor(wants("a", "new"), wants("b", "new"))
    assert [check.id for check in areas.chosen(("toy",))] == ["toy.a", "toy.b"]
    assert [check.id for check in areas.chosen(("toy.b",))] == ["toy.b"]
    assert outcomes(fake, only=("toy.b",)) == [("b", "done")]


def test_errors_are_findings(fake: FakeHost) -> None:
    def denied(_site: Site) -> Found:
        raise Denied("machine.file_denied", path="/x")

    def broken(_site: Site) -> Found:
        raise ZeroDivisionError

    seen = checking.examine(
        Site(fake.host), [Check("toy.a", denied), Check("toy.b", broken), wants("c", "new")]
    )
    assert [(found.status, found.text) for _, found in seen] == [
        ("unknown", "host.check_failed"),
        ("unknown", "host.check_bug"),
        ("problem", "host.check_failed"),
    ]


def test_what_hangs_is_not_waited_for(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "LIMIT", 0.2)
    ended = threading.Event()
    hangs = Check("toy.hangs", lambda _site: (ended.wait(20), Found("ok", "host.check_failed"))[1])
    began = time.monotonic()
    seen = checking.examine(Site(fake.host), [hangs, wants("a", "new")])
    ended.set()
    assert time.monotonic() - began < 5
    assert [(check.id, found.text) for check, found in seen] == [
        ("toy.hangs", "host.check_late"),
        ("toy.a", "host.check_failed"),
    ]


def test_what_several_ask_is_asked_once(fake: FakeHost) -> None:
    site = Site(fake.host)
    asked: list[int] = []

    def look() -> str:
        asked.append(1)
        time.sleep(0.05)
        return "seen"

    checks = [
        Check(f"toy.{number}", lambda site: Found("ok", site.once("slow", look))) for number in range(6)
    ]
    assert {found.text for _, found in checking.examine(site, checks)} == {"seen"}
    assert len(asked) == 1
    site.forget()
    site.once("slow", look)
    assert len(asked) == 2


def test_what_a_deed_touches_on_the_way_is_put_back_too(
    fake: FakeHost, doctor: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As libvirt does, which switches forwarding on when it starts a network."""

    def put_both(site: Site, key: str, value: str | None) -> None:
        put(site, key, value)
        if value == "new":
            STATE["on the way"] = "changed"

    touching = Kind(TOY.look, put_both, TOY.commands, touches=(("quiet", "on the way"), ("quiet", "another")))
    monkeypatch.setattr(preparing, "kind", lambda name: TOY if name == "quiet" else touching)
    STATE["on the way"] = "old"
    doctor(wants("a", "new"))
    assert outcomes(fake) == [("a", "done"), ("on the way", "done")]
    assert [change.repair.key for change in record.read(Site(fake.host))] == ["on the way", "a"]
    assert outcomes(fake, undo=True) == [("a", "undone"), ("on the way", "undone")]
    assert STATE == {"on the way": "old"}


def test_files_of_any_bytes_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, doctor: Callable[..., None]
) -> None:
    fake = FakeHost(tmp_path, monkeypatch)
    (fake.root / "odd").write_bytes(b"\xff\x00\xe4\xb8\xad\n")
    (fake.root / "odd").chmod(0o640)

    def look(site: Site) -> Found:
        repair = (
            Repair("file", "/odd", {"content": "new\n"}),
            Repair("file", "/none", {"content": "", "mode": "600"}),
        )
        return Found(
            "ok" if site.read("/odd") == "new\n" else "problem", "host.check_failed", {}, None, repair
        )

    doctor(Check("toy.file", look))
    assert outcomes(fake) == [("/odd", "done"), ("/none", "done")]
    assert (fake.root / "odd").read_bytes() == b"new\n"
    assert (fake.root / "odd").stat().st_mode & 0o777 == 0o640
    assert (fake.root / "none").stat().st_mode & 0o777 == 0o600
    assert outcomes(fake, undo=True) == [("/none", "undone"), ("/odd", "undone")]
    assert (fake.root / "odd").read_bytes() == b"\xff\x00\xe4\xb8\xad\n"
    assert (fake.root / "odd").stat().st_mode & 0o777 == 0o640
    assert not (fake.root / "none").exists()
