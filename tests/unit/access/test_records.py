"""Links, sessions and tokens: what lets in, once, for how long, and what is kept of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from innkeeper.errors import Conflict, NotFound
from innkeeper.store import Database, open_database
from innkeeper.store.tables import links, sessions, tokens
from innkeeper.token import words
from innkeeper.token.records import IDLE, LINK_LIFE, LONGEST, Records


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = open_database(f"sqlite:///{tmp_path}/server.db")
    yield made
    made.close()


@pytest.fixture
def records(database: Database) -> Records:
    return Records(database)


def let_in(records: Records) -> str:
    link, _expires = records.make_link()
    session = records.use_link(link, "127.0.0.1", "browser")
    assert session is not None
    return session


def age(database: Database, table: sa.Table, seconds: float, *columns: str) -> None:
    with database.begin() as connection:
        older = {name: table.c[name] - seconds for name in columns}
        connection.execute(sa.update(table).values(**older))


def test_a_link_lets_in_once(records: Records) -> None:
    link, _expires = records.make_link()
    session = records.use_link(link, "127.0.0.1", "browser")
    assert session is not None
    assert records.use_link(link, "127.0.0.1", "browser") is None
    found = records.session(session)
    assert found is not None
    assert (found.user, found.role) == ("owner", "admin")


def test_an_old_link_lets_nobody_in(records: Records, database: Database) -> None:
    link, _expires = records.make_link()
    age(database, links, LINK_LIFE, "created", "expires")
    assert records.use_link(link, "127.0.0.1", "browser") is None


@pytest.mark.parametrize("word", ["", "link_", "?", "link_" + "A" * 43, "' OR 1=1 --", "\udc80"])
def test_other_words_let_nobody_in(records: Records, word: str) -> None:
    records.make_link()
    let_in(records)
    records.make_token("ci", "admin", 1)
    assert records.use_link(word, "127.0.0.1", "browser") is None
    assert records.session(word) is None
    assert records.token(word) is None


def test_a_session_ends_when_nobody_uses_it(records: Records, database: Database) -> None:
    session = let_in(records)
    age(database, sessions, IDLE, "seen")
    assert records.session(session) is None
    assert records.sessions() == []


def test_a_session_ends_although_it_is_used(records: Records, database: Database) -> None:
    session = let_in(records)
    age(database, sessions, LONGEST, "created")
    assert records.session(session) is None


def test_use_is_noted(records: Records, database: Database) -> None:
    session = let_in(records)
    age(database, sessions, IDLE - 100, "seen")
    assert records.session(session) is not None
    age(database, sessions, IDLE - 100, "seen")
    assert records.session(session) is not None, "what was used lasts longer"
    _view, word = records.make_token("ci", "viewer", None)
    assert records.tokens()[0].used is None
    assert records.token(word) is not None
    assert records.tokens()[0].used is not None


def test_a_session_can_be_ended(records: Records) -> None:
    session = let_in(records)
    records.end_session(records.sessions()[0].id)
    assert records.session(session) is None
    with pytest.raises(NotFound):
        records.end_session("nobody")


def test_tokens(records: Records, database: Database) -> None:
    view, word = records.make_token("ci", "operator", 2)
    assert word.startswith("inn_")
    assert view.expires is not None
    assert round(view.expires - view.created) == 2 * 86400
    found = records.token(word)
    assert found is not None
    assert (found.name, found.role) == ("ci", "operator")
    with pytest.raises(Conflict):
        records.make_token("ci", "viewer", 1)
    with pytest.raises(Conflict):
        records.make_token("owner", "viewer", 1)
    age(database, tokens, 2 * 86400, "expires")
    assert records.token(word) is None
    records.remove_token("ci")
    with pytest.raises(NotFound):
        records.remove_token("ci")


def test_no_secret_is_stored(records: Records, tmp_path: Path) -> None:
    link, _expires = records.make_link()
    planted = [link, let_in(records), records.make_token("ci", "admin", None)[1]]
    with sqlite3.connect(f"{tmp_path}/server.db") as connection:
        dumped = "\n".join(connection.iterdump())
    connection.close()
    for word in planted:
        assert word not in dumped
        assert word.partition("_")[2] not in dumped
    assert words.digest(planted[2]) in dumped
