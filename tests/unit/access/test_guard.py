"""The guard before handlers of its own kinds: WebSockets, roles, what is in no table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, WebSocket, get, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.middleware import DefineMiddleware
from litestar.testing import TestClient

from innkeeper.errors import Invalid
from innkeeper.server.access.gate import Gate
from innkeeper.server.access.guard import Access, Guard
from innkeeper.server.access.hosts import Names
from innkeeper.server.problems import EXCEPTION_HANDLERS
from innkeeper.store import open_database
from innkeeper.token.records import Records

COOKIE = "innkeeper-80"
"""The test client calls port 80."""


@websocket("/consoles", name="console")
async def console(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()
    await socket.send_text(socket.user.name)
    await socket.close()


@get("/in-no-table", name="in.no.table")
async def in_no_table() -> str:
    return "seen"


@get("/says-its-role", name="says.its.role", role="viewer")
async def says_its_role() -> str:
    return "seen"


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    database = open_database(f"sqlite:///{tmp_path}/server.db")
    yield Records(database)
    database.close()


@pytest.fixture
def client(records: Records) -> Iterator[TestClient[Any]]:
    app = Litestar(
        [console, in_no_table, says_its_role],
        middleware=[DefineMiddleware(Guard)],
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        logging_config=None,
    )
    app.state.access = Access(records, tls=False)
    gate: Any = Gate(app, Names("127.0.0.1"))
    with TestClient(gate, base_url="http://127.0.0.1") as made:
        yield made


def session(records: Records) -> dict[str, str]:
    word = records.use_link(records.make_link()[0], "127.0.0.1", "browser")
    return {"Cookie": f"{COOKIE}={word}"}


def bearer(records: Records, role: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {records.make_token(f'{role}-1', role, None)[1]}"}


def opened(client: TestClient[Any], headers: dict[str, str]) -> str | None:
    try:
        with client.websocket_connect("/consoles", headers=headers) as socket:
            return socket.receive_text()
    except WebSocketDisconnect:
        return None


def test_a_websocket_by_token_needs_no_origin(client: TestClient[Any], records: Records) -> None:
    assert opened(client, bearer(records, "operator")) == "operator-1"


def test_a_websocket_by_cookie_needs_our_origin(client: TestClient[Any], records: Records) -> None:
    cookie = session(records)
    assert opened(client, cookie | {"Origin": "http://127.0.0.1"}) == "owner"
    assert opened(client, cookie) is None
    for origin in ("http://evil.example", "http://127.0.0.1:3000", "http://localhost", "null"):
        assert opened(client, cookie | {"Origin": origin}) is None


def test_a_websocket_of_a_foreign_page_or_name_is_refused(client: TestClient[Any], records: Records) -> None:
    token = bearer(records, "admin")
    assert opened(client, token | {"Origin": "http://evil.example"}) is None
    assert opened(client, token | {"Host": "evil.example"}) is None


def test_a_websocket_asks_for_a_role(client: TestClient[Any], records: Records) -> None:
    assert opened(client, bearer(records, "viewer")) is None
    assert opened(client, {}) is None


def test_what_is_in_no_table_is_for_admins(client: TestClient[Any], records: Records) -> None:
    viewer, admin = bearer(records, "viewer"), bearer(records, "admin")
    assert client.get("/in-no-table", headers=viewer).status_code == 403
    assert client.get("/in-no-table", headers=admin).status_code == 200
    assert client.get("/says-its-role", headers=viewer).status_code == 200
    assert client.get("/says-its-role").status_code == 401
    assert client.get("/says-its-role").headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "said",
    ["Basic b3duZXI6eA==", "Bearer", "Bearer ", "bearer inn_", "Bearer link_x", "Bearer session_x", "inn_x",
     "Bearer inn_" + "a" * 5000],
)  # fmt: skip
def test_other_words_are_refused(client: TestClient[Any], records: Records, said: str) -> None:
    answer = client.get("/says-its-role", headers=session(records) | {"Authorization": said})
    assert answer.status_code == 401


def test_a_session_is_no_bearer_and_a_token_no_cookie(client: TestClient[Any], records: Records) -> None:
    word = session(records)["Cookie"].partition("=")[2]
    assert client.get("/says-its-role", headers={"Authorization": f"Bearer {word}"}).status_code == 401
    token = bearer(records, "admin")["Authorization"].partition(" ")[2]
    assert client.get("/says-its-role", headers={"Cookie": f"{COOKIE}={token}"}).status_code == 401


@pytest.mark.parametrize("said", ["0", "-1", "many", "nan", "inf"])
def test_a_rate_that_is_none(records: Records, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("INNKEEPER_REQUESTS_PER_SECOND", said)
    with pytest.raises(Invalid):
        Access(records, tls=False)
