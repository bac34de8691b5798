"""What a WebSocket carries ends with the right to it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any

import pytest

from innkeeper.errors import Denied, Failed
from innkeeper.schema.token import Role
from innkeeper.server.access import guard
from innkeeper.server.access.identity import Identity
from innkeeper.server.relaying import relay


class Known:
    """As `Access`, which answers these one after the other, and the last again and again."""

    def __init__(self, *answers: Identity | Exception | None) -> None:
        self.answers = list(answers)

    async def recognise(self, _word: str) -> Identity | None:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def somebody(role: Role) -> Identity:
    return Identity(name="eve", kind="token", role=role, token="1")


def relayed(
    *answers: Identity | Exception | None,
    says: str | None = "",
    seconds: float = 60,
    types: Coroutine[Any, Any, None] | None = None,
) -> Any:
    handler = SimpleNamespace(opt={}, name="console")
    socket: Any = SimpleNamespace(
        app=SimpleNamespace(state=SimpleNamespace(access=Known(*answers))),
        headers={"authorization": "Bearer x"},
        scope={"route_handler": handler},
    )

    async def said() -> str | None:
        await asyncio.sleep(seconds)
        return says

    typed = types or asyncio.sleep(60)
    return asyncio.run(asyncio.wait_for(relay(socket, said(), typed), 20))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_KNOWN_FOR", 0.0)


def test_it_ends_with_who_is_known_no_more() -> None:
    why = relayed(somebody("admin"), somebody("admin"), None)
    assert isinstance(why, Denied)
    assert (why.code, why.http_status) == ("caller.unknown", 401)


def test_it_ends_with_the_right() -> None:
    why = relayed(somebody("operator"), somebody("viewer"))
    assert isinstance(why, Denied)
    assert (why.code, why.facts) == ("caller.role", {"name": "eve", "role": "viewer", "needed": "operator"})


def test_nobody_is_sent_away_while_the_database_is_away() -> None:
    away = Failed("database.unreachable", where="x", reason="y")
    assert relayed(somebody("operator"), away, says="guest.not_running", seconds=0.05) == "guest.not_running"


def test_what_was_sent_before_leaving_is_still_carried() -> None:
    carried: list[str] = []

    async def types() -> None:
        await asyncio.sleep(0.2)
        carried.append("a line")

    assert relayed(somebody("operator"), says=None, seconds=0.05, types=types()) is None
    assert carried == ["a line"]
