"""The server as a whole: it starts, says where, answers, and ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server import Server
from tests.world import World


@pytest.fixture(scope="module")
def server(tiny_world: World) -> Iterator[Server]:
    with Server(tiny_world) as made:
        yield made


def test_it_lists_guests(server: Server, tiny_world: World) -> None:
    assert server.client.get("/api/v1/guests").json() == []
    tiny_world.inn("create", "web", "--image", "tiny", "--no-start", check=True)
    assert [row["name"] for row in server.client.get("/api/v1/guests").json()] == ["web"]


def test_an_unknown_guest_is_a_problem(server: Server) -> None:
    answer = server.client.get("/api/v1/guests/nobody")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "guest.unknown"
    assert answer.json()["outcome"] == "refused"


def test_nobody_is_let_in_without_a_token(server: Server) -> None:
    assert server.client.get("/api/v1/guests", headers={"Authorization": ""}).status_code == 401
