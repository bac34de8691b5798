"""The thread that measures what running guests and the host take: every 30 seconds for the charts, and every five of
what somebody sees the last minutes of. While somebody looks at anything it also sees each second whether running guests
are as the list says; while nobody does, that is all.

It has connections of its own: a guest's QEMU that hangs holds up what is asked of it, and nothing else.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import NamedTuple

from innkeeper.errors import InnkeeperError
from innkeeper.guest.watching.rates import Sampler
from innkeeper.host import Host
from innkeeper.inventory.guests import Guests
from innkeeper.inventory.series import CLOSE, STEP, History
from innkeeper.inventory.viewing import Viewing
from innkeeper.schema.guest import GuestRow
from innkeeper.schema.guest_screen import Rates
from innkeeper.schema.live import GuestCounters, Measured
from innkeeper.schema.names import CREATING, DELETED
from innkeeper.virt import events, looking
from innkeeper.virt.looking import Load
from innkeeper.virt.stats import Asked, Known

__all__ = ["Sampling"]

_EACH = 1.0
"""Seconds between two looks while somebody looks; ten times what the last one took, if that is more."""

_FEW = 50
"""So many running guests are all asked for their disks every five seconds, for the chart of the host."""
_GAP = 3
"""Steps of five seconds after which a rate would be of a time that nobody sees."""

_log = logging.getLogger("innkeeper.inventory")


class _Read(NamedTuple):
    """Counters as they were last read: of the guests that run, and of the host."""

    at: float
    guests: list[tuple[Known, Asked]]
    load: Load


class Sampling:
    """`other` is called with the UUID of a guest that is other than the list says: of what libvirt sends no event for,
    the number of its processors."""

    def __init__(
        self, uri: str, guests: Guests, viewing: Viewing, charted: Viewing, other: Callable[[str], None]
    ) -> None:
        self._uri = uri
        self._guests = guests
        self._viewing = viewing
        self._charted = charted
        self._other = other
        self._stopped = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="inventory-sampling", daemon=True)
        self._host_before: Load | None = None
        self._known_raw: object = None
        self.history = History()
        self._read: _Read | None = None

    def start(self) -> None:
        events.ensure_loop()
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._wake.set()
        self._thread.join(2)

    def wake(self) -> None:
        """Somebody begins to look."""
        self._wake.set()

    def measured(self) -> Measured | None:
        """The counters as they were last read; None when they never were."""
        read = self._read
        if read is None:
            return None
        busy, idle = read.load.busy, read.load.idle
        return Measured(
            at=read.at,
            guests=tuple(_counters(known, asked) for known, asked in read.guests),
            cpu_busy=None if busy is None else busy / 1e9,
            cpu_idle=None if idle is None else idle / 1e9,
            memory_used=read.load.memory_used,
            memory=read.load.memory,
        )

    def _run(self) -> None:
        while not self._stopped.is_set():
            host = Host(self._uri)
            try:
                self._measure(host)
            except InnkeeperError:
                self._stopped.wait(1)  # libvirt is away, as the link says: those steps stay empty
            except Exception:
                _log.exception("measuring %s", self._uri)
                self._stopped.wait(1)
            finally:
                with suppress(InnkeeperError):  # it is lost
                    host.close()

    def _measure(self, host: Host) -> None:
        """Samplers of their own, since a rate is of the time since the last look: half a minute, or seconds."""
        for_charts, for_viewers = Sampler(host), Sampler(host)
        closely = _Closely(host, self._charted, self.history)
        next_step = 0.0
        while not self._stopped.is_set():
            began = time.monotonic()
            self._keep_alive(host)
            if time.time() >= next_step:
                step = int(time.time() // STEP)
                self._add(host, step, for_charts)
                next_step = (step + 1) * STEP
            elif self._viewing.anything():
                self._compare(for_viewers.sample(ask=self._viewed))
            closely.measure()
            took = time.monotonic() - began
            # At most a step, though somebody may have set the clock back.
            left = min(next_step - time.time(), closely.left(), STEP)
            viewed = self._viewing.anything()
            self._wake.clear()
            self._wake.wait(max(0.01, min(left, max(_EACH, 10 * took)) if viewed else left))

    def _viewed(self, _rates: list[Rates]) -> Collection[str]:
        """No QEMU is asked: states and processors are libvirt's own knowledge."""
        return ()

    def _keep_alive(self, host: Host) -> None:
        """The sampler opens another connection when a QEMU hangs on one."""
        if host.virt.raw is not self._known_raw:
            self._known_raw = host.virt.raw
            events.keep_alive(host.virt)

    def _compare(self, rates: Sequence[Rates]) -> None:
        snapshot = self._guests.snapshot()
        for one in rates:
            row = snapshot.find(one.uuid)
            if row is None or (row.cpus, row.memory) != (one.cpus, one.memory) or _off(row, one):
                self._other(one.uuid)

    def _add(self, host: Host, step: int, sampler: Sampler) -> None:
        rates = sampler.sample()
        self._compare(rates)
        load = looking.load(host.virt)
        # What is measured now lies between the last look and this one: that is the step which just ended.
        values: dict[str, Sequence[float | None]] = {one.uuid: _values(one) for one in rates}
        values[History.HOST] = _of_host(self._host_before, load, list(values.values()))
        self.history.add(step - 1, values)
        self.history.keep(step, self._guests.uuids())
        self._host_before = load
        self._read = _Read(time.time(), sampler.counters(), load)


