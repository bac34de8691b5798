"""All guests of a host, when it goes down and when it comes up: in order, side by side within one number.

Guests with a start order come first, the lowest number first; those without one follow together. They stop the other
way round. Which guests start with the host is libvirt's own mark (autostart): an order alone starts nothing, and
without Innkeeper libvirt starts them all the same, in an order of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from innkeeper import config
from innkeeper.errors import Conflict, Failed, InnkeeperError, Invalid, OutcomeUnknown
from innkeeper.guest import metadata
from innkeeper.guest.running.ordering_plans import plan_start, plan_stop
from innkeeper.guest.running.saving import save_watched
from innkeeper.schema.guest_change import GuestOutcome, GuestsReport, HostStartGuests, HostStopGuests
from innkeeper.schema.names import unmark
from innkeeper.verbs import Verb
from innkeeper.virt import changes, domains

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["THEN", "VERBS", "Placed", "in_order"]

THEN = ("save", "force", "leave")
"""What becomes of a guest that does not power off."""
_AT_ONCE = 4
"""Long calls under way together: libvirt serves five of one client (libvirtd.conf, max_client_requests)."""
_AGAIN = 10.0
"""Seconds until a guest is asked again: one that is still booting does not hear the first time."""
_LOOK = 0.25


@dataclass(frozen=True)
class Placed:
    """A guest and its place."""

    domain: domains.Domain
    order: int | None
    delay: int

    @property
    def key(self) -> tuple[bool, int]:
        """Those without a number come last."""
        return self.order is None, self.order or 0


def in_order(found: Iterable[domains.Domain], backwards: bool = False) -> list[list[Placed]]:
    """Groups of those that are dealt with together, each sorted by name."""
    placed = []
    for domain in found:
        facts = metadata.of_domain(domain)
        order, delay = metadata.number(facts.start_order), metadata.number(facts.start_delay)
        placed.append(Placed(domain, order, delay or 0))
    placed.sort(key=lambda one: one.domain.name)
    placed.sort(key=lambda one: one.key, reverse=backwards)
    return [list(group) for _, group in groupby(placed, key=lambda one: one.key)]


class _Report:
    """What became of each, while it goes on."""

    def __init__(self, host: Host, operation: Operation) -> None:
        self.host, self.operation = host, operation
        self.began = time.monotonic()
        self.guests: list[GuestOutcome] = []

    def note(self, one: Placed, outcome: str, reason: str = "") -> None:
        self.guests.append(
            GuestOutcome(
                name=one.domain.name,
                order=one.order,
                outcome=outcome,  # type: ignore[arg-type]  # each caller says one of its words
                seconds=round(time.monotonic() - self.began, 1),
                reason=reason,
            )
        )
        self.operation.progress(f"guest.progress.{outcome}", name=one.domain.name, reason=reason)

    def view(self) -> GuestsReport:
        return GuestsReport(host=self.host.uri, guests=tuple(self.guests))


def _check_stop(host: Host, request: HostStopGuests) -> list[list[Placed]]:
    _then(request)
    seconds_of(request)
    return in_order(domains.some(host.virt, changes.flagged(host.virt, "running")), backwards=True)


def _then(request: HostStopGuests) -> str:
    chosen = request.then or config.get("stop_guests_then")
    if chosen not in THEN:
        raise Invalid("request.choice", what="stop_guests_then", value=chosen, choices=", ".join(THEN))
    return chosen


def seconds_of(request: HostStopGuests) -> float:
    """How long each start order gets: as asked, else as configured."""
    if request.timeout is not None:
        return request.timeout
    said = config.get("stop_guests_timeout")
    if not said.isascii() or not said.isdigit() or not 0 < len(said) < 6 or int(said) == 0:
        raise Invalid("request.number", what="stop_guests_timeout", value=said[:40], least=1, most=99999)
    return float(said)


def _stop(host: Host, request: HostStopGuests, operation: Operation) -> GuestsReport:
    groups: list[list[Placed]] = operation.decided
    report, then = _Report(host, operation), _then(request)
    with operation.step("stop"):
        for group in groups:
            rest = _ask(group, seconds_of(request), report)
            _each(rest, lambda one: _insist(one, then, report), operation)
    operation.finish()
    return report.view()


def _ask(group: list[Placed], timeout: float, report: _Report) -> list[Placed]:
    """Ask them all to power off and wait. Returns those that did not, in `timeout` seconds, or cannot hear."""
    began, asked = time.monotonic(), 0.0
    waiting: list[Placed] = []
    deaf: list[Placed] = []
    for one in group:
        (deaf if one.domain.state == "suspended" else waiting).append(one)
    while waiting:
        elapsed = time.monotonic() - began
        if elapsed > timeout:
            break
        if elapsed >= asked:
            for one in waiting:
                _shut_down(one.domain)
            asked += _AGAIN
        for one in [one for one in waiting if _off(one.domain)]:
            report.note(one, "stopped")
            waiting.remove(one)
        report.operation.check_cancel()
        names = ", ".join(one.domain.name for one in waiting)
        report.operation.progress("guest.progress.waiting_for", names=names, seconds=round(elapsed))
        time.sleep(_LOOK if waiting else 0)
    return [*deaf, *waiting]


def _off(domain: domains.Domain) -> bool:
    """One that is stored nowhere is gone when it is off."""
    try:
        return not domain.active
    except InnkeeperError as error:
        if error.code == "guest.unknown":
            return True
        raise


def _shut_down(domain: domains.Domain) -> None:
    """One that refuses (its agent does not answer, or it is off by now) is looked at again and again anyway."""
    try:
        domain.shutdown()
    except OutcomeUnknown:
        raise
    except InnkeeperError:
        return


def _insist(one: Placed, then: str, report: _Report) -> None:
    """What becomes of one that did not power off."""
    domain = one.domain
    try:
        if _off(domain):
            report.note(one, "stopped")
        elif then == "leave":
            report.note(one, "left", "still running")
        elif then == "save" and changes.persistent(domain):
            _save_or_force(one, report)
        else:
            domain.destroy()
            report.note(one, "forced")
    except OutcomeUnknown:
        raise
    except InnkeeperError as error:
        report.note(one, "failed", str(error))


def _save_or_force(one: Placed, report: _Report) -> None:
    """What cannot be saved (a passed-through device) would be cut off by the host anyway."""
    try:
        save_watched(one.domain, report.operation)
        report.note(one, "saved")
    except (Conflict, Failed) as error:
        if report.operation.cancelled:
            raise
        one.domain.destroy()
        report.note(one, "forced", str(error))


def _each(group: list[Placed], deed: Callable[[Placed], None], operation: Operation) -> None:
    """Some at once; the first failure comes out when those under way are done."""
    if not group:
        return
    with ThreadPoolExecutor(min(_AT_ONCE, len(group))) as pool:
        try:
            for future in [pool.submit(deed, one) for one in group]:
                future.result()
        except KeyboardInterrupt:
            operation.cancel()  # a save under way looks out for it
            raise


def _check_start(host: Host, _request: HostStartGuests) -> list[list[Placed]]:
    found = domains.some(host.virt, changes.flagged(host.virt, "autostart"))
    return in_order(domain for domain in found if unmark(domain.name)[1] is None)


def _start(host: Host, _request: HostStartGuests, operation: Operation) -> GuestsReport:
    groups: list[list[Placed]] = operation.decided
    report = _Report(host, operation)
    with operation.step("start"):
        for number, group in enumerate(groups, 1):
            before = len(report.guests)
            _each(group, lambda one: _start_one(one, report), operation)
            fresh = any(guest.outcome in ("started", "woken") for guest in report.guests[before:])
            if fresh and number < len(groups):
                _pause(max(one.delay for one in group), operation)
    operation.finish()
    return report.view()


def _start_one(one: Placed, report: _Report) -> None:
    """A guest that does not start keeps no other from starting."""
    try:
        if one.domain.active:
            report.note(one, "running")
            return
        saved = one.domain.saved
        one.domain.start()
        report.note(one, "woken" if saved else "started")
    except OutcomeUnknown:
        raise
    except InnkeeperError as error:
        report.note(one, "failed", str(error))


def _pause(seconds: int, operation: Operation) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        operation.check_cancel()
        operation.progress("guest.progress.delaying", seconds=round(left))
        time.sleep(min(left, _LOOK))


def _all(_request: object) -> str:
    return "guests"


VERBS = {
    "host.stop_guests": Verb(
        "host.stop_guests",
        HostStopGuests,
        GuestsReport,
        _check_stop,
        _stop,
        steps=("stop",),
        target=_all,
        plan=plan_stop,
    ),
    "host.start_guests": Verb(
        "host.start_guests",
        HostStartGuests,
        GuestsReport,
        _check_start,
        _start,
        steps=("start",),
        target=_all,
        plan=plan_start,
    ),
}
