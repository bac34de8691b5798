"""`inn host check` and `inn host setup`: what the doctor found, as a page to read."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from innkeeper import messages
from innkeeper.cli.framework import Option, command
from innkeeper.cli.help import columns, wrap
from innkeeper.cli.output import clean, pad, say, width
from innkeeper.cli.types import Kind

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.host import FindingView, HostReport, RepairView, SetupReport

__all__ = ["check", "setup"]

MARKS = {"ok": "✓", "advice": "i", "problem": "✗", "unknown": "?"}
COLOURS = {"ok": "32", "advice": "36", "problem": "31", "unknown": "33"}
"""SGR parameters (ECMA-48): green, cyan, red, yellow."""
TOLD = {
    "done": "cli.host.done",
    "undone": "cli.host.undone",
    "failed": "cli.host.failed",
    "left": "cli.host.left_alone",
}
PROBLEM = 1
"""Exit code of a check when a problem exists, and of a setup when it left one that it knows how to repair."""
LIBVIRT = "daemon.libvirt"
"""While it is a problem, most of what others would show is unknown for that one reason."""


class Finding(Kind):
    """An id of a finding, or an area of them."""

    name = "id"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        from innkeeper.doctor.areas import AREAS, all_checks

        known = [*AREAS, *(check.id for check in all_checks())]
        return [CompletionItem(one) for one in known if one.startswith(incomplete)]


ONLY = Option(["--only"], multiple=True, type=Finding(), metavar="ID")


@command("host.check", ONLY)
def check(session: Session, only: tuple[str, ...]) -> None:
    view = session.look("host.check", only=only or None)
    session.answer(view, lambda report: _draw(report, _is_root(session)))
    if view is not None:
        _leave(any(finding.status == "problem" for finding in view.findings))


@command("host.setup", ONLY, Option(["--undo"], is_flag=True))
def setup(session: Session, only: tuple[str, ...], undo: bool) -> None:
    view = session.change("host.setup", only=only or None, undo=undo)
    session.answer(view, _draw_setup)
    if view is not None:
        failed = any(repair.outcome == "failed" for repair in view.repairs)
        _leave(failed or any(one.status == "problem" and one.repairable for one in view.findings))


def _is_root(session: Session) -> bool:
    """A server says itself what it may not do."""
    if session.client is not None:
        return True
    return session.host.machine is not None and session.host.machine.is_root


def _leave(bad: bool) -> None:
    if bad:
        sys.stdout.flush()
        raise click.exceptions.Exit(PROBLEM)


def _draw(report: HostReport, is_root: bool) -> None:
    say(clean(messages.text("cli.host.report", host=report.host, uri=report.uri)))
    _draw_findings(report.findings)
    counts = dict.fromkeys(MARKS, 0)
    for finding in report.findings:
        counts[finding.status] += 1
    say("")
    say(messages.text("cli.host.counts", **counts))
    repairable = sum(one.repairable and one.status == "problem" for one in report.findings)
    if repairable:
        say(messages.text("cli.host.repairable", count=repairable))
    if not is_root and any(one.remedy for one in report.findings):
        say(messages.text("cli.host.for_root"))


def _draw_findings(findings: tuple[FindingView, ...]) -> None:
    room = max((width(finding.id) for finding in findings), default=0)
    away = any(one.id == LIBVIRT and one.status == "problem" for one in findings)
    unseen = [one for one in findings if away and one.status == "unknown" and "host.check" not in one.text]
    for finding in findings:
        if finding in unseen:
            continue
        mark = _coloured(MARKS[finding.status], finding.status)
        lines = wrap(clean(messages.text(finding.text, **finding.facts)), max(columns() - room - 5, 30))
        say(f"{mark} {pad(finding.id, room)}  {lines[0].strip()}")
        indent = " " * (room + 4)
        for line in lines[1:]:
            say(indent + line.strip())
        if finding.status != "ok":
            _draw_remedy(finding, indent)
    if unseen:
        told = messages.text("cli.host.unseen", ids=", ".join(dict.fromkeys(one.id for one in unseen)))
        for number, line in enumerate(wrap(told, columns() - 2)):
            say((_coloured(MARKS["unknown"], "unknown") if number == 0 else " ") + " " + line.strip())


def _draw_remedy(finding: FindingView, indent: str) -> None:
    for part in ("means", "remedy"):
        text_id = f"{finding.text}.{part}"
        if messages.has(text_id):
            lines = wrap(
                clean(messages.text(text_id, **finding.facts)), max(columns() - width(indent) - 3, 30)
            )
            arrow = "→ " if part == "remedy" and finding.remedy is None else ""
            for number, line in enumerate(lines):
                say(indent + (arrow if number == 0 else " " * len(arrow)) + line.strip())
    if finding.remedy is not None:
        say(f"{indent}→ {clean(finding.remedy)}")


def _draw_setup(report: SetupReport) -> None:
    for repair in report.repairs:
        say(_told(repair))
    if not report.repairs:
        say(messages.text("cli.host.nothing_done"))
    left = tuple(one for one in report.findings if one.status in ("problem", "unknown"))
    if left:
        say("")
        say(messages.text("cli.host.left"))
        _draw_findings(left)


def _told(repair: RepairView) -> str:
    what = messages.text(f"host.kind.{repair.kind}")
    facts = {"finding": repair.finding, "what": what, "key": repair.key, "reason": repair.reason}
    return clean(messages.text(TOLD[repair.outcome], **facts))


def _coloured(text: str, status: str) -> str:
    """On a terminal that has colours, and for a person who wants them (https://no-color.org)."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") in (None, "dumb") or not sys.stdout.isatty()
    return text if plain else f"\x1b[{COLOURS[status]}m{text}\x1b[0m"
