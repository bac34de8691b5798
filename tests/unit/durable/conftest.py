"""A `Durable` of its own for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from innkeeper.durable import Durable
from innkeeper.operation import undo
from innkeeper.server.hosts import Hosts
from innkeeper.store import open_database
from innkeeper.store.tables import operations
from innkeeper.verbs import REGISTRY
from tests.postgresql import PostgreSQL, programs
from tests.unit.durable import deeds


@pytest.fixture(scope="module", autouse=True)
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("durable")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INNKEEPER_STATE_DIR", str(folder / "state"))
        patch.setenv("INNKEEPER_RUNTIME_DIR", str(folder / "run"))
        patch.setenv("INNKEEPER_OPERATIONS_AT_ONCE", "2")
        patch.delenv("INNKEEPER_STOP_AT", raising=False)
        patch.setitem(REGISTRY, "test.deed", "tests.unit.durable.deeds")
        patch.setitem(undo.ACTIONS, "test.note", "tests.unit.durable.deeds:note")
        yield folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    if programs() is None:
        pytest.skip("PostgreSQL is not installed")
    server = PostgreSQL()
    yield server
    server.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, place: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{place}/state/server.db"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.url()


class Server:
    """A `Durable` that can be ended and begun again, as by a restart."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.published: list[tuple[str, str, str]] = []
        self.start()

    def start(self) -> None:
        self.hosts = Hosts("test:///default")
        self.database = open_database(self.url)
        self.durable = Durable(self.database, self.hosts, self._publish)
        self.durable.launch()

    def _publish(self, kind: str, operation: str, what: str) -> None:
        self.published.append((kind, operation, what))

    def stop(self, grace: float = 5.0) -> None:
        self.durable.close(grace)
        self.hosts.close()
        self.database.close()


@pytest.fixture(scope="module")
def lasting(url: str) -> Iterator[Server]:
    made = Server(url)
    yield made
    deeds.GATE.set()
    made.stop()


@pytest.fixture
def server(lasting: Server) -> Iterator[Server]:
    """The server of all tests of a file, without what the test before left in it."""
    deeds.DONE.clear()
    deeds.GATE.clear()
    yield lasting
    deeds.GATE.set()
    until(lambda: not deeds.RUNNING)
    for view in lasting.durable.list():
        lasting.durable.wait(view.id, 30)
    lasting.published.clear()
    with lasting.database.begin() as connection:
        connection.execute(sa.delete(operations))


def until(come: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not come():
        assert time.monotonic() < deadline, f"nothing in {seconds} s"
        time.sleep(0.02)
