"""Every step fails once and is undone; every deed and every undo is done twice and leaves the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from innkeeper import guest
from innkeeper.errors import Conflict, Failed
from innkeeper.guest import metadata, naming
from innkeeper.guest.leaving import deletion
from innkeeper.host import Host
from innkeeper.network import reservations
from innkeeper.operation import Operation, begin, journal, running, undo
from innkeeper.storage import pools, volumes
from innkeeper.verbs import verb
from innkeeper.virt import domains, storage
from tests.testdriver.conftest import IP, MAC, furnish, world

DEEDS: dict[str, dict[str, Any]] = {
    "delete": {"name": "web2"},
    "rename": {"name": "web2", "new_name": "db"},
    "undelete": {"name": "web2"},
    "purge": {"name": "web2"},
}


def prepared(host: Host, deed: str) -> dict[str, str]:
    """The world in which that deed makes sense."""
    if deed in ("undelete", "purge"):
        guest.delete(host, name="web2")
    return world(host)


def points(deed: str) -> list[str]:
    return [point for step in verb(f"guest.{deed}").steps for point in (step, f"{step}.done")]


CASES = [(deed, point) for deed in DEEDS for point in points(deed)]


@pytest.mark.parametrize(("deed", "point"), CASES)
def test_a_failure_at_any_point_leaves_no_trace(
    host: Host, monkeypatch: pytest.MonkeyPatch, deed: str, point: str
) -> None:
    """A purge does not come back: it is ended instead."""
    before, reached = prepared(host, deed), []

    def fail(name: str) -> None:
        if name == point:
            reached.append(name)
            raise Failed("libvirt.failed", name="web2", detail="on purpose", code=0)

    monkeypatch.setattr(running, "_stop_at", fail)
    with pytest.raises(Failed) as caught:
        verb(f"guest.{deed}")(host, **DEEDS[deed])
    assert (reached, caught.value.left) == ([point], [])
    if deed == "purge":
        assert "web2" not in [row.name for row in guest.list(host, all=True)]
        assert world(host)["pool default"] == "other.qcow2"
        assert world(host)["journal"] == "[]"
    else:
        assert world(host) == before


def twice(function: Callable[..., Any]) -> Callable[..., Any]:
    def both(*args: Any, **kwargs: Any) -> Any:
        function(*args, **kwargs)
        return function(*args, **kwargs)

    return both


DOUBLED: dict[str, list[tuple[Any, str]]] = {
    "delete": [
        *((domains.Domain, "destroy"), (metadata, "note_autostart"), (naming, "rename_offline")),
    ],
    "rename": [(naming, "rename_offline")],
    "undelete": [(naming, "rename_offline"), (metadata, "note_autostart")],
    "purge": [(deletion, "_delete_volumes"), (deletion, "_undefine")],
}


def after(host: Host, deed: str) -> dict[str, str]:
    prepared(host, deed)
    verb(f"guest.{deed}")(host, **DEEDS[deed])
    return world(host)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands still, so that marks of the bin can be compared."""
    monkeypatch.setattr(time, "strftime", lambda *_: "20261122T101500Z")


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_done_twice_leaves_what_it_leaves_once(
    host: Host, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    with Host(host.uri) as other:
        furnish(other)
        assert world(other) == world(host)
        once = after(other, deed)
    for place, name in DOUBLED[deed]:
        monkeypatch.setattr(place, name, twice(getattr(place, name)))
    assert after(host, deed) == once


@pytest.mark.parametrize("deed", ["delete", "rename", "undelete"])
def test_every_undo_done_twice_leaves_what_it_leaves_once(
    host: Host, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    """And it may be asked for before its deed was done, or when the guest is gone."""
    before = prepared(host, deed)
    with monkeypatch.context() as patch:
        patch.setattr(journal, "discard", lambda _id: None)
        verb(f"guest.{deed}")(host, **DEEDS[deed])
    (entry,) = journal.read_all()
    registered = entry.undo
    journal.discard(entry.id)
    for _ in range(2):
        assert undo.apply_all(host, registered)[1] == []
        assert world(host) == before
    domain = domains.lookup(host.virt, next(args["uuid"] for _, args in registered))
    domain.undefine()
    assert undo.apply_all(host, registered)[1] == []


def test_a_pool_is_made_once_and_unmade_once(host: Host) -> None:
    before = world(host)
    with pytest.raises(Failed), begin("image.build", "x", host) as operation:
        make_pool_and_fail(host, operation)
    assert world(host) == before
    assert pools.ensure(host, "new", "/new", _quiet()).autostart
    volumes.create(host, "new", "x", 1 << 20, "raw")
    pools.undo_ensure(host, "new")
    assert storage.find_pool(host.virt, "new"), "somebody put a volume in it"
    volumes.delete(host, "new", "x")
    for _ in range(2):
        pools.undo_ensure(host, "new")
        assert world(host) == before


def make_pool_and_fail(host: Host, operation: Operation) -> None:
    for _ in range(2):
        pool = pools.ensure(host, "new", "/new", operation)
        assert (pool.active, pool.autostart, pools.target(pool)) == (True, True, "/new")
    raise Failed("libvirt.failed", name="x", detail="on purpose", code=0)


def _quiet() -> Operation:
    """An operation for a deed whose undo is tested by itself."""
    entry = journal.create("image.build", "x", "test:///default")
    operation = Operation(entry)
    operation.undo = lambda *_args, **_more: None  # type: ignore[method-assign]  # nothing is recorded
    journal.discard(entry.id)
    return operation


def test_volumes_and_addresses_twice(host: Host) -> None:
    before = world(host)
    with pytest.raises(Conflict, match="exists already"):
        volumes.create(host, "default", "other.qcow2", 1 << 20, "raw")
    for _ in range(2):
        volumes.delete(host, "default", "no-such")
        volumes.delete(host, "no-such-pool", "x")
        reservations.add(host, "default", MAC, IP)
    assert world(host) == before
    for _ in range(2):
        reservations.delete(host, "default", MAC, IP)
        reservations.delete(host, "no-such-network", MAC, IP)
    assert MAC not in world(host)["network default"]
