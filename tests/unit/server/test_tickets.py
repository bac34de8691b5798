"""Tickets of consoles: good once, not for long, for whoever asked."""

from __future__ import annotations

import pytest

from innkeeper.errors import Busy
from innkeeper.schema.console import ConsoleOpen
from innkeeper.server.access.identity import Identity
from innkeeper.server.consoles import TICKETS, Tickets

ME = Identity(name="me", kind="token", role="operator", token="1")
OTHER = Identity(name="me", kind="token", role="operator", token="2")
SERIAL = ConsoleOpen(kind="serial")


def test_a_ticket_is_good_once() -> None:
    tickets = Tickets()
    token = tickets.issue(ME, "uuid", SERIAL)
    found = tickets.take(token, ME)
    assert found is not None
    assert (found.uuid, found.asked) == ("uuid", SERIAL)
    assert tickets.take(token, ME) is None


def test_a_ticket_that_is_too_old_is_none_and_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("innkeeper.server.consoles.time.monotonic", lambda: now)
    tickets = Tickets(lifetime=30)
    token, later = tickets.issue(ME, "uuid", SERIAL), tickets.issue(ME, "uuid", SERIAL)
    now = 1029.9
    assert tickets.take(token, ME) is not None
    now = 1030.0
    assert tickets.take(later, ME) is None
    for _ in range(TICKETS):
        tickets.issue(ME, "uuid", SERIAL)
    with pytest.raises(Busy):
        tickets.issue(ME, "uuid", SERIAL)
    now = 1060.0
    tickets.issue(ME, "uuid", SERIAL)


def test_whoever_else_shows_it_uses_it_up() -> None:
    tickets = Tickets()
    token = tickets.issue(ME, "uuid", SERIAL)
    assert tickets.take(token, OTHER) is None
    assert tickets.take(token, ME) is None
    assert tickets.take("made-up\udcff", ME) is None
