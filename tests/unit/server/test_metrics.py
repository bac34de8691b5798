"""`/metrics`, samples and the link, over libvirt's test driver."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from litestar.middleware import DefineMiddleware
from litestar.testing import TestClient, create_test_client
from prometheus_client.parser import text_string_to_metric_families

from innkeeper.inventory import Inventory
from innkeeper.server import live
from innkeeper.server.events import Hub
from innkeeper.server.metrics import HANDLERS, Counting, Metrics
from innkeeper.server.problems import EXCEPTION_HANDLERS


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Any]]:
    hub = Hub()
    inventory = Inventory("test:///default", hub.publish)
    keeper: Any = SimpleNamespace(
        states=lambda: Counter(row.state for row in inventory.guests().rows),
        link=inventory.link,
        measured=inventory.measured,
        samples=lambda name, span: inventory.samples(name, span) if name else inventory.host_samples(span),
        counted=lambda: {("guest.create", "done"): 3},
    )
    inventory.start()
    deadline = time.monotonic() + 60
    while inventory.measured() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    with create_test_client(
        [*HANDLERS, *live.HANDLERS],
        middleware=[DefineMiddleware(Counting)],
        exception_handlers=EXCEPTION_HANDLERS,
    ) as made:
        made.app.state.keeper, made.app.state.hub = keeper, hub
        made.app.state.metrics = Metrics(keeper, hub)
        yield made
    inventory.stop()


def scraped(client: TestClient[Any]) -> dict[str, list[Any]]:
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    return {family.name: list(family.samples) for family in text_string_to_metric_families(answer.text)}


def test_hosts_guests_and_the_server_itself_are_told(client: TestClient[Any]) -> None:
    found = scraped(client)
    (up,) = found["innkeeper_host_up"]
    assert (up.labels, up.value) == ({"host": "local"}, 1.0)
    (running,) = found["innkeeper_guests"]
    assert (running.labels["state"], running.value) == ("running", 1.0)
    for name in ("cpu_seconds", "disk_read_bytes", "network_sent_bytes", "memory_bytes"):
        (one,) = found[f"innkeeper_guest_{name}"]
        assert one.labels["guest"] == "test"
        assert one.value > 0
    modes = {one.labels["mode"]: one.value for one in found["innkeeper_host_cpu_seconds"]}
    assert set(modes) == {"busy", "idle"}
    (done,) = found["innkeeper_operations"]
    assert (done.labels, done.value) == ({"verb": "guest.create", "state": "done"}, 3.0)
    assert found["innkeeper_events"][0].value >= 1
    assert found["process_resident_memory_bytes"][0].value > 1 << 20


def test_requests_are_counted_by_route(client: TestClient[Any]) -> None:
    for name in ("test", "nobody"):
        client.get(f"/api/v1/guests/{name}/samples")
    counts = {
        (one.labels["route"], one.labels["status"]): one.value
        for one in scraped(client)["innkeeper_http_request_seconds"]
        if one.name.endswith("_count")
    }
    assert counts["/api/v1/guests/{name}/samples", "200"] >= 1
    assert counts["/api/v1/guests/{name}/samples", "404"] >= 1


def test_two_applications_count_for_themselves(client: TestClient[Any]) -> None:
    keeper = client.app.state.keeper
    other = Metrics(keeper, Hub())
    assert other.registry is not client.app.state.metrics.registry


@pytest.mark.parametrize(("span", "steps"), [("hour", 120), ("day", 288)])
@pytest.mark.parametrize("path", ["guests/test", "hosts/local"])
def test_samples_are_columns_of_one_length(client: TestClient[Any], path: str, span: str, steps: int) -> None:
    view = client.get(f"/api/v1/{path}/samples", params={"span": span}).json()
    columns = [value for value in view.values() if isinstance(value, list)]
    assert {len(column) for column in columns} == {steps}
    assert len(columns) == 6


def test_what_makes_no_sense_is_refused(client: TestClient[Any]) -> None:
    assert client.get("/api/v1/guests/test/samples", params={"span": "year"}).status_code == 400
    assert client.get("/api/v1/guests/test/samples", params={"spam": "day"}).status_code == 400
    missing = client.get("/api/v1/guests/nobody/samples")
    assert (missing.status_code, missing.json()["code"]) == (404, "guest.unknown")


def test_the_link_is_told(client: TestClient[Any]) -> None:
    view = client.get("/api/v1/hosts/local/link").json()
    assert view["state"] == "connected"
    assert view["since"] <= time.time()
