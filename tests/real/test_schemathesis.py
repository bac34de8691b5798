"""Requests made up from the OpenAPI document, right ones and wrong ones: no answer is a server's error, and each is as
the document says. On libvirt's own test driver, in a world without a network: whatever is asked, nothing is harmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import requests
import requests.adapters
import schemathesis
import urllib3
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Unsatisfiable
from lxml import etree
from schemathesis import GenerationMode
from schemathesis import checks as named
from schemathesis.specs.openapi import checks as specified

from tests.server import Server, connect
from tests.testdriver.conftest import node
from tests.world import World

CHECKS = [
    named.not_a_server_error,
    specified.status_code_conformance,
    specified.content_type_conformance,
    specified.response_headers_conformance,
    specified.response_schema_conformance,
]
STREAMS = {"events"}
"""Operations whose answers never end."""
SIGNED_IN = {"access.sign_out", "access.end_session", "token.remove"}
"""Operations that might end what the test itself is let in by."""
PIECES = "application/offset+octet-stream"
"""Media type of pieces of an upload (tus)."""
schemathesis.serializer.alias(PIECES, "application/octet-stream")
FEW, MANY = 2, 150
"""Requests of each kind to each operation, in the normal run and in the long one."""


class There(requests.adapters.HTTPAdapter):
    """Connects inside the world's network."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **keywords: Any) -> None:
        super().init_poolmanager(*arguments, **keywords)
        pid = self._pid

        class Connection(urllib3.connection.HTTPConnection):
            def _new_conn(self) -> Any:
                return connect(pid, (self.host, self.port or 80))

        class Pool(urllib3.HTTPConnectionPool):
            ConnectionCls = Connection

        self.poolmanager.pool_classes_by_scheme = {"http": Pool}


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[Server]:
    path = world.home / "node.xml"
    etree.ElementTree(node()).write(str(path))
    env = {"INNKEEPER_REQUESTS_PER_SECOND": "100000"}
    with Server(world, "-c", f"test://{path}", env=env) as made:
        yield made


@pytest.fixture(scope="module")
def session(server: Server) -> Iterator[requests.Session]:
    with requests.Session() as made:
        made.mount("http://", There(server.world.pid))
        made.headers["Authorization"] = f"Bearer {server.token}"
        yield made


@pytest.fixture(scope="module")
def operations(server: Server) -> list[Any]:
    described = server.client.get("/api/openapi.json").json()
    rates = described["paths"]["/api/v1/hosts/local/rates"]["get"]["parameters"]
    next(one for one in rates if one["name"] == "interval")["schema"]["maximum"] = 0.1  # it is waited for
    schema = schemathesis.openapi.from_dict(described)
    schema.config.update(base_url=server.url)
    results: list[Any] = list(schema.get_all_operations())
    found = [result.ok() for result in results]
    left_out = STREAMS | SIGNED_IN
    return [one for one in found if one.definition.raw["operationId"] not in left_out]


def ask(
    operations: list[Any], session: requests.Session, mode: GenerationMode, count: int, number: int
) -> int:
    asked = 0
    for operation in operations:

        @seed(number)
        @settings(
            max_examples=count,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def once(case: Any) -> None:
            nonlocal asked
            asked += 1
            case.validate_response(case.call(session=session, timeout=60), checks=CHECKS)

        with suppress(Unsatisfiable):  # there is nothing that could be said wrongly
            once()
    return asked


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
def test_a_few(mode: GenerationMode, operations: list[Any], session: requests.Session, dice: Any) -> None:
    assert ask(operations, session, mode, FEW, dice.randrange(2**32)) > len(operations)


@pytest.mark.long
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
def test_many(mode: GenerationMode, operations: list[Any], session: requests.Session, dice: Any) -> None:
    assert ask(operations, session, mode, MANY, dice.randrange(2**32)) > 10 * len(operations)
