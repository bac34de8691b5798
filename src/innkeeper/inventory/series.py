"""Samples kept small: the last hour in steps of 30 seconds and the last day in steps of five minutes, about 10 kB for
each guest, whatever it does; and the last minutes in steps of five seconds of what somebody sees a chart of. Steps lie
on the clock, so that those of several guests lie beside each other."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from math import isnan, nan

from innkeeper.schema.live import Samples, Span

__all__ = ["CLOSE", "FIELDS", "STEP", "History", "Series"]

FIELDS = ("cpu", "memory", "disk_read", "disk_write", "net_rx", "net_tx")
STEP, JOINED = 30, 10
"""Seconds of a fine step; how many of them are a coarse one."""
CLOSE = 5
"""Seconds of a step that is measured while somebody looks."""
MINUTES, FINE, COARSE = 60, 120, 288
"""Steps that are kept: five minutes, an hour, a day."""
_EMPTY_CLOSE = array("f", [nan]) * (MINUTES * len(FIELDS))
_EMPTY_FINE = array("f", [nan]) * (FINE * len(FIELDS))
_EMPTY_COARSE = array("f", [nan]) * (COARSE * len(FIELDS))


class Series:
    """Of one guest, or of the host: two rings with a column for each of FIELDS, and a third while somebody looks."""

    __slots__ = ("_close", "_coarse", "_fine", "last", "last_close")

    def __init__(self) -> None:
        self._fine = array("f", _EMPTY_FINE)
        self._coarse = array("f", _EMPTY_COARSE)
        self.last = -1
        """the fine step that was written last, counted from 1970"""
        self._close: array[float] | None = None
        self.last_close = -1

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

    def add_close(self, step: int, values: Sequence[float | None]) -> None:
        """What was measured in that step of five seconds, later than all before."""
        if step <= self.last_close:
            return
        if self._close is None:
            self._close = array("f", _EMPTY_CLOSE)
        else:
            _clear(self._close, MINUTES, self.last_close + 1, step)
        for field, value in enumerate(values):
            self._close[field * MINUTES + step % MINUTES] = nan if value is None else value
        self.last_close = step

    def forget_close(self, before: int) -> None:
        """Let the steps of five seconds go, if none of them is that late."""
        if self.last_close < before:
            self._close = None

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
        if span == "minutes":
            return self._minutes(int(at // CLOSE))
        if span == "hour":
            return _samples(self._fine, FINE, STEP, int(at // STEP), self.last + 1)
        return _samples(self._coarse, COARSE, STEP * JOINED, int(at // (STEP * JOINED)), self.last // JOINED)

    def _minutes(self, end: int) -> Samples:
        """Where nobody looked, or was not told, the value of the half minute that a step lies in."""
        ring = array("f", _EMPTY_CLOSE)
        for step in range(end - MINUTES, end):
            fine = step * CLOSE // STEP
            is_known = self.last - FINE < fine <= self.last
            is_close = self._close is not None and self.last_close - MINUTES < step <= self.last_close
            for field in range(len(FIELDS)):
                value = self._fine[field * FINE + fine % FINE] if is_known else nan
                if self._close is not None and is_close:
                    close = self._close[field * MINUTES + step % MINUTES]
                    value = value if isnan(close) else close
                ring[field * MINUTES + step % MINUTES] = value
        return _samples(ring, MINUTES, CLOSE, end, end)


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


def _late(series: Series) -> int:
    """The fine step of what was measured last."""
    return max(series.last, series.last_close * CLOSE // STEP)


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

    def add_close(self, step: int, values: dict[str, Sequence[float | None]]) -> None:
        """Of those that somebody sees a chart of."""
        for uuid, one in values.items():
            self._series.setdefault(uuid, Series()).add_close(step, one)

    def keep(self, step: int, uuids: Collection[str]) -> None:
        """Forget guests that are no more, and those of which a day has nothing."""
        oldest = step - COARSE * JOINED
        for series in self._series.values():
            series.forget_close(step * STEP // CLOSE - MINUTES)
        for uuid in [
            one for one, series in self._series.items() if _late(series) < oldest or one not in uuids
        ]:
            if uuid != self.HOST:
                del self._series[uuid]

    def read(self, uuid: str, span: Span, at: float) -> Samples:
        """All None for one of which nothing is known."""
        return (self._series.get(uuid) or Series()).read(span, at)
