"""What running guests take, each second: two looks at their counters, and what lies between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from innkeeper.errors import Conflict, InnkeeperError
from innkeeper.schema.guest_screen import GuestTop, Rates, Top
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import stats
from innkeeper.virt.stats import Asked, Known

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS", "Sampler"]

_PATIENCE, _PATIENCE_EACH = 1.0, 0.05
"""Seconds for libvirt to ask some guests' QEMU: at all, and for each."""
_MOST_WAITING = 3
"""Calls that wait for a QEMU which hangs, but one: libvirt has twenty hands for all (libvirtd.conf, max_workers)."""


class _Look(NamedTuple):
    """A guest's counters, and when they were read (monotonic seconds)."""

    known: Known
    at: float
    asked: Asked | None
    asked_at: float


class Sampler:
    """Looks at the guests of a host again and again. A rate is known from the second look on."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._last: dict[tuple[str, int], _Look] = {}
        self._waiting: list[threading.Thread] = []

    def sample(
        self, only: Collection[str] = (), ask: Callable[[list[Rates]], Collection[str]] | None = None
    ) -> list[Rates]:
        """The running guests, of those UUIDs only when some are given. `ask` chooses, from what is known without it,
        the UUIDs whose QEMU is asked; all when None.

        Raises `OutcomeUnknown("libvirt.lost")` when libvirt is away.
        """
        at = time.monotonic()
        found = [one for one in stats.known(self._host.virt) if not only or one.uuid in only]
        wanted: Sequence[Known] = found
        if ask is not None:
            chosen = ask([self._rates(_Look(one, at, None, at)) for one in found])
            wanted = [one for one in found if one.uuid in chosen]
        answers = self._ask(wanted)
        asked_at = time.monotonic()
        looks = [_Look(one, at, answers.get(one.uuid), asked_at) for one in found]
        silent = {one.uuid for one in wanted if answers.get(one.uuid, Asked()) == Asked()}
        rates = [self._rates(look, silent) for look in looks]
        self._last = {(look.known.uuid, look.known.id): self._kept(look) for look in looks}
        return rates

    def counters(self) -> list[tuple[Known, Asked]]:
        """What the last look read of each."""
        return [(look.known, look.asked or Asked()) for look in self._last.values()]

    def _kept(self, look: _Look) -> _Look:
        """What was not asked for now is still good for a rate over a longer time."""
        before = self._last.get((look.known.uuid, look.known.id))
        if look.asked is None and before is not None:
            return look._replace(asked=before.asked, asked_at=before.asked_at)
        return look

    def _rates(self, look: _Look, silent: Collection[str] = ()) -> Rates:
        known, asked = look.known, look.asked or Asked()
        before = self._last.get((known.uuid, known.id))
        old = before.known if before else None
        old_asked = (before.asked if before else None) or Asked()
        passed = look.at - before.at if before else 0.0
        asked_passed = look.asked_at - before.asked_at if before else 0.0
        cpu = _rate(known.cpu_time, old and old.cpu_time, passed * 1e7)
        return Rates(
            name=known.name,
            uuid=known.uuid,
            state=known.state,
            cpus=known.cpus,
            cpu=cpu,
            cpu_guest=cpu / known.cpus if cpu is not None and known.cpus else None,
            memory=known.memory,
            memory_most=known.memory_most,
            memory_used=asked.memory_used,
            memory_host=asked.memory_host,
            disk_read=_rate(asked.disk_read, old_asked.disk_read, asked_passed),
            disk_write=_rate(asked.disk_write, old_asked.disk_write, asked_passed),
            disk_reads=_rate(asked.disk_reads, old_asked.disk_reads, asked_passed),
            disk_writes=_rate(asked.disk_writes, old_asked.disk_writes, asked_passed),
            net_rx=_rate(known.net_rx, old and old.net_rx, passed),
            net_tx=_rate(known.net_tx, old and old.net_tx, passed),
            answers=known.uuid not in silent or self._host.virt.driver != "QEMU",
        )

    def _ask(self, wanted: Sequence[Known]) -> dict[str, Asked]:
        """All at once; while one hangs, one by one, so that the others are told. The call that waits for the one that
        hangs holds it, so that no later one waits for the same (`stats.asked`)."""
        self._waiting = [thread for thread in self._waiting if thread.is_alive()]
        if not self._waiting:
            answers = self._within(wanted)
            if answers is not None:
                return answers
            wanted = self._anew(wanted)
        found: dict[str, Asked] = {}
        while wanted and len(self._waiting) <= _MOST_WAITING:
            one, *wanted = wanted
            answers = self._within([one])
            if answers is None:
                wanted = self._anew(wanted)
            else:
                found |= answers
        return found

    def _anew(self, wanted: Sequence[Known]) -> list[Known]:
        """The same guests through another connection. The one on which a call waits is left to it: in libvirt's client
        (seen with 9.0) a second call on it is lost now and then, when it comes just before the first one waits."""
        self._host.reconnect()
        uuids = {one.uuid for one in wanted}
        return [one for one in stats.known(self._host.virt) if one.uuid in uuids]

    def _within(self, wanted: Sequence[Known]) -> dict[str, Asked] | None:
        """None when it took too long; it goes on waiting then."""
        answers: list[dict[str, Asked]] = []
        errors: list[InnkeeperError] = []

        def call() -> None:
            try:
                answers.append(stats.asked(self._host.virt, wanted))
            except InnkeeperError as error:
                errors.append(error)

        thread = threading.Thread(target=call, daemon=True)
        thread.start()
        thread.join(_PATIENCE + _PATIENCE_EACH * len(wanted))
        if errors:
            raise errors[0]
        if answers:
            return answers[0]
        self._waiting.append(thread)
        return None


def _rate(now: int | None, before: int | None, passed: float) -> float | None:
    """A counter that went back is another one."""
    if now is None or before is None or passed <= 0 or now < before:
        return None
    return (now - before) / passed


def _check(host: Host, request: GuestTop) -> list[str]:
    """The UUIDs of the guests that were named."""
    if not request.names:
        return []
    from innkeeper.guest.naming import find  # which reads XML, and a look at all needs none

    found = []
    for name in request.names:
        domain = find(host, name)
        if not domain.active:
            raise Conflict("guest.not_running", name=domain.name)
        found.append(domain.uuid)
    return found


def _run(host: Host, request: GuestTop, operation: Operation) -> Top:
    sampler, only = Sampler(host), operation.decided
    began = time.monotonic()
    sampler.sample(only)
    time.sleep(max(0.0, request.interval - (time.monotonic() - began)))
    passed = time.monotonic() - began
    guests = sorted(sampler.sample(only), key=lambda one: one.name)
    return Top(at=time.time(), interval=round(passed, 3), guests=tuple(guests))


def _plan(_host: Host, request: GuestTop, _only: list[str]) -> Plan:
    import shlex

    groups = "--state --cpu-total --balloon --interface --block --nowait"
    which = shlex.join(request.names) or "--list-active"
    pause = f"sleep {request.interval:g}"
    command = f"virsh domstats {groups} {which}"
    return Plan(["look at the counters of running guests, twice"], {}, [command, pause, command])


VERBS = {"guest.top": Verb("guest.top", GuestTop, Top, _check, _run, plan=_plan)}
