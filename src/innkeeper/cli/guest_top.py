"""`inn top`: on a terminal a live table, else one table or JSON line after the other."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from innkeeper import messages
from innkeeper.cli.framework import Argument, Option, command
from innkeeper.cli.names import GUEST
from innkeeper.cli.output import clean, say, tell
from innkeeper.cli.rates_table import SORTS, Order, in_order, lines, silent
from innkeeper.cli.types import Choice, Integer, Seconds
from innkeeper.errors import Invalid, OutcomeUnknown, Unsupported

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.guest_screen import Rates, Top

__all__ = ["top"]

_INTERVAL = 1.0


@command(
    "top",
    Argument(["names"], nargs=-1, type=GUEST, metavar="[NAME…]"),
    Option(["--sort"], type=Choice(*SORTS)),
    Option(["--interval"], type=Seconds(), metavar="SECONDS"),
    Option(["--once"], is_flag=True),
    Option(["--count"], type=Integer(1, 1_000_000), metavar="N"),
)
def top(session: Session, names: tuple[str, ...], sort: str | None, once: bool, **fields: Any) -> None:
    """A rate is made of two looks: the first table comes after one interval."""
    interval, count = fields["interval"], fields["count"]
    if once and count is not None:
        raise Invalid("cli.top.once_count")
    order, pause = Order(sort or "cpu"), interval or _INTERVAL
    if once or session.dry_run:
        view: Top = session.look("guest.top", names=names, interval=interval)
        session.answer(view, lambda found: _print(found.guests, order))
        return
    only = _uuids(session, names)
    live = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    if live and not session.json and count is None:
        from innkeeper.cli.live_top import run

        run(session.where, only, order, pause)
    elif session.client is not None:
        _stream_far(session, only, order, pause, count)
    else:
        _stream(session, only, order, pause, count)


def _uuids(session: Session, names: tuple[str, ...]) -> tuple[str, ...]:
    """The guests that were named; a wrong name is refused before anything is drawn."""
    if not names:
        return ()
    session.check("guest.top", names=names)
    if session.client is not None:
        return names
    from innkeeper.guest.naming import find

    return tuple(find(session.host, name).uuid for name in names)


def _print(guests: Sequence[Rates], order: Order) -> None:
    if not guests:
        tell(messages.text("cli.top.none"))
        return
    say("\n".join(lines(in_order(guests, order))))
    if remark := silent(guests):
        tell(remark)


def _stream(session: Session, only: tuple[str, ...], order: Order, pause: float, count: int | None) -> None:
    """Table after table. A libvirtd that is restarted meanwhile is said, and waited for."""
    from innkeeper.guest.watching.rates import Sampler

    sampler, printed = Sampler(session.host), 0
    before: float | None = None
    away = False
    while True:
        began = time.monotonic()
        try:
            if away:
                session.host.reconnect()
            found = sampler.sample(only)
        except OutcomeUnknown as error:
            if not away:
                tell(messages.text("cli.top.lost", detail=clean(str(error))))
            before, away = None, True
        else:
            away = False
            if before is not None:
                _write(session, found, order, began - before)
                printed += 1
            before = began
        if printed == count:
            return
        time.sleep(max(0.0, began + pause - time.monotonic()))


def _stream_far(
    session: Session, only: tuple[str, ...], order: Order, pause: float, count: int | None
) -> None:
    """The same of a server, which looks twice for each table. While it is away that is said, and it is waited for."""
    from innkeeper.client.rates import FarSampler

    assert session.client is not None
    sampler, printed, away = FarSampler(session.client, pause), 0, False
    while printed != count:
        try:
            found = sampler.top(only)
        except (OutcomeUnknown, Unsupported) as error:
            if not away:
                tell(messages.text("cli.top.lost", detail=clean(str(error))))
            away = True
            time.sleep(pause)
        else:
            away = False
            _write(session, list(found.guests), order, found.interval)
            printed += 1


def _write(session: Session, found: list[Rates], order: Order, passed: float) -> None:
    """One table, or one line of JSON, at once: who reads it waits for it."""
    if session.json:
        import msgspec

        from innkeeper.schema.guest_screen import Top

        view = Top(at=time.time(), interval=round(passed, 3), guests=tuple(in_order(found, order)))
        say(msgspec.json.encode(view).decode())
    else:
        _print(found, order)
        say("")
    sys.stdout.flush()
