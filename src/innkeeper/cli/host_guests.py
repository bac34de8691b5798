"""`inn host stop-guests` and `inn host start-guests`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from innkeeper import messages
from innkeeper.cli import options
from innkeeper.cli.framework import Option, command
from innkeeper.cli.output import clean, say, table, tell
from innkeeper.cli.types import Choice

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.guest_change import GuestsReport

__all__ = ["start_guests", "stop_guests"]

BAD = ("left", "failed")
"""Outcomes that make the exit code 1."""


@command(
    "host.stop_guests",
    options.TIMEOUT,
    Option(["--then"], type=Choice("save", "force", "leave")),
)
def stop_guests(session: Session, timeout: float | None, then: str | None) -> None:
    _do(session, session.change("host.stop_guests", timeout=timeout, then=then))


@command("host.start_guests")
def start_guests(session: Session) -> None:
    _do(session, session.change("host.start_guests"))


def _do(session: Session, view: GuestsReport | None) -> None:
    session.answer(view, _draw)
    if view is not None and any(guest.outcome in BAD for guest in view.guests):
        sys.stdout.flush()
        raise click.exceptions.Exit(1)


def _draw(report: GuestsReport) -> None:
    if not report.guests:
        tell(messages.text("cli.host.guests_none"))
        return
    rows = [
        [
            guest.name,
            "-" if guest.order is None else str(guest.order),
            messages.text(f"cli.outcome.{guest.outcome}"),
            f"{guest.seconds:.0f}",
        ]
        for guest in report.guests
    ]
    table(["name", "order", "outcome", "after"], rows, right=("order", "after"))
    for guest in report.guests:
        if guest.reason:
            say(clean(f"{guest.name}: {guest.reason}"))
