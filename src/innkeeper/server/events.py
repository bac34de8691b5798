"""What changed, told to whoever listens: a hub that any thread publishes to, and server-sent events (`/api/v1/events`).

An event says "look again", never what is there now. All listeners read one ring: whoever is slower than it is long, or
comes back with an id that it no longer holds, is told once to look again at everything, and costs no memory meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from itertools import islice
from secrets import token_hex
from threading import Lock
from typing import Any, Literal, get_args

import anyio.to_thread
import msgspec
from litestar import Request, get
from litestar.response import Stream
from litestar.response.sse import ServerSentEventMessage

from innkeeper.errors import Invalid
from innkeeper.server.access.guard import still_known

__all__ = ["HANDLERS", "OPENAPI", "Event", "Hub", "Kind", "Listener", "frames"]

Kind = Literal["guest", "network", "pool", "image", "host", "operation", "backup"]
KINDS: tuple[str, ...] = get_args(Kind)
VIEWED = ("guest", "network", "pool", "image", "host")
MOST_VIEWED = 50

RING = 4096
"""Events that are kept for those who are slow or come back."""
HEARTBEAT = 15.0
"""Seconds without an event until a comment shows both sides that the line still stands."""
LONGEST = 600.0
"""Seconds after which a stream ends: its listener comes back with the last id, and who it is is looked at again."""
_RETRY = 2000
"""Milliseconds until a browser comes back."""
_VIEW = 2.5
"""Seconds after which the inventory is told again what is viewed; it counts for five."""
_KNOWN = 2.0
"""Seconds for which nobody asks again whether a listener may still listen."""
_BATCH = 256
"""Events that are written at once."""
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""The latter is nginx's word for: at once."""


class Event(msgspec.Struct, frozen=True):
    """`kind` is one of KINDS, or `reset`: look again at everything."""

    seq: int
    kind: str
    id: str
    """UUID of a guest, name of a network, pool or image, id of an operation; `local` for the host"""
    what: str
    """`changed` (made, altered, started …) or `gone`"""


class Listener:
    """A place in the hub's ring. `wake` is called, from whatever thread publishes, when there is something to take;
    then not again until it was taken."""

    def __init__(self, hub: Hub, kinds: frozenset[str], after: int | None, wake: Callable[[], None]) -> None:
        self._hub = hub
        self._kinds = kinds
        self._after = after
        self.wake = wake
        self.woken = False

    @property
    def last_id(self) -> str | None:
        """What it has taken so far, for coming back; None while it does not know."""
        return None if self._after is None else self._hub.id_of(self._after)

    def take(self) -> list[Event]:
        """What came since the last call, the oldest first: of several about one thing the last. One `reset` alone when
        some of it is no longer known."""
        seq, fresh = self._hub.since(self, self._after)
        self._after = seq
        if fresh is None:
            return [Event(seq, "reset", "", "changed")]
        wanted = [event for event in fresh if not self._kinds or event.kind in self._kinds]
        last = {(event.kind, event.id): event for event in wanted}
        return sorted(last.values(), key=lambda event: event.seq) if len(last) < len(wanted) else wanted

    def close(self) -> None:
        """It is woken no more. A second call does nothing."""
        self._hub.forget(self)


class Hub:
    """The one place that knows who listens."""

    def __init__(self, ring: int = RING) -> None:
        self._epoch = token_hex(4)
        self._seq = 0
        self._size = ring
        self._ring: dict[int, Event] = {}
        self._lock = Lock()
        self._listeners: set[Listener] = set()
        self.closed = False

    def publish(self, kind: str, id: str, what: str) -> None:
        """From any thread; never waits for a listener."""
        with self._lock:
            self._seq += 1
            self._ring[self._seq] = Event(self._seq, kind, id, what)
            self._ring.pop(self._seq - self._size, None)
            asleep = [one for one in self._listeners if not one.woken]
            for listener in asleep:
                listener.woken = True
        _wake(asleep)

    def listen(
        self, kinds: Iterable[str] = (), last_id: str | None = None, wake: Callable[[], None] = lambda: None
    ) -> Listener:
        """From now on, or from behind `last_id` (as `id_of` gave it). An id of another run of the server, or one that
        is no id, begins with a `reset`. All kinds when none is given."""
        with self._lock:
            after: int | None = self._seq
            if last_id:
                epoch, _, number = last_id.partition("-")
                known = epoch == self._epoch and number.isascii() and number.isdigit() and len(number) < 19
                after = int(number) if known and int(number) <= self._seq else None
            listener = Listener(self, frozenset(kinds), after, wake)
            self._listeners.add(listener)
        return listener

    def since(self, listener: Listener, after: int | None) -> tuple[int, list[Event] | None]:
        """Where the ring ends now, and all events behind `after`; None when it does not hold all of them."""
        with self._lock:
            listener.woken = False
            if after is None or after < self._seq - len(self._ring):
                return self._seq, None
            return self._seq, [self._ring[seq] for seq in range(after + 1, self._seq + 1)]

    def id_of(self, seq: int) -> str:
        """A `Last-Event-ID`."""
        return f"{self._epoch}-{seq}"

    def forget(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.discard(listener)

    def close(self) -> None:
        """All streams end."""
        with self._lock:
            self.closed = True
            listeners = list(self._listeners)
        _wake(listeners)

    @property
    def seq(self) -> int:
        """How many events there were."""
        return self._seq

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._listeners)


def _wake(listeners: Iterable[Listener]) -> None:
    for listener in listeners:
        listener.wake()


def _frame(hub: Hub, event: Event) -> bytes:
    name = "reset" if event.kind == "reset" else "change"
    data = msgspec.json.encode(event).decode()
    return ServerSentEventMessage(data=data, event=name, id=hub.id_of(event.seq), sep="\n").encode()


