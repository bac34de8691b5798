"""The hub of events: resume, overflow, slow listeners, and what a stream sends."""

from __future__ import annotations

import asyncio
import json
import threading
import tracemalloc
from collections.abc import AsyncIterator

import pytest

from innkeeper.errors import Invalid
from innkeeper.server.events import Event, Hub, chosen_kinds, chosen_views, frames


def told(events: list[Event]) -> list[tuple[str, str, str]]:
    return [(event.kind, event.id, event.what) for event in events]


def test_a_listener_hears_what_is_published_from_now_on() -> None:
    hub = Hub()
    hub.publish("guest", "before", "changed")
    listener = hub.listen()
    assert listener.take() == []
    hub.publish("guest", "a", "changed")
    hub.publish("network", "default", "gone")
    assert told(listener.take()) == [("guest", "a", "changed"), ("network", "default", "gone")]
    assert listener.take() == []


def test_of_several_events_about_one_thing_the_last_is_told() -> None:
    hub = Hub()
    listener = hub.listen()
    for id, what in (("a", "changed"), ("b", "changed"), ("a", "gone"), ("a", "changed"), ("b", "gone")):
        hub.publish("guest", id, what)
    assert told(listener.take()) == [("guest", "a", "changed"), ("guest", "b", "gone")]


def test_kinds_that_were_not_asked_for_are_left_out() -> None:
    hub = Hub()
    listener = hub.listen(["pool"])
    hub.publish("guest", "a", "changed")
    hub.publish("pool", "default", "changed")
    assert told(listener.take()) == [("pool", "default", "changed")]


def test_who_comes_back_gets_what_was_missed() -> None:
    hub = Hub()
    hub.publish("guest", "seen", "changed")
    last = hub.id_of(hub.seq)
    hub.publish("guest", "missed", "changed")
    assert told(hub.listen(last_id=last).take()) == [("guest", "missed", "changed")]


@pytest.mark.parametrize(
    "last", ["deadbeef-1", "1", "x", "-", "{epoch}-99", "{epoch}-x", "{epoch}-" + "9" * 40]
)
def test_an_id_that_says_nothing_begins_with_one_reset(last: str) -> None:
    hub = Hub()
    hub.publish("guest", "a", "changed")
    epoch = hub.id_of(0).partition("-")[0]
    listener = hub.listen(last_id=last.replace("{epoch}", epoch))
    assert told(listener.take()) == [("reset", "", "changed")]
    assert listener.take() == []
    hub.publish("guest", "b", "changed")
    assert told(listener.take()) == [("guest", "b", "changed")]


def test_a_slow_listener_is_told_once_to_look_again_and_holds_nothing() -> None:
    hub = Hub(ring=10)
    slow, exact, fast = hub.listen(), hub.listen(), hub.listen()
    hub.publish("guest", "first", "changed")
    fast.take()
    for number in range(10):
        hub.publish("guest", str(number), "changed")
        assert told(fast.take()) == [("guest", str(number), "changed")]
    assert told(slow.take()) == [("reset", "", "changed")]
    assert slow.take() == []
    assert told(exact.take()) == [("reset", "", "changed")]
    hub.publish("guest", "more", "changed")
    assert told(slow.take()) == [("guest", "more", "changed")]
    assert len(hub._ring) == 10


def test_whoever_missed_just_what_the_ring_holds_gets_it_all() -> None:
    hub = Hub(ring=10)
    listener = hub.listen()
    for number in range(10):
        hub.publish("guest", str(number), "changed")
    assert [event.id for event in listener.take()] == [str(number) for number in range(10)]


def test_a_listener_is_woken_once_until_it_takes() -> None:
    hub, woken = Hub(), []
    listener = hub.listen(wake=lambda: woken.append(hub.seq))
    for _ in range(3):
        hub.publish("guest", "a", "changed")
    assert woken == [1]
    listener.take()
    hub.publish("guest", "a", "changed")
    assert woken == [1, 4]
    listener.close()
    listener.close()
    hub.publish("guest", "a", "changed")
    assert woken == [1, 4]
    assert hub.listeners == 0


def test_many_threads_publish_and_nothing_is_lost() -> None:
    hub = Hub(ring=8000)
    listener, seen = hub.listen(), []

    def publish(thread: int) -> None:
        for number in range(1000):
            hub.publish("guest", f"{thread}-{number}", "changed")

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seen += listener.take()
    seen += listener.take()
    assert [event.seq for event in seen] == list(range(1, 8001))
    assert len({event.id for event in seen}) == 8000


async def text(stream: AsyncIterator[bytes]) -> str:
    return (await asyncio.wait_for(anext(stream), 30)).decode()


