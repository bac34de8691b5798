"""Samples kept small: the last hour in steps of 30 seconds and the last day in steps of five minutes, about 10 kB for
each guest, whatever it does. Steps lie on the clock, so that those of several guests lie beside each other."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from math import isnan, nan

from innkeeper.schema.live import Samples, Span

__all__ = ["FIELDS", "STEP", "History", "Series"]

FIELDS = ("cpu", "memory", "disk_read", "disk_write", "net_rx", "net_tx")
STEP, JOINED = 30, 10
"""Seconds of a fine step; how many of them are a coarse one."""
FINE, COARSE = 120, 288
"""Steps that are kept: an hour, a day."""
_EMPTY_FINE = array("f", [nan]) * (FINE * len(FIELDS))
_EMPTY_COARSE = array("f", [nan]) * (COARSE * len(FIELDS))


class Series:
    """Of one guest, or of the host: two rings with a column for each of FIELDS."""

    __slots__ = ("_coarse", "_fine", "last")

    def __init__(self) -> None:
        self._fine = array("f", _EMPTY_FINE)
        self._coarse = array("f", _EMPTY_COARSE)
        self.last = -1
        """the fine step that was written last, counted from 1970"""

    def add(self, step: int, values: Sequence[float | None]) -> None:
        """What was measured in that step, later than all before."""
        if step <= self.last:
            return
        if self.last >= 0:
            self._join(step // JOINED)
            _clear(self._fine, FINE, self.last + 1, step)
        for field, value in enumerate(values):
            self._fine[field * FINE + step % FINE] = nan if value is None else value
        self.last = step

    def _join(self, now: int) -> None:
        """Close the coarse steps before `now`: the mean of what the last one measured, nothing in those between."""
        done = self.last // JOINED
        if done == now:
            return
        for field in range(len(FIELDS)):
            fine = (self._fine[field * FINE + step % FINE] for step in range(done * JOINED, self.last + 1))
            known = [value for value in fine if not isnan(value)]
            self._coarse[field * COARSE + done % COARSE] = sum(known) / len(known) if known else nan
        _clear(self._coarse, COARSE, done + 1, now)

    def read(self, span: Span, at: float) -> Samples:
        """Up to that time (Unix seconds); the step that it lies in is not over and not told."""
        if span == "hour":
            return _samples(self._fine, FINE, STEP, int(at // STEP), self.last + 1)
        return _samples(self._coarse, COARSE, STEP * JOINED, int(at // (STEP * JOINED)), self.last // JOINED)


def _clear(ring: array[float], size: int, first: int, end: int) -> None:
    """Nothing was measured from `first` until before `end`."""
    for step in range(max(first, end - size), end):
        for field in range(len(FIELDS)):
            ring[field * size + step % size] = nan


def _samples(ring: array[float], size: int, step: int, end: int, written: int) -> Samples:
    """The steps before `end`, of which those from `written` on are not in the ring."""
    steps = range(end - size, end)
    known = [at % size if written - size <= at < written else None for at in steps]
    columns = [
        [None if place is None else ring[field * size + place] for place in known]
        for field in range(len(FIELDS))
    ]
    whole = [tuple(_whole(value) for value in column) for column in columns[1:]]
    cpu = tuple(None if value is None or isnan(value) else round(value, 1) for value in columns[0])
    return Samples(
        begins=float(steps.start * step), step=step, cpu=cpu, **dict(zip(FIELDS[1:], whole, strict=True))
    )


def _whole(value: float | None) -> int | None:
    return None if value is None or isnan(value) else round(value)


class History:
    """All series of a host, by UUID, and the host's own under `HOST`."""

    HOST = "host"

    def __init__(self) -> None:
        self._series: dict[str, Series] = {}

    def add(self, step: int, values: dict[str, Sequence[float | None]]) -> None:
        for uuid, one in values.items():
            series = self._series.get(uuid)
            if series is None:
                series = self._series[uuid] = Series()
            series.add(step, one)

    def keep(self, step: int, uuids: Collection[str]) -> None:
        """Forget guests that are no more, and those of which a day has nothing."""
        oldest = step - COARSE * JOINED
        for uuid in [one for one, series in self._series.items() if series.last < oldest or one not in uuids]:
            if uuid != self.HOST:
                del self._series[uuid]

    def read(self, uuid: str, span: Span, at: float) -> Samples:
        """All None for one of which nothing is known."""
        return (self._series.get(uuid) or Series()).read(span, at)
