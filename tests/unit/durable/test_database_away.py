"""PostgreSQL goes away and comes back under a server: that is said, operations go on, and their end is written down."""

from __future__ import annotations

import signal

import pytest
from sqlalchemy.exc import OperationalError

from innkeeper.durable.engine import Engine
from innkeeper.errors import Unsupported
from innkeeper.store import open_database
from tests.postgresql import PostgreSQL
from tests.unit.durable import deeds
from tests.unit.durable.conftest import Server, until
from tests.unit.durable.deeds import Ask


@pytest.fixture
def of_postgresql(server: Server) -> Server:
    if not server.url.startswith("postgresql"):
        pytest.skip("SQLite is a file: it does not go away")
    return server


def test_restarted_while_an_operation_runs(of_postgresql: Server, postgresql: PostgreSQL) -> None:
    durable = of_postgresql.durable
    held = durable.submit("test.deed", Ask(name="held", hold=True), "ada")
    until(lambda: deeds.RUNNING)
    postgresql.stop(signal.SIGQUIT)  # as when it crashes
    with pytest.raises(Unsupported) as caught:
        durable.get(held.id)
    assert caught.value.code == "database.unreachable"
    with pytest.raises(Unsupported):
        durable.submit("test.deed", Ask(name="other"), "ada")
    with pytest.raises(Unsupported):
        open_database(of_postgresql.url)
    deeds.GATE.set()
    until(lambda: not deeds.RUNNING)
    postgresql.start()
    assert durable.wait(held.id, 60).state == "done"
    assert durable.wait(durable.submit("test.deed", Ask(name="after"), "ada").id, 60).state == "done"
    assert [line for line in deeds.DONE if line.startswith("undo")] == []


def test_lost_between_the_record_and_the_engine(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written down is begun, though later."""
    durable, lost = server.durable, []

    def lose(_engine: Engine, operation: str) -> None:
        lost.append(operation)
        raise OperationalError("BEGIN", {}, Exception("the connection is closed"))

    monkeypatch.setattr(Engine, "begin", lose)
    view = durable.submit("test.deed", Ask(name="web"), "ada")
    assert (lost, view.state) == ([view.id], "queued")
    monkeypatch.undo()
    durable._renew()
    assert durable.wait(view.id, 60).state == "done"


def test_restarted_while_others_wait(of_postgresql: Server, postgresql: PostgreSQL) -> None:
    """The queue is DBOS's: it goes on too."""
    durable = of_postgresql.durable
    views = [durable.submit("test.deed", Ask(name=f"g{n}", hold=True), "ada") for n in range(4)]
    until(lambda: len(deeds.RUNNING) == 2)
    postgresql.stop()
    postgresql.start()
    deeds.GATE.set()
    assert [durable.wait(view.id, 60).state for view in views] == ["done"] * 4