def test_a_stream_begins_with_its_place_and_then_tells() -> None:
    async def listen() -> None:
        hub = Hub()
        stream = frames(hub, [], hub.id_of(hub.seq))
        assert (await text(stream)) == f": innkeeper\nid: {hub.id_of(0)}\nretry: 2000\n\n"
        threading.Thread(target=hub.publish, args=("guest", "a", "changed")).start()
        first = await text(stream)
        head, _, data = first.partition("data: ")
        assert head == f"id: {hub.id_of(1)}\nevent: change\n"
        assert json.loads(data) == {"seq": 1, "kind": "guest", "id": "a", "what": "changed"}
        await stream.aclose()
        assert hub.listeners == 0

    asyncio.run(listen())


def test_a_stream_from_an_unknown_place_begins_with_a_reset() -> None:
    async def listen() -> None:
        hub = Hub()
        hub.publish("guest", "a", "changed")
        stream = frames(hub, [], "of-another-run")
        assert "id:" not in await text(stream)
        reset = await text(stream)
        assert reset.startswith(f"id: {hub.id_of(1)}\nevent: reset\n")
        await stream.aclose()

    asyncio.run(listen())


def test_a_quiet_stream_shows_that_it_lives_and_keeps_its_place() -> None:
    async def listen() -> None:
        hub = Hub()
        stream = frames(hub, ["pool"], hub.id_of(0), heartbeat=0.01)
        await text(stream)
        hub.publish("guest", "a", "changed")
        assert (await text(stream)) == f": \nid: {hub.id_of(1)}\n\n"
        await stream.aclose()

    asyncio.run(listen())


def test_who_is_known_no_more_hears_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("innkeeper.server.events._KNOWN", 0.0)

    async def listen() -> None:
        hub, answers = Hub(), iter([True, False])

        async def known() -> bool:
            return next(answers)

        stream = frames(hub, [], hub.id_of(0), known=known)
        await text(stream)
        hub.publish("guest", "a", "changed")
        assert '"id":"a"' in await text(stream)
        hub.publish("guest", "b", "changed")
        with pytest.raises(StopAsyncIteration):
            await text(stream)
        assert hub.listeners == 0

    asyncio.run(listen())


def test_a_storm_is_written_in_few_pieces() -> None:
    async def listen() -> None:
        hub = Hub()
        stream = frames(hub, [], hub.id_of(0))
        await text(stream)
        for number in range(1000):
            hub.publish("guest", str(number), "changed")
        pieces = [await text(stream) for _ in range(4)]
        assert sum(piece.count("event: change") for piece in pieces) == 1000
        await stream.aclose()

    asyncio.run(listen())


def test_a_closed_hub_ends_its_streams() -> None:
    async def listen() -> None:
        hub = Hub()
        stream = frames(hub, [], hub.id_of(0))
        await text(stream)
        threading.Timer(0.05, hub.close).start()
        assert [piece async for piece in stream] == []
        assert hub.listeners == 0

    asyncio.run(listen())


def test_kinds_are_chosen_by_name() -> None:
    assert chosen_kinds("") == []
    assert chosen_kinds("guest,pool") == ["guest", "pool"]
    with pytest.raises(Invalid) as caught:
        chosen_kinds("guest,disk")
    assert "disk" in str(caught.value)


def test_what_is_viewed_is_said_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("innkeeper.server.events._VIEW", 0.01)
    seen: list[int] = []

    async def view() -> None:
        seen.append(hub.seq)

    async def listen() -> None:
        stream = frames(hub, [], hub.id_of(0), heartbeat=0.01, view=view)
        for _ in range(4):
            await text(stream)
        await stream.aclose()

    hub = Hub()
    asyncio.run(listen())
    assert len(seen) >= 2


def test_views_are_kinds_and_ids() -> None:
    assert chosen_views("guest:web1,pool:,host") == [("guest", "web1"), ("pool", ""), ("host", "")]
    for wrong in ("disk:x", ",".join(f"guest:{number}" for number in range(51))):
        with pytest.raises(Invalid):
            chosen_views(wrong)


def test_a_reader_that_stands_still_costs_nothing_and_is_told_to_look_again() -> None:
    """Its line is full, so that nobody asks the stream for more."""

    async def listen() -> None:
        hub = Hub()
        stream = frames(hub, [], hub.id_of(0))
        await text(stream)
        tracemalloc.start()
        for number in range(100_000):
            hub.publish("guest", str(number), "changed")
        taken, _most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert taken < 4 * 2**20
        assert (await text(stream)).count("event: reset") == 1
        hub.publish("guest", "next", "changed")
        assert "next" in await text(stream)
        await stream.aclose()

    asyncio.run(listen())