def _comment(text: str, id: str | None = None, retry: int | None = None) -> bytes:
    return ServerSentEventMessage(data=None, comment=text, id=id, retry=retry, sep="\n").encode()


def _bell() -> tuple[asyncio.Event, Callable[[], None]]:
    """It has rung already, since something may have been missed. It is rung from any thread."""
    loop, fresh = asyncio.get_running_loop(), asyncio.Event()
    fresh.set()

    def ring() -> None:
        with suppress(RuntimeError):  # its event loop is closed: nobody is there to be told
            loop.call_soon_threadsafe(fresh.set)

    return fresh, ring


async def frames(
    hub: Hub,
    kinds: Iterable[str],
    last_id: str,
    heartbeat: float = HEARTBEAT,
    view: Callable[[], Awaitable[None]] | None = None,
    known: Callable[[], Awaitable[bool]] | None = None,
) -> AsyncGenerator[bytes, None]:
    """What came behind `last_id`, and what comes, as bytes: joined when it comes at once. While the line is full
    nothing is taken, so that a slow reader costs nothing. It ends when its listener is not `known` any more."""
    fresh, wake = _bell()
    silent = viewed = time.monotonic()
    deadline = silent + LONGEST
    listener = hub.listen(kinds, last_id, wake)
    stays = _remembered(known)
    try:
        yield _comment("innkeeper", listener.last_id, _RETRY)
        while not hub.closed and (now := time.monotonic()) < deadline:
            wait = min(silent + heartbeat, deadline) - now
            try:
                await asyncio.wait_for(fresh.wait(), min(wait, _VIEW) if view else wait)
            except TimeoutError:
                if time.monotonic() >= silent + heartbeat:
                    silent = time.monotonic()
                    # With its place, so that others' kinds do not make its own id too old.
                    yield _comment("", listener.last_id)
            if not await stays():
                return
            if view and time.monotonic() >= viewed + _VIEW:
                viewed = time.monotonic()
                await view()
            if fresh.is_set():
                fresh.clear()
                events = iter(listener.take())
                while batch := list(islice(events, _BATCH)):
                    silent = time.monotonic()
                    yield b"".join(_frame(hub, event) for event in batch)
    finally:
        listener.close()


def _remembered(known: Callable[[], Awaitable[bool]] | None) -> Callable[[], Awaitable[bool]]:
    """The same, asked only every other second."""
    asked = time.monotonic()

    async def ask() -> bool:
        nonlocal asked
        if known is None or time.monotonic() < asked + _KNOWN:
            return True
        asked = time.monotonic()
        return await known()

    return ask


def chosen_kinds(text: str) -> list[str]:
    """`guest,network` as kinds; none for all. Raises `Invalid` for what is no kind."""
    kinds = [word for word in text.split(",") if word]
    for word in kinds:
        if word not in KINDS:
            raise Invalid("request.invalid", field="kind", reason=f"{word!r}: {', '.join(KINDS)}")
    return kinds


def chosen_views(text: str) -> list[tuple[str, str]]:
    """`guest:web1,pool:default` as pairs. Raises `Invalid` for what is none."""
    split = [word.partition(":") for word in text.split(",") if word]
    views = [(kind, id) for kind, _colon, id in split]
    for kind, _id in views:
        if kind not in VIEWED:
            raise Invalid("request.invalid", field="view", reason=f"{kind!r}: {', '.join(VIEWED)}")
    if len(views) > MOST_VIEWED:
        raise Invalid("request.invalid", field="view", reason=f"> {MOST_VIEWED}")
    return views


@get("/api/v1/events", name="events", operation_id="events", media_type="text/event-stream", tags=["events"])
async def events(request: Request[Any, Any, Any]) -> Stream:
    """What changes from now on, as server-sent events: each says what to look at again.

    An event `change` has `seq`, `kind`, `id` (the UUID of a guest or operation, a name of what has no UUID, `local` for
    the host) and `what`: `changed` or `gone`. Whoever comes back with the last id (`Last-Event-ID`) gets what was
    missed, or one `reset`: look again at everything. While the stream is open, what `view` names is looked at each
    second; of what nobody views, some changes show only after fifteen. The stream ends after ten minutes: come back.
    """
    for word in request.query_params:
        if word not in ("kind", "view"):
            raise Invalid("request.parameter", field=word, choices="kind, view")
    kinds = chosen_kinds(request.query_params.get("kind", ""))
    views = chosen_views(request.query_params.get("view", ""))
    state = request.app.state
    hub: Hub = state.hub

    async def view() -> None:
        for kind, id in views:
            await anyio.to_thread.run_sync(state.keeper.viewed, kind, id)

    await view()
    # The place is taken now, and registered when the stream begins: an answer nobody reads leaves nothing behind.
    last_id = request.headers.get("last-event-id") or hub.id_of(hub.seq)
    known = partial(still_known, request)
    stream = frames(hub, kinds, last_id, view=view if views else None, known=known)
    return Stream(stream, media_type="text/event-stream", headers=_HEADERS)


def _parameter(name: str, where: str, text: str) -> dict[str, Any]:
    return {"name": name, "in": where, "required": False, "description": text, "schema": {"type": "string"}}


OPENAPI: dict[str, dict[str, Any]] = {
    "events": {
        "parameters": [
            _parameter("kind", "query", f"only these, separated by commas: {', '.join(KINDS)}"),
            _parameter(
                "view",
                "query",
                f"KIND:ID,… of {', '.join(VIEWED)}; without an id all pools, networks, images",
            ),
            _parameter("Last-Event-ID", "header", "the id of the last event that came"),
        ],
        "responses": {
            "200": {
                "description": "events, as they come",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            }
        },
    }
}
HANDLERS: list[Any] = [events]
