"""One server to a database: what is under way in it is about that server's host.

A file is held by the state directory that it is in. PostgreSQL can be reached from any host: there the first server
writes down whose it is.
"""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress

import sqlalchemy as sa

from innkeeper.errors import Conflict, NotFound
from innkeeper.machine import local
from innkeeper.store.database import Database
from innkeeper.store.tables import owner

__all__ = ["claim"]

_ONE = 1


def claim(database: Database) -> None:
    """It is this server's from now on. Raises `Conflict("database.owned")` when it is another one's."""
    if database.engine.dialect.name != "postgresql":
        return
    mine = {"one": _ONE, "id": _own_id(), "host": os.uname().nodename, "since": time.time()}
    with database.begin() as connection:
        with suppress(sa.exc.IntegrityError), connection.begin_nested():
            connection.execute(sa.insert(owner), mine)
        found = connection.execute(sa.select(owner)).mappings().one()
    if found["id"] != mine["id"]:
        raise Conflict("database.owned", database=database.shown, host=found["host"])


def _own_id() -> str:
    """Of this state directory; made when it is first asked for."""
    path = f"{local().state_dir}/server-id"
    try:
        return local().files.read(path).decode().strip()
    except NotFound:
        local().files.make_dir(local().state_dir, 0o700)
        local().files.write(path, secrets.token_hex(16).encode() + b"\n", 0o600)
        return local().files.read(path).decode().strip()
