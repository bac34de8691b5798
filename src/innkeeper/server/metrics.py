"""`/metrics` for Prometheus: hosts, guests, operations and the server itself, in a registry of the application's own.

What is told of guests was read at the last half minute: asking often costs the host nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

import anyio.to_thread
from litestar import Request, Response, get
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from innkeeper.errors import InnkeeperError
from innkeeper.schema.live import GuestCounters, Measured
from innkeeper.server.events import Hub
from innkeeper.server.keeper import Keeper

__all__ = ["HANDLERS", "OPENAPI", "Counting", "Metrics"]

_HOST = "local"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_COUNTED = (
    ("cpu_seconds", "cpu_seconds", "Processor time used."),
    ("disk_read", "disk_read_bytes", "Bytes read from its disks."),
    ("disk_write", "disk_written_bytes", "Bytes written to its disks."),
    ("disk_reads", "disk_reads", "Read requests to its disks."),
    ("disk_writes", "disk_writes", "Write requests to its disks."),
    ("net_rx", "network_received_bytes", "Bytes that it received."),
    ("net_tx", "network_sent_bytes", "Bytes that it sent."),
)
"""field of GuestCounters, name, help"""
_GAUGES = (
    ("cpus", "cpus", "Processors that it has."),
    ("memory", "memory_bytes", "Memory that it may use now."),
    ("memory_used", "memory_used_bytes", "Memory that it uses, as it says itself."),
    ("memory_host", "memory_host_bytes", "Memory that it takes of the host's."),
)


class _Figures(Collector):
    """What is told anew at each scrape."""

    def __init__(self, keeper: Keeper, hub: Hub) -> None:
        self._keeper = keeper
        self._hub = hub

    def collect(self) -> Iterator[Metric]:
        up = 1 if self._keeper.link().state == "connected" else 0
        yield _one(GaugeMetricFamily, "host_up", "Whether libvirt on the host answers.", up)
        yield from _guests(self._keeper)
        measured = self._keeper.measured()
        if measured is not None:
            yield from _host(measured)
            yield from _counters(measured.guests)
        yield _operations(self._keeper)
        yield _plain(CounterMetricFamily, "events", "Events that were published.", self._hub.seq)
        yield _plain(
            GaugeMetricFamily, "event_listeners", "Streams of events that are open.", self._hub.listeners
        )


def _family(kind: type[Any], name: str, text: str, labels: Iterable[str]) -> Any:
    return kind(f"innkeeper_{name}", text, labels=list(labels))


def _one(kind: type[Any], name: str, text: str, value: float) -> Metric:
    """Of the host."""
    family = _family(kind, name, text, ["host"])
    family.add_metric([_HOST], value)
    made: Metric = family
    return made


def _plain(kind: type[Any], name: str, text: str, value: float) -> Metric:
    made: Metric = kind(f"innkeeper_{name}", text, value=value)
    return made


def _guests(keeper: Keeper) -> Iterator[Metric]:
    """None while nothing was ever known of the host."""
    family = _family(GaugeMetricFamily, "guests", "Guests by state.", ["host", "state"])
    try:
        states = keeper.states()
    except InnkeeperError:
        return
    for state, number in sorted(states.items()):
        family.add_metric([_HOST, state], number)
    yield family


def _operations(keeper: Keeper) -> Metric:
    family = _family(GaugeMetricFamily, "operations", "Operations on record.", ["verb", "state"])
    for (name, state), number in sorted(keeper.counted().items()):
        family.add_metric([name, state], number)
    made: Metric = family
    return made


def _host(measured: Measured) -> Iterator[Metric]:
    cpu = _family(CounterMetricFamily, "host_cpu_seconds", "Time of all its processors.", ["host", "mode"])
    memory = _family(GaugeMetricFamily, "host_memory_bytes", "Its memory.", ["host", "kind"])
    told = (
        (cpu, "busy", measured.cpu_busy),
        (cpu, "idle", measured.cpu_idle),
        (memory, "used", measured.memory_used),
        (memory, "total", measured.memory),
    )
    for family, label, value in told:
        if value is not None:
            family.add_metric([_HOST, label], value)
    yield cpu
    yield memory
    yield _one(
        GaugeMetricFamily, "host_measured_timestamp_seconds", "When counters were last read.", measured.at
    )


def _counters(guests: tuple[GuestCounters, ...]) -> Iterator[Metric]:
    for kind, rows in ((CounterMetricFamily, _COUNTED), (GaugeMetricFamily, _GAUGES)):
        for field, name, text in rows:
            family = _family(kind, f"guest_{name}", text, ["host", "guest", "uuid"])
            for one in guests:
                value = getattr(one, field)
                if value is not None:
                    family.add_metric([_HOST, one.name, one.uuid], value)
            yield family


class Metrics:
    """The registry of one application."""

    def __init__(self, keeper: Keeper, hub: Hub) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        self.requests = Histogram(
            "innkeeper_http_request_seconds",
            "Time until an answer was sent, or a stream of it ended.",
            ["method", "route", "status"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.registry.register(_Figures(keeper, hub))
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)


class Counting:
    """Middleware that counts requests by route, not by what stands in the path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), "500"

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            metrics: Metrics = scope["litestar_app"].state.metrics
            route = scope.get("path_template") or "none"
            took = time.perf_counter() - began
            metrics.requests.labels(str(scope.get("method")), route, status).observe(took)


@get("/metrics", name="metrics", tags=["hosts"], role="viewer", media_type="text/plain")
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The server's figures, as Prometheus reads them."""
    registry = request.app.state.metrics.registry
    encode, kind = choose_encoder(request.headers.get("accept", ""))
    return Response(await anyio.to_thread.run_sync(encode, registry), media_type=kind)


_TEXT = {
    "text/plain": {"schema": {"type": "string"}},
    "application/openmetrics-text": {"schema": {"type": "string"}},
}
OPENAPI: dict[str, dict[str, Any]] = {
    "metrics": {"responses": {"200": {"description": "the figures", "content": _TEXT}}},
}
HANDLERS: list[Any] = [metrics]
