"""Bringing a database to the present version, one process at a time, in one transaction."""

from __future__ import annotations

import os
import pkgutil
import re
from functools import cache

import sqlalchemy as sa

from innkeeper.errors import Invalid, Unsupported
from innkeeper.store import migrations

__all__ = ["upgrade", "versions"]

_LOCK = 0x1221
"""Number of PostgreSQL's advisory lock that a process holds while it migrates."""


@cache
def versions() -> tuple[str, ...]:
    """The numbers of all versions, oldest first."""
    folder = os.path.join(os.path.dirname(migrations.__file__), "versions")
    named = (re.match(r"v(\d{4})_", module.name) for module in pkgutil.iter_modules([folder]))
    return tuple(sorted(match[1] for match in named if match))


def upgrade(connection: sa.Connection, shown: str) -> None:
    """Bring it to the present version; `shown` is how the database is named to people.

    The connection is in a transaction that writes (on SQLite it holds the lock by that). Raises
    `Unsupported("database.newer")`, `Invalid("database.foreign")`.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        connection.execute(sa.text("CREATE SCHEMA IF NOT EXISTS innkeeper"))
    present = _version(connection, shown)
    if present == versions()[-1]:
        return
    if present is not None and present not in versions():
        raise Unsupported("database.newer", database=shown, version=present, newest=versions()[-1])
    _migrate(connection)


def _version(connection: sa.Connection, shown: str) -> str | None:
    tables = set(sa.inspect(connection).get_table_names())
    if "alembic_version" not in tables:
        if tables:
            raise Invalid("database.foreign", database=shown, detail=", ".join(sorted(tables)[:3]))
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _migrate(connection: sa.Connection) -> None:
    import logging

    from alembic import command
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    settings = Config()
    settings.set_main_option("script_location", os.path.dirname(migrations.__file__).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
