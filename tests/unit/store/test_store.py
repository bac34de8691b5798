"""Opening the database: made, migrated, refused in words."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from innkeeper.errors import Conflict, InnkeeperError, Invalid, Unsupported
from innkeeper.store import open_database
from innkeeper.store.owning import claim
from innkeeper.store.tables import METADATA, operation_log, operations
from innkeeper.store.upgrading import versions

ROW = {
    "id": "0123456789ab",
    "verb": "guest.start",
    "target": "web",
    "host": "local",
    "uri": "qemu:///system",
    "request": {"name": "web"},
    "withheld": [],
    "who": "owner",
    "state": "queued",
    "requested": 1.5,
    "undone": [],
    "left": [],
    "attempts": 0,
    "finished": False,
}


def test_made_migrated_and_found_again(url: str) -> None:
    with_row = open_database(url)
    with with_row.begin() as connection:
        connection.execute(sa.insert(operations), ROW)
    with_row.close()
    again = open_database(url)
    with again.look() as connection:
        (row,) = connection.execute(sa.select(operations)).mappings()
        assert {key: row[key] for key in ROW} == ROW
        assert (
            connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == versions()[-1]
        )
    again.close()


def test_migrations_and_tables_are_the_same(url: str) -> None:
    database = open_database(url)
    with database.look() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    database.close()


def test_several_at_once(url: str) -> None:
    """Each finds it of the present version, whoever made it so."""
    failed: list[BaseException] = []

    def open_it() -> None:
        try:
            open_database(url).close()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_what_belongs_to_an_operation_goes_with_it(url: str) -> None:
    database = open_database(url)
    with database.begin() as connection:
        connection.execute(sa.insert(operations), ROW)
        connection.execute(
            sa.insert(operation_log), {"operation": ROW["id"], "at": 1.0, "text": "x", "facts": {}}
        )
        connection.execute(sa.delete(operations))
        assert connection.execute(sa.select(sa.func.count()).select_from(operation_log)).scalar() == 0
    database.close()


def test_a_newer_one_is_left_alone(url: str) -> None:
    database = open_database(url)
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(Unsupported, match="9999") as caught:
        open_database(url)
    assert caught.value.code == "database.newer"


def test_an_unfinished_migration_leaves_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import op

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(op, "create_index", fail)
    with pytest.raises(RuntimeError):
        open_database(url)
    monkeypatch.undo()
    open_database(url).close()


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/state/server.db")
    with database.begin() as connection:
        connection.execute(sa.insert(operations), ROW)
        files = list((tmp_path / "state").iterdir())
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    database.close()


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(b"no database, but long enough to be read as the header of one" * 20)
    with pytest.raises(Invalid) as caught:
        open_database(f"sqlite:///{path}")
    assert caught.value.code == "database.foreign"


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    import sqlite3

    raw = sqlite3.connect(tmp_path / "x.db")
    raw.execute("CREATE TABLE theirs (x)")
    raw.commit()
    raw.close()
    with pytest.raises(Invalid) as caught:
        open_database(f"sqlite:///{tmp_path}/x.db")
    assert caught.value.code == "database.foreign"


@pytest.mark.parametrize(
    "url",
    ["nonsense", "mysql://u@h/n", "sqlite:///relative.db", "sqlite://", "postgresql://h", "nosuch://x/y"],
)
def test_urls_that_cannot_be(url: str) -> None:
    with pytest.raises(Invalid) as caught:
        open_database(url)
    assert caught.value.code == "database.url"


@pytest.mark.parametrize("url", ["postgresql://inn:geheim@/x?host=/nowhere", "sqlite:////proc/nowhere/x.db"])
def test_unreachable_is_said_without_the_password(url: str) -> None:
    with pytest.raises(InnkeeperError) as caught:
        open_database(url)
    assert "geheim" not in str(caught.value) + caught.value.remedy("en")
    assert caught.value.exit_code in (1, 2)


def test_one_server_to_a_database(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hosts on one PostgreSQL would perform each other's operations. A file is where its server's state is."""

    def serve(host: str) -> None:
        monkeypatch.setenv("INNKEEPER_STATE_DIR", f"{tmp_path}/{host}")
        database = open_database(url)
        try:
            claim(database)
        finally:
            database.close()

    serve("one")
    serve("one")
    if url.startswith("sqlite"):
        serve("two")
        return
    with pytest.raises(Conflict) as caught:
        serve("two")
    assert caught.value.code == "database.owned"
    assert caught.value.facts["host"] == os.uname().nodename
    serve("one")
    database = open_database(url)
    with database.begin() as connection:
        connection.execute(sa.text("DELETE FROM innkeeper.owner"))
    database.close()
    serve("two")
    with pytest.raises(Conflict):
        serve("one")
