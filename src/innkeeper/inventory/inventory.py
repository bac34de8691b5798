"""What there is on one host, kept by three threads: one looks, one measures, one watches whether libvirt answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection

from innkeeper.errors import NotFound, Unsupported
from innkeeper.inventory.link import Watched
from innkeeper.inventory.looking import Looking
from innkeeper.inventory.sampling import Sampling
from innkeeper.inventory.series import History
from innkeeper.inventory.snapshot import Snapshot
from innkeeper.inventory.viewing import Viewing
from innkeeper.network.plugs import Plugged
from innkeeper.schema.live import Link, Measured, Samples, Span

__all__ = ["Inventory"]

_PATIENCE = 15.0
"""Seconds for which the first who asks waits until all was seen once."""
_CAUGHT_UP = 2.0
"""Seconds that a look at what was just changed may take."""
_CHARTED = 15.0
"""Seconds for which one look at the last minutes has them measured closely."""
_UUID = 36
"""Characters of one."""
_JUDGED = 0.5
"""Seconds between two looks at whether libvirt answers."""


class Inventory:
    """`publish(kind, id, what)` is called from threads of its own whenever anything is other than it was: kinds `guest`
    (by UUID), `network`, `pool`, `image` (by name), `host` (`local`); `changed` or `gone`.

    The threads end with `stop`, or with the process. All other calls may come from any thread.
    """

    def __init__(self, uri: str, publish: Callable[[str, str, str], None]) -> None:
        self._uri = uri
        self._link = Watched(lambda: publish("host", "local", "changed"))
        self._viewing = Viewing(self._begin_to_view)
        self._looking = Looking(uri, publish, self._link, self._viewing)
        self._charted = Viewing(self._begin_to_view, _CHARTED)
        self._sampling = Sampling(uri, self._looking.guests, self._viewing, self._charted, self._other)
        self._stopped = threading.Event()
        self._judging = threading.Thread(target=self._judge, name="inventory-link", daemon=True)

    def start(self) -> None:
        """Returns at once. Call it before any connection to libvirt is opened: those send no events otherwise."""
        self._looking.start()
        self._sampling.start()
        self._judging.start()

    def stop(self) -> None:
        self._stopped.set()
        self._looking.stop()
        self._sampling.stop()
        self._judging.join(2)

    def guests(self) -> Snapshot:
        """All guests with the fields of the long list, those in the bin too. Who asks counts as one who looks at the
        list. While libvirt is away it is what was last known.

        Raises `Unsupported("libvirt.unreachable")` when nothing was ever known, since nobody answered.
        """
        self._viewing.see("guests", "")
        self._wait_for_first_look()
        snapshot = self._looking.guests.snapshot()
        link = self._link.view()
        if not snapshot.rows and link.state != "connected":
            raise Unsupported("libvirt.unreachable", uri=self._uri, detail=link.detail)
        return snapshot

    def plugged(self) -> list[Plugged]:
        """All guests and what their network cards are plugged into, as it was last known."""
        self._wait_for_first_look()
        return self._looking.guests.plugged()

    def _wait_for_first_look(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not self._looking.ready.wait(_JUDGED) and time.monotonic() < deadline:
            if self._link.view().state == "hung":
                return

    def link(self) -> Link:
        return self._link.view()

    def viewed(self, kind: str, id: str) -> None:
        """Somebody is shown this now: for five seconds it is looked at each second. Kinds `guest` (name or UUID),
        `network`, `pool`, `image`, `host`; the id "" is the list of all networks, pools or images."""
        self._viewing.see(kind, id)

    def changed(self, names: Collection[str]) -> None:
        """These guests (names or UUIDs) were changed by whoever calls: they are seen as they are now when this returns,
        if libvirt answers in time."""
        snapshot = self._looking.guests.snapshot()
        known = {row.uuid for name in names if (row := snapshot.find(name))}
        self._looking.seen({*known, *(name for name in names if len(name) == _UUID)}, _CAUGHT_UP)

    def samples(self, name: str, span: Span) -> Samples:
        """Of a guest by name or UUID, up to now. Raises `NotFound("guest.unknown")`."""
        row = self.guests().find(name)
        if row is None:
            raise NotFound("guest.unknown", name=name)
        return self._samples(row.uuid, span)

    def host_samples(self, span: Span) -> Samples:
        return self._samples(History.HOST, span)

    def _samples(self, uuid: str, span: Span) -> Samples:
        if span == "minutes":
            self._charted.see("samples", uuid)
        return self._sampling.history.read(uuid, span, time.time())

    def measured(self) -> Measured | None:
        """The counters as they were last read; None when they never were."""
        return self._sampling.measured()

    def _begin_to_view(self) -> None:
        self._looking.wake()
        self._sampling.wake()

    def _other(self, uuid: str) -> None:
        self._looking.tell("guest", uuid)

    def _judge(self) -> None:
        while not self._stopped.wait(_JUDGED):
            self._link.judge()
