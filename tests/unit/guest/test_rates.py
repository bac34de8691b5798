"""Rates: made of two looks, known from the second one on, and told of the others while one QEMU hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace

import pytest

from innkeeper.guest.watching import rates
from innkeeper.guest.watching.rates import Sampler
from innkeeper.host import Host
from innkeeper.virt import stats
from innkeeper.virt.stats import Asked, Known

NEVER = threading.Event()


class Guests:
    """Counters that the test sets; `hung` are those whose QEMU never answers."""

    def __init__(self) -> None:
        self.known: dict[str, Known] = {}
        self.hung: set[str] = set()
        self.held: set[str] = set()
        self.calls: list[list[str]] = []
        self.told = Asked(0, 0, 0, 0, None, 1)

    def put(self, name: str, id: int = 1, cpu: int = 0, net: int | None = 0) -> None:
        self.known[name] = Known(None, name, f"u-{name}", id, "running", 2, cpu, 64, 64, net, net)

    def ask(self, _connection: object, found: Sequence[Known]) -> dict[str, Asked]:
        """As libvirt does with NOWAIT: a guest of which another call waits is passed over."""
        self.calls.append([one.name for one in found])
        answers = {}
        for one in found:
            if one.name in self.held:
                answers[one.uuid] = Asked()
            elif one.name in self.hung:
                self.held.add(one.name)
                NEVER.wait(60)
            else:
                answers[one.uuid] = self.told
        return answers


@pytest.fixture
def guests(monkeypatch: pytest.MonkeyPatch) -> Guests:
    made = Guests()
    monkeypatch.setattr(stats, "known", lambda _connection: list(made.known.values()))
    monkeypatch.setattr(stats, "asked", made.ask)
    monkeypatch.setattr(rates, "_PATIENCE", 0.05)
    return made


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], None]]:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def pass_(seconds: float) -> None:
        now[0] += seconds

    yield pass_
    NEVER.set()
    NEVER.clear()


@pytest.fixture
def sampler(guests: Guests, monkeypatch: pytest.MonkeyPatch) -> Sampler:
    monkeypatch.setattr(Host, "virt", SimpleNamespace(driver="QEMU"))
    monkeypatch.setattr(Host, "reconnect", lambda _host: None)
    return Sampler(Host("qemu:///system"))


def test_a_rate_is_made_of_two_looks(
    guests: Guests, clock: Callable[[float], None], sampler: Sampler
) -> None:
    guests.put("web")
    (first,) = sampler.sample()
    assert (first.cpu, first.net_rx, first.disk_read) == (None, None, None)
    guests.put("web", cpu=1_500_000_000, net=4096)
    guests.told = Asked(2048, 0, 4, 0, 10, 20)
    clock(2.0)
    (second,) = sampler.sample()
    assert (second.cpu, second.cpu_guest, second.net_tx) == (75.0, 37.5, 2048.0)
    assert (second.disk_read, second.disk_reads, second.disk_write) == (1024.0, 2.0, 0.0)
    assert (second.memory_used, second.memory_host) == (10, 20)


def test_a_guest_that_was_started_anew_is_another_one(
    guests: Guests, clock: Callable[[float], None], sampler: Sampler
) -> None:
    guests.put("web", cpu=9_000_000_000)
    sampler.sample()
    clock(1.0)
    guests.put("web", id=2, cpu=1_000_000)
    assert sampler.sample()[0].cpu is None
    clock(1.0)
    guests.put("web", id=2, cpu=0, net=None)  # a counter that went back, and one that is no more
    found = sampler.sample()[0]
    assert (found.cpu, found.net_rx) == (None, None)
    guests.known.clear()
    assert sampler.sample() == []


def test_one_that_hangs_hides_no_other(guests: Guests, sampler: Sampler) -> None:
    for name in ("a", "hung", "z"):
        guests.put(name)
    guests.hung = {"hung"}
    for _ in range(3):
        found = {one.name: one.answers for one in sampler.sample()}
        assert found == {"a": True, "hung": False, "z": True}
    assert guests.calls[0] == ["a", "hung", "z"]
    assert all(len(call) == 1 for call in guests.calls[1:])


def test_many_that_hang_do_not_take_all_of_libvirts_hands(guests: Guests, sampler: Sampler) -> None:
    for number in range(12):
        guests.put(f"{number:02}")
    guests.hung = set(guests.known)
    for _ in range(4):
        assert not any(one.answers for one in sampler.sample())
    assert len(guests.held) == rates._MOST_WAITING + 1


def test_it_may_be_asked_of_some_only(
    guests: Guests, clock: Callable[[float], None], sampler: Sampler
) -> None:
    for number in range(5):
        guests.put(f"{number}")
    sampler.sample(ask=lambda found: [one.uuid for one in found[:2]])
    assert guests.calls == [["0", "1"]]
    clock(1.0)
    found = sampler.sample(only=("u-3",))
    assert [one.name for one in found] == ["3"]
    assert guests.calls[-1] == ["3"]
