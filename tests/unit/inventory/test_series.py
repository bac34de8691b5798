"""Samples: an hour and a day, gaps, means, and how much memory they take."""

from __future__ import annotations

import tracemalloc

from innkeeper.inventory.series import CLOSE, COARSE, FIELDS, FINE, JOINED, MINUTES, STEP, History, Series

NOON = 1_800_000_000 // (STEP * JOINED) * JOINED
"""A step at which a coarse one begins, too."""


def values(number: float) -> list[float | None]:
    return [number + field for field in range(len(FIELDS))]


def test_the_last_hour_is_told_step_by_step() -> None:
    series = Series()
    for step in range(200):
        series.add(NOON + step, values(step))
    told = series.read("hour", (NOON + 200) * STEP + 7.0)
    assert (told.begins, told.step, len(told.cpu)) == ((NOON + 80) * STEP, STEP, FINE)
    assert told.cpu == tuple(float(step) for step in range(80, 200))
    assert told.net_tx == tuple(step + 5 for step in range(80, 200))


def test_what_was_not_measured_is_none() -> None:
    series = Series()
    series.add(NOON, [1.0, None, 3.0, 4.0, 5.0, 6.0])
    series.add(NOON + 3, values(9))
    told = series.read("hour", (NOON + 5) * STEP)
    assert told.cpu[-5:] == (1.0, None, None, 9.0, None)
    assert told.memory[-5:] == (None, None, None, 10, None)
    assert set(told.cpu[:-5]) == {None}


def test_a_long_gap_leaves_nothing_of_an_earlier_hour() -> None:
    series = Series()
    for step in range(FINE):
        series.add(NOON + step, values(1))
    series.add(NOON + 10 * FINE, values(2))
    told = series.read("hour", (NOON + 10 * FINE + 1) * STEP)
    assert set(told.cpu[:-1]) == {None}
    assert told.cpu[-1] == 2.0
    assert set(series.read("hour", (NOON + 30 * FINE) * STEP).cpu) == {None}


def test_an_hour_that_was_not_written_for_a_while_ends_in_nothing() -> None:
    series = Series()
    for step in range(FINE):
        series.add(NOON + step, values(1))
    told = series.read("hour", (NOON + FINE + 20) * STEP)
    assert told.cpu == (1.0,) * 100 + (None,) * 20


def test_the_last_minutes_are_told_closely_where_somebody_looked() -> None:
    """Six steps of five seconds in each half minute; of what nobody saw the half minute's value stands for all six."""
    series, each = Series(), STEP // CLOSE
    for step in range(10):
        series.add(NOON + step, values(100 + step))
    now = (NOON + 11) * each + 2  # a minute and ten seconds after the last half minute began
    for step in (now - 3, now - 1):
        series.add_close(step, [float(step - now), None, *values(7)[2:]])
    told = series.read("minutes", now * CLOSE + 1.0)
    assert (told.begins, told.step, len(told.cpu)) == ((now - MINUTES) * CLOSE, CLOSE, MINUTES)
    assert told.cpu[-3:] == (
        -3.0,
        None,
        -1.0,
    )  # nobody was told what lies between, and the half minute is not over
    assert told.memory[-3:] == (None, None, None)
    assert told.cpu[-4 - 4 - each : -4 - 4] == (109.0,) * each
    assert told.cpu[:each] != told.cpu[each : 2 * each]


def test_the_last_minutes_are_forgotten() -> None:
    history, each = History(), STEP // CLOSE
    history.add_close(NOON * each, {"one": values(5)})
    history.keep(NOON + 1, {"one"})
    assert history.read("one", "minutes", NOON * STEP + CLOSE).cpu[-1] == 5.0
    history.keep(NOON + FINE, {"one"})
    assert set(history.read("one", "minutes", NOON * STEP + CLOSE).cpu) == {None}


def test_the_day_holds_means_of_five_minutes() -> None:
    series = Series()
    for step in range(30):
        series.add(NOON + step, values(step))
    told = series.read("day", (NOON + 30) * STEP)
    assert (told.step, len(told.cpu)) == (STEP * JOINED, COARSE)
    assert told.cpu[-3:] == (4.5, 14.5, None)  # the third is whole when the next begins
    series.add(NOON + 30, values(0))
    assert series.read("day", (NOON + 30) * STEP).cpu[-3:] == (4.5, 14.5, 24.5)
    assert told.begins == (NOON + 30 - COARSE * JOINED) * STEP


def test_means_are_of_what_was_measured() -> None:
    series = Series()
    series.add(NOON + 2, values(10))
    series.add(NOON + 4, values(20))
    series.add(NOON + 3 * JOINED, values(1))
    assert series.read("day", (NOON + 3 * JOINED) * STEP).cpu[-3:] == (15.0, None, None)


def test_a_step_is_written_once_and_never_earlier_than_the_last() -> None:
    series = Series()
    series.add(NOON, values(1))
    series.add(NOON, values(2))
    series.add(NOON - 1, values(3))
    assert series.read("hour", (NOON + 1) * STEP).cpu[-2:] == (None, 1.0)


def test_guests_that_are_gone_are_forgotten() -> None:
    history = History()
    history.add(NOON, {"a": values(1), "b": values(2), History.HOST: values(3)})
    history.keep(NOON, {"a"})
    at = (NOON + 1) * STEP
    assert history.read("a", "hour", at).cpu[-1] == 1.0
    assert history.read("b", "hour", at).cpu[-1] is None
    assert history.read(History.HOST, "hour", at).cpu[-1] == 3.0
    history.keep(NOON + COARSE * JOINED + 1, {"a"})
    assert set(history.read("a", "day", at).cpu) == {None}


def test_a_guest_takes_some_ten_kilobytes_however_long_it_runs() -> None:
    tracemalloc.start()
    history = History()
    for step in range(0, 3000, 7):
        history.add(NOON + step, {str(number): values(step) for number in range(20)})
    taken, _most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken / 20 < 11_000