class _Closely:
    """Measures each five seconds what somebody sees a chart of: guests by UUID, the host."""

    def __init__(self, host: Host, charted: Viewing, history: History) -> None:
        self._host = host
        self._charted = charted
        self._history = history
        self._sampler = Sampler(host)
        self._load: Load | None = None
        self._step = 0

    def left(self) -> float:
        """Seconds until the next step ends."""
        return CLOSE - time.time() % CLOSE if self._charted.anything() else STEP

    def measure(self) -> None:
        """When a step has ended, and somebody looks."""
        step, charted = int(time.time() // CLOSE), self._charted.of("samples")
        if not charted or step == self._step:
            return
        if not 0 < step - self._step <= _GAP:
            self._sampler, self._load = Sampler(self._host), None
        self._step = step
        is_host = History.HOST in charted
        rates = self._sampler.sample(
            () if is_host else charted, ask=lambda found: self._asked(found, charted)
        )
        values: dict[str, Sequence[float | None]] = {one.uuid: _values(one) for one in rates}
        shown = {uuid: values[uuid] for uuid in charted if uuid in values}
        if is_host:
            load = looking.load(self._host.virt)
            whole = _of_host(self._load, load, list(values.values()))
            if len(rates) > _FEW:  # not all were asked
                whole[2:4] = None, None
            shown[History.HOST], self._load = whole, load
        self._history.add_close(step - 1, shown)

    def _asked(self, found: Sequence[Rates], charted: Collection[str]) -> Collection[str]:
        if History.HOST in charted and len(found) <= _FEW:
            return [one.uuid for one in found]
        return charted


def _of_host(before: Load | None, load: Load, guests: Sequence[Sequence[float | None]]) -> list[float | None]:
    together = [_sum(column) for column in list(zip(*guests, strict=True))[2:]] or [None] * 4
    return [_busy(before, load), load.memory_used, *together]


def _off(row: GuestRow, seen: Rates) -> bool:
    """Whether its state is another. One in the bin, or unfinished, has a state of its own in the list."""
    return row.state != seen.state and row.state not in (DELETED, CREATING)


def _counters(known: Known, asked: Asked) -> GuestCounters:
    return GuestCounters(
        name=known.name,
        uuid=known.uuid,
        cpus=known.cpus,
        cpu_seconds=known.cpu_time / 1e9,
        memory=known.memory,
        net_rx=known.net_rx,
        net_tx=known.net_tx,
        **asked._asdict(),
    )


def _values(one: Rates) -> list[float | None]:
    memory = one.memory_used if one.memory_used is not None else one.memory_host
    return [one.cpu, memory, one.disk_read, one.disk_write, one.net_rx, one.net_tx]


def _sum(column: Sequence[float | None]) -> float | None:
    known = [value for value in column if value is not None]
    return sum(known) if known else None


def _busy(before: Load | None, now: Load) -> float | None:
    """Percent of all processors."""
    if before is None or None in (before.busy, before.idle, now.busy, now.idle):
        return None
    busy = (now.busy or 0) - (before.busy or 0)
    whole = busy + (now.idle or 0) - (before.idle or 0)
    return max(0.0, min(100.0, 100 * busy / whole)) if whole > 0 else None
