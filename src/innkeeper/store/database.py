"""Opening the database: SQLite in a file of the state directory by default, PostgreSQL by URL."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc

from innkeeper import config
from innkeeper.errors import InnkeeperError, Invalid, Unsupported
from innkeeper.machine import local
from innkeeper.store.upgrading import upgrade

__all__ = ["Database", "open_database"]

_PATIENCE = 30
"""Seconds to wait for another writer (SQLite), or for the server to answer a new connection (PostgreSQL)."""


class Database:
    """An open database of the present version. May be used by several threads."""

    def __init__(self, engine: sa.Engine, shown: str) -> None:
        self.engine = engine
        self.shown = shown
        """Its URL without a password."""

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """A connection in a transaction that may write; committed at the end of the body, undone when that raises.

        Raises `Unsupported("database.unreachable")` when the database is away.
        """
        with _told(self.shown), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def look(self) -> Iterator[sa.Connection]:
        """A connection for reading only: it waits for no writer."""
        with _told(self.shown), self.engine.connect() as connection:
            yield connection.execution_options(innkeeper_reads=True)

    @property
    def workflows_url(self) -> str:
        """Where DBOS keeps its own tables: a file beside ours, or its own schema in the same database."""
        if self.engine.dialect.name == "postgresql":
            return self.engine.url.difference_update_query(["options"]).render_as_string(hide_password=False)
        return f"sqlite:///{os.path.splitext(str(self.engine.url.database))[0]}-workflows.db"

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str | None = None) -> Database:
    """The database of that URL, else of the setting `database`, else `server.db` in the state directory; brought to the
    present version.

    Raises `Invalid("database.url")`, `Invalid("database.foreign")` when it is something else,
    `Unsupported("database.newer")`, `Unsupported("database.unreachable")`.
    """
    engine = _engine(url or config.get("database") or f"sqlite:///{local().state_dir}/server.db")
    shown = engine.url.render_as_string(hide_password=True).replace("+psycopg", "", 1).partition("?")[0]
    database = Database(engine, shown)
    try:
        with database.begin() as connection:
            upgrade(connection, shown)
    except BaseException:
        database.close()
        raise
    return database


def _engine(text: str) -> sa.Engine:
    try:
        url = sa.make_url(text)
        kind = url.get_backend_name()
    except (exc.ArgumentError, exc.NoSuchModuleError, ValueError) as error:
        raise Invalid("database.url") from error
    if kind == "sqlite" and url.database and os.path.isabs(url.database):
        return _sqlite(url.set(drivername="sqlite", query={}))
    if kind in ("postgresql", "postgres") and url.database:
        return _postgresql(url.set(drivername="postgresql+psycopg"))
    raise Invalid("database.url")


def _postgresql(url: sa.URL) -> sa.Engine:
    """Everything of ours is in a schema of its own: beside DBOS's, and beside whatever else is there."""
    options = {"options": "-csearch_path=innkeeper", "connect_timeout": _PATIENCE}
    return sa.create_engine(url, connect_args=options, pool_pre_ping=True, pool_size=5, max_overflow=20)


def _sqlite(url: sa.URL) -> sa.Engine:
    private_file(str(url.database))
    engine = sa.create_engine(url, connect_args={"timeout": _PATIENCE}, pool_size=5, max_overflow=20)
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begun)
    return engine


def private_file(path: str) -> None:
    """An empty file for its owner alone, when there is none. SQLite gives its other files the same mode."""
    files = local().files
    if not files.exists(path):
        files.make_dir(os.path.dirname(path), 0o700)
        files.grow(path, 0o600).close()


def _connected(raw: sqlite3.Connection, _record: object) -> None:
    """The driver is kept from beginning transactions of its own accord: it would do so only before the first change."""
    raw.isolation_level = None
    for setting in ("foreign_keys=ON", "journal_mode=WAL"):
        raw.execute(f"PRAGMA {setting}").close()


def _begun(connection: sa.Connection) -> None:
    """A transaction that reads and then writes would fail at once when another wrote between: it is a writer's from the
    start."""
    reads = connection.get_execution_options().get("innkeeper_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextmanager
def _told(shown: str) -> Iterator[None]:
    """The drivers' errors as ours. What violates a constraint is for the caller to judge."""
    try:
        yield
    except exc.IntegrityError:
        raise
    except exc.DBAPIError as error:
        raise _translated(error, shown) from error


def _translated(error: exc.DBAPIError, shown: str) -> InnkeeperError:
    detail = str(error.orig).strip().partition("\n")[0]
    code: Any = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return Invalid("database.foreign", database=shown, detail=detail)
    return Unsupported("database.unreachable", database=shown, detail=detail)
