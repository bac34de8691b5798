"""`inn logs`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Literal

from innkeeper import messages
from innkeeper.cli import options
from innkeeper.cli.framework import Option, command
from innkeeper.cli.output import clean, moment, say, state, tell
from innkeeper.cli.types import Integer
from innkeeper.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from innkeeper.cli.session import Session
    from innkeeper.schema.guest_screen import Log, Logs, Stop

__all__ = ["logs"]

_HEADINGS = {"qemu": "cli.logs.of_qemu", "serial": "cli.logs.of_serial"}
_PAUSE = 0.5
"""Seconds between two looks at a log that is followed."""


@command(
    "logs",
    options.NAME,
    Option(["--serial"], is_flag=True),
    Option(["--qemu"], is_flag=True),
    Option(["-n", "--lines"], type=Integer(0, 1_000_000), metavar="N"),
    Option(["--since-start"], is_flag=True),
    Option(["-f", "--follow"], is_flag=True),
)
def logs(session: Session, serial: bool, qemu: bool, follow: bool, **fields: Any) -> None:
    """Why it last stopped, in words, then the ends of its logs."""
    if serial and qemu:
        raise Invalid("cli.logs.both")
    which = "serial" if serial else "qemu" if qemu else "all"
    view: Logs = session.look("guest.logs", which=which, **fields)
    if follow and session.json:
        for log in view.logs:
            _print_json(log.kind, list(log.lines))
    else:
        session.answer(view, _draw if which == "all" else _draw_alone)
    if follow:
        _follow(session, view)


def _draw_alone(view: Logs) -> None:
    for line in view.logs[0].lines:
        say(clean(line))
    if not view.logs[0].whole:
        tell(messages.text("cli.logs.start_unknown"))


def _draw(view: Logs) -> None:
    off = view.state == "stopped" and view.stop is not None
    say(f"{clean(view.name)}: {_why(view.state, view.stop.reason if view.stop and off else view.reason)}")
    if view.stop is not None:
        _draw_stop(view.stop, told=off)
    for log in view.logs:
        say("")
        _draw_log(log)


def _why(state_name: str, reason: str) -> str:
    """`stopped (it powered off)`, in words where there are some."""
    text_id = f"guest.why.{state_name}.{reason}"
    words = messages.text(text_id) if messages.has(text_id) else ""
    return f"{state(state_name)}: {words}" if words else state(state_name)


def _draw_stop(stop: Stop, told: bool) -> None:
    if not told:
        say("  " + messages.text("cli.logs.last_stop") + " " + _why("stopped", stop.reason))
    for label, value in (
        ("cli.logs.at", moment(stop.at)),
        ("cli.logs.last_words", stop.last_words),
        ("cli.logs.panic", stop.panic),
    ):
        if value:
            say(f"  {messages.text(label)} {clean(value)}")


def _draw_log(log: Log) -> None:
    if log.problem is not None:
        error = NotFound(log.problem, **log.facts)
        sys.stdout.flush()
        tell(clean(error.text()))
        tell(f"  → {clean(error.remedy())}")
        return
    say(messages.text(_HEADINGS[log.kind], path=clean(log.path or "-")))
    for line in log.lines:
        say(f"  {clean(line)}")
    if not log.whole:
        tell(messages.text("cli.logs.start_unknown"))


def _follow(session: Session, view: Logs) -> None:
    """The log that was asked for; QEMU's when none was. Until ^C."""
    log = view.logs[0]
    if log.problem is not None or log.path is None:
        raise NotFound(log.problem or "guest.log_missing", **log.facts)
    sys.stdout.flush()
    for line in _coming(session, view, log):
        if session.json:
            _print_json(log.kind, [line])
        else:
            say(clean(line))
        sys.stdout.flush()


def _coming(session: Session, view: Logs, log: Log) -> Iterator[str]:
    """What is written into it from now on."""
    if session.client is not None:
        from innkeeper.client.logs import follow as follow_far

        yield from follow_far(session.client, view.name, _kind(log), log.size, _PAUSE)
        return
    from innkeeper.guest.watching.log_files import follow, plain

    machine = session.host.machine
    if log.path is None or machine is None:
        raise NotFound("guest.log_missing", **log.facts)
    yield from map(plain, follow(machine, log.path, log.size, _PAUSE))


def _kind(log: Log) -> Literal["qemu", "serial"]:
    return "serial" if log.kind == "serial" else "qemu"


def _print_json(kind: str, lines: list[str]) -> None:
    for line in lines:
        say(json.dumps({"log": kind, "line": line}, ensure_ascii=False))
