"""The thread that looks: at what libvirt's events name, each second at what is viewed, and every 15 seconds at all.

It has a connection of its own, on which nothing is asked that reaches a guest's QEMU.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import NamedTuple

from innkeeper.errors import InnkeeperError, OutcomeUnknown
from innkeeper.image.catalogue import POOL
from innkeeper.inventory.guests import Guests
from innkeeper.inventory.link import Watched
from innkeeper.inventory.places import Places
from innkeeper.inventory.viewing import Viewing
from innkeeper.virt import events, looking
from innkeeper.virt.connection import Connection
from innkeeper.virt.looking import Seen

__all__ = ["Looking"]

Publish = Callable[[str, str, str], None]

VIEWED, SWEEP = 1.0, 15.0
"""Seconds between two looks at what is viewed, and at all there is."""
_AFTER = 2.0
"""Seconds for which a guest is looked at again and again behind an event: libvirt sends it while it still goes on."""
_READ_EACH = 1000
"""Documents that one sweep reads: all where there are no more, else those that were read longest ago. What changes a
line of the list comes with an event; of what has none a larger host shows the rest later, or when it is viewed."""
_AT_ONCE = 0.2
"""Seconds of reading documents until events are heard again."""
_MANY, _SHARE = 50, 8
"""Guests to be looked at from which on all are listed, since that costs less than looking each of them up: so many, and
an eighth of all."""
_AGAIN = (0.2, 0.5, 1.0, 2.0)
"""Seconds until the next try to connect."""

_log = logging.getLogger("innkeeper.inventory")


_SEEN = "seen"
"""Kind of what is told to learn when all that was told before it has been looked at."""


class _Told(NamedTuple):
    kind: str
    id: str
    news: bool = False
    run: object = None
    """of which connection"""


class Looking:
    """`ready` is set once all was seen for the first time, or nobody answered."""

    def __init__(self, uri: str, publish: Publish, link: Watched, viewing: Viewing) -> None:
        self._uri = uri
        self._publish = publish
        self._link = link
        self._viewing = viewing
        self._queue: SimpleQueue[_Told] = SimpleQueue()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="inventory-looking", daemon=True)
        self._again: dict[str, float] = {}
        self._asked: dict[str, threading.Event] = {}
        self._unread: dict[str, Seen | None] = {}
        self._read: dict[str, None] = {}
        self._next_viewed = self._next_sweep = 0.0
        self._filled = False
        self._tries = 0
        self.guests = Guests()
        self.places = Places(publish)
        self.ready = threading.Event()

    def start(self) -> None:
        events.ensure_loop()
        self._thread.start()

    def stop(self) -> None:
        """A call that waits is left to wait."""
        self._stopped.set()
        self.wake()
        self._thread.join(2)

    def wake(self) -> None:
        """What is viewed is looked at now."""
        self._next_viewed = 0.0
        self.tell("look", "")

    def tell(self, kind: str, id: str) -> None:
        """From any thread: look again."""
        self._queue.put(_Told(kind, id))

    def seen(self, uuids: Iterable[str], seconds: float) -> None:
        """Look at these guests now; returns when that is done, or after that time."""
        done, ticket = threading.Event(), f"{threading.get_ident()}-{time.monotonic_ns()}"
        self._asked[ticket] = done
        for uuid in uuids:
            self.tell("guest", uuid)
        self.tell(_SEEN, ticket)
        done.wait(seconds)
        self._asked.pop(ticket, None)

    def _tell(self, run: object, kind: str, id: str, news: bool) -> None:
        """libvirt's events, of one connection."""
        self._queue.put(_Told(kind, id, news, run))

    # --- one connection after the other -------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with self._link.call():
                    connection = Connection(self._uri)
            except InnkeeperError as error:
                self._link.down(str(error.facts.get("detail") or error))
                self.ready.set()
            else:
                self._connected(connection)
            self._stopped.wait(_AGAIN[min(self._tries, len(_AGAIN) - 1)])
            self._tries += 1

    def _connected(self, connection: Connection) -> None:
        """Until it breaks. An error nobody foresaw ends it as well, so that all is seen anew."""
        run = object()
        subscription = None
        try:
            with self._link.call():
                events.keep_alive(connection)
                subscription = events.Subscription(connection, partial(self._tell, run))
            self._next_sweep = 0.0
            self._unread = dict.fromkeys(self.guests.uuids())
            while not self._stopped.is_set():
                self._turn(connection, run)
        except InnkeeperError as error:
            self._link.lost(str(error.facts.get("detail") or error))
        except Exception:
            _log.exception("looking at %s", self._uri)
        finally:
            if subscription is not None:
                subscription.end()
            with suppress(InnkeeperError):  # it is lost
                connection.close()

    def _turn(self, connection: Connection, run: object) -> None:
        told = self._wait()
        broken = {one.kind for one in told if one.run is run} & {"lost", "hung"}
        if broken:
            if "hung" in broken:
                self._link.hangs()
            raise OutcomeUnknown("libvirt.lost", name=self._uri, detail="", code=0)
        with self._link.call():
            self._answer(connection, told)
            now = time.monotonic()
            if now >= self._next_sweep:
                self._sweep(connection)
                self._next_sweep = now + max(SWEEP, 10 * (time.monotonic() - now))
            if (began := time.monotonic()) >= self._next_viewed:
                self._look_at_viewed(connection)
                self._next_viewed = began + max(VIEWED, 5 * (time.monotonic() - began))
            self._read_documents(connection)
        for one in told:
            if one.kind == _SEEN and (done := self._asked.get(one.id)):
                done.set()
        self._tries = 0
        if not self._unread:
            self._filled = True
            self._link.up()
            self.ready.set()

    def _wait(self) -> set[_Told]:
        """What was told since, or nothing when it is time for something else."""
        watched = self._again or self._viewing.anything()
        due = min(self._next_sweep, self._next_viewed) if watched else self._next_sweep
        left = 0.0 if self._unread else due - time.monotonic()
        told = set()
        with suppress(Empty):
            told.add(self._queue.get(timeout=max(0.001, left)))
            while True:
                told.add(self._queue.get_nowait())
        return told

    # --- what there is ------------------------------------------------------------------------------------------------

    def _answer(self, connection: Connection, told: set[_Told]) -> None:
        named = {one.id for one in told if one.kind == "guest"}
        news = {one.id for one in told if one.kind == "guest" and one.news}
        self._again |= dict.fromkeys(named, time.monotonic() + _AFTER)
        self._look_at_guests(connection, named, news)
        for kind, name in {(one.kind, one.id) for one in told if one.kind in ("network", "pool")}:
            self._guarded(connection, partial(self.places.look_at, connection, kind, name))
        if any(one.kind == "host" for one in told):
            self._publish("host", "local", "changed")

    def _look_at_viewed(self, connection: Connection) -> None:
        now = time.monotonic()
        self._again = {uuid: until for uuid, until in self._again.items() if until > now}
        shown = {row.uuid for name in self._viewing.of("guest") if (row := self.guests.snapshot().find(name))}
        self._look_at_guests(connection, shown | self._again.keys())
        for kind, name in self._viewed_places():
            self._guarded(connection, partial(self.places.look_at, connection, kind, name, True))

    def _viewed_places(self) -> set[tuple[str, str]]:
        """The id "" stands for the list of all."""
        found = {("pool", POOL)} if self._viewing.of("image") else set()
        for kind in ("network", "pool"):
            names = self._viewing.of(kind)
            found |= {(kind, name) for name in (self.places.names(kind) if "" in names else names)}
        return found

    def _sweep(self, connection: Connection) -> None:
        found = self._list_guests(connection, set())
        oldest = dict(zip(self._read, range(_READ_EACH), strict=False))
        due = [uuid for uuid in found if uuid in oldest or uuid in self._unread or uuid not in self._read]
        self._unread = {uuid: found[uuid] for uuid in due}
        self._guarded(connection, partial(self.places.look_at_all, connection, self._link.heard))

    def _list_guests(self, connection: Connection, news: Collection[str]) -> dict[str, Seen]:
        """All of them, by the few calls that tell much."""
        found = {one.row.uuid: one for one in looking.guests(connection)}
        self._link.heard()
        for uuid, one in found.items():
            if (self.guests.see(one) or uuid in news) and self._filled:
                self._publish("guest", uuid, "changed")
        self._forget(self.guests.uuids() - found.keys())
        return found

    def _look_at_guests(
        self, connection: Connection, uuids: Collection[str], news: Collection[str] = ()
    ) -> None:
        if len(uuids) > max(_MANY, len(self._read) // _SHARE):
            found = self._list_guests(connection, news)
            self._unread |= {uuid: found[uuid] for uuid in uuids if uuid in found}
        else:
            for uuid in uuids:
                self._guarded(connection, partial(self._look_at_guest, connection, uuid, uuid in news))

    def _look_at_guest(self, connection: Connection, uuid: str, news: bool) -> None:
        seen = looking.guest(connection, uuid)
        if seen is None:
            self._forget({uuid})
            return
        changed = self.guests.see(seen)
        if (self._read_one(seen) or changed or news) and self._filled:
            self._publish("guest", uuid, "changed")

    def _read_documents(self, connection: Connection) -> None:
        """As many as there is time for."""
        until = time.monotonic() + _AT_ONCE
        while self._unread and time.monotonic() < until:
            uuid = next(iter(self._unread))
            self._guarded(connection, partial(self._read_next, connection, uuid))

    def _read_next(self, connection: Connection, uuid: str) -> None:
        seen = self._unread.pop(uuid) or looking.guest(connection, uuid)
        if seen is not None and self._read_one(seen) and self._filled:
            self._publish("guest", uuid, "changed")

    def _read_one(self, seen: Seen) -> bool:
        """Its documents and the names of its snapshots. True when they became others."""
        uuid = seen.row.uuid
        documents = looking.documents(seen)
        self._unread.pop(uuid, None)
        self._read.pop(uuid, None)
        if documents is None:
            return False
        self._read[uuid] = None
        return self.guests.see_documents(uuid, documents, looking.kept_states(seen))

    def _forget(self, uuids: Collection[str]) -> None:
        for uuid in self.guests.forget(uuids):
            self._unread.pop(uuid, None)
            self._read.pop(uuid, None)
            self._again.pop(uuid, None)
            self._publish("guest", uuid, "gone")

    def _guarded(self, connection: Connection, look: Callable[[], None]) -> None:
        """One thing that cannot be looked at hides no other; a connection that broke does."""
        self._link.heard()
        try:
            look()
        except InnkeeperError as error:
            if not connection.alive():
                raise
            _log.warning("looking at %s: %s", self._uri, error)
