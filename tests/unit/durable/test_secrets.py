"""What is secret in a request is in memory alone: not in the databases, not in the log, not in what is published."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from innkeeper.durable.secrecy import scrubbed, secret_fields, split
from innkeeper.schema.guest import GuestCreate
from innkeeper.schema.guest_change import GuestEdit
from innkeeper.verbs import verb
from tests.unit.durable import deeds
from tests.unit.durable.conftest import Server, until
from tests.unit.durable.deeds import Ask

PLANTED = "xyzzy-9f1c-planted"


def test_marked_fields() -> None:
    assert secret_fields(verb("guest.create").request).keys() == {"password", "cloud_init"}
    assert secret_fields(verb("guest.exec").request).keys() == {"stdin", "env"}
    assert secret_fields(verb("guest.paste").request).keys() == {"text"}
    assert "document" in secret_fields(verb("guest.edit").request)


def test_split() -> None:
    plain = GuestCreate(name="web", image="x", password="four", cloud_init="#cloud-config\n  runcmd: pwd\n")
    parts = split(plain)
    assert parts.shown == {"name": "web", "image": "x"}
    assert parts.withheld == ("cloud_init", "password")
    assert scrubbed({"why": "no four", "of": ["line 'runcmd: pwd'"]}, parts.secrets) == {
        "why": "no …",
        "of": ["line '…'"],
    }
    assert split(GuestCreate(name="web", image="x")).withheld == ()
    edited = split(GuestEdit(name="web", document="<domain>\n</domain>"))
    assert (edited.shown, edited.secrets) == ({"name": "web"}, ()), (
        "its lines are in differences that are shown"
    )


def tables(server: Server) -> bytes:
    """Every value of every table of the database, ours and DBOS's."""
    found: list[object] = []
    with server.database.look() as connection:
        inspector = sa.inspect(connection)
        for schema in ("innkeeper", "innkeeper_workflows"):
            for name in inspector.get_table_names(schema):
                rows = connection.execute(sa.text(f'SELECT * FROM {schema}."{name}"')).all()
                found += [repr(tuple(row)) for row in rows]
    return "\n".join(map(str, found)).encode()


@pytest.mark.parametrize("end", ["done", "failed", "running"])
def test_not_written_down(server: Server, place: Path, end: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asked = Ask(name="web", password=PLANTED, fail="failed" if end == "failed" else "", hold=end == "running")
    view = server.durable.submit("test.deed", asked, "ada")
    if end == "running":
        until(lambda: deeds.RUNNING)
    else:
        view = server.durable.wait(view.id, 30)
        assert view.state == ("failed" if end == "failed" else "done")
    told = msgspec.json.encode([server.durable.get(view.id), server.durable.log(view.id)])
    assert b"web" in told
    if end == "done":
        assert b"the password is \xe2\x80\xa6" in told
    stored = [path.read_bytes() for path in place.rglob("*") if path.is_file()]
    everything = [told, repr(server.published).encode(), caplog.text.encode(), *stored]
    if server.url.startswith("postgresql"):
        everything.append(tables(server))
    else:
        assert len(stored) >= 2, "two databases"
        assert any(view.id.encode() in part for part in stored), "they are read while it is there"
    assert not [part for part in everything if PLANTED.encode() in part]
