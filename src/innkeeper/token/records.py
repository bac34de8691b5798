"""Links, sessions and tokens in the server's database. Of each only the digest of its secret word is kept."""

from __future__ import annotations

import secrets
import time
from typing import NamedTuple

import sqlalchemy as sa

from innkeeper.errors import Conflict, NotFound
from innkeeper.schema.token import Role, TokenView
from innkeeper.store import Database
from innkeeper.store.tables import links, sessions, tokens, users
from innkeeper.token import words

__all__ = ["IDLE", "LINK_LIFE", "LONGEST", "Bearer", "Records", "Session"]

LINK_LIFE = 600.0
"""Seconds that a link waits to be used."""
IDLE, LONGEST = 12 * 3600.0, 7 * 86400.0
"""Seconds until a session ends that nobody uses, and one that is used."""
_NOTED = 60.0
"""Seconds between two notes of when something was last used."""
_DAY = 86400.0


class Session(NamedTuple):
    """A browser that was let in."""

    id: str
    user: str
    role: Role
    address: str
    agent: str
    created: float
    seen: float


class Bearer(NamedTuple):
    """A token that is known."""

    id: str
    name: str
    user: str
    role: Role
    expires: float | None


class Records:
    """May be used by several threads, and by several processes on one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make_link(self, user: str = "owner") -> tuple[str, float]:
        """A new link's word, and when it expires. Old ones that nobody used are forgotten."""
        word, now = words.new(words.LINK), time.time()
        with self._database.begin() as connection:
            connection.execute(sa.delete(links).where(links.c.expires <= now))
            row = {"digest": words.digest(word), "user": user, "created": now, "expires": now + LINK_LIFE}
            connection.execute(sa.insert(links).values(**row))
        return word, now + LINK_LIFE

    def use_link(self, word: str, address: str, agent: str) -> str | None:
        """The word of a new session for that link, which is used up by it; None when it is not known, or no more."""
        session, now = words.new(words.SESSION), time.time()
        with self._database.begin() as connection:
            mine = (links.c.digest == words.digest(word)) & (links.c.expires > now)
            user = connection.execute(sa.select(links.c.user).where(mine)).scalar()
            if user is None or connection.execute(sa.delete(links).where(mine)).rowcount != 1:
                return None  # somebody else was quicker
            connection.execute(sa.delete(sessions).where(_ended(now)))
            row = {
                "digest": words.digest(session),
                "id": secrets.token_hex(6),
                "user": user,
                "address": address,
                "agent": agent[:200],
                "created": now,
                "seen": now,
            }
            connection.execute(sa.insert(sessions).values(**row))
        return session

    def session(self, word: str) -> Session | None:
        """The session of that word, while it lasts; that it is used is noted."""
        now = time.time()
        mine = (sessions.c.digest == words.digest(word)) & ~_ended(now)
        found = self._sessions(mine)
        if not found:
            return None
        if now - found[0].seen > _NOTED:
            with self._database.begin() as connection:
                connection.execute(sa.update(sessions).where(mine).values(seen=now))
        return found[0]

    def sessions(self) -> list[Session]:
        """All that last, the one used last first."""
        return sorted(self._sessions(~_ended(time.time())), key=lambda one: -one.seen)

    def _sessions(self, which: sa.ColumnElement[bool]) -> list[Session]:
        of = sessions.c
        columns = (of.id, of.user, users.c.role, of.address, of.agent, of.created, of.seen)
        query = sa.select(*columns).join(users, users.c.name == of.user).where(which)
        with self._database.look() as connection:
            return [Session(*row) for row in connection.execute(query)]

    def end_session(self, id: str) -> None:
        """Raises `NotFound("caller.no_session")`."""
        with self._database.begin() as connection:
            if not connection.execute(sa.delete(sessions).where(sessions.c.id == id)).rowcount:
                raise NotFound("caller.no_session", id=id)

    def make_token(self, name: str, role: Role, days: int | None) -> tuple[TokenView, str]:
        """A new token, and its word. Raises `Conflict("token.exists")`; also for the name of a user, since records of
        what was done tell both by their names."""
        word, now = words.new(words.TOKEN), time.time()
        row = {
            "id": secrets.token_hex(6),
            "name": name,
            "role": role,
            "created": now,
            "expires": None if days is None else now + days * _DAY,
            "used": None,
        }
        with self._database.begin() as connection:
            taken = sa.union_all(
                sa.select(tokens.c.name).where(tokens.c.name == name),
                sa.select(users.c.name).where(users.c.name == name),
            )
            if connection.execute(taken).first():
                raise Conflict("token.exists", name=name)
            connection.execute(sa.insert(tokens).values(digest=words.digest(word), user="owner", **row))
        return TokenView(**row), word  # type: ignore[arg-type]  # a row's values are of several types

    def token(self, word: str) -> Bearer | None:
        """The token of that word, while it lasts; that it is used is noted."""
        now, of = time.time(), tokens.c
        mine = (of.digest == words.digest(word)) & (of.expires.is_(None) | (of.expires > now))
        with self._database.look() as connection:
            columns = (of.id, of.name, of.user, of.role, of.expires, of.used)
            row = connection.execute(sa.select(*columns).where(mine)).first()
        if row is None:
            return None
        if now - (row.used or 0) > _NOTED:
            with self._database.begin() as connection:
                connection.execute(sa.update(tokens).where(mine).values(used=now))
        return Bearer(row.id, row.name, row.user, row.role, row.expires)

    def tokens(self) -> list[TokenView]:
        """All, expired ones too, by name."""
        of = tokens.c
        query = sa.select(of.id, of.name, of.role, of.created, of.expires, of.used).order_by(of.name)
        with self._database.look() as connection:
            return [TokenView(**row) for row in connection.execute(query).mappings()]

    def remove_token(self, name: str) -> None:
        """Raises `NotFound("token.unknown")`."""
        with self._database.begin() as connection:
            if not connection.execute(sa.delete(tokens).where(tokens.c.name == name)).rowcount:
                raise NotFound("token.unknown", name=name)


def _ended(now: float) -> sa.ColumnElement[bool]:
    return (sessions.c.seen <= now - IDLE) | (sessions.c.created <= now - LONGEST)
