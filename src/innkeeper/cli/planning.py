"""`--dry-run` and `--explain`: what a verb would do, and the commands that amount to the same."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli.output import say

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.verbs import Plan

__all__ = ["show"]


def show(planned: Plan, session: Session, everything: bool) -> None:
    """Print summary, differences and documents, and with `everything` the commands too, which take edited documents
    whole."""
    if session.json:
        from innkeeper.schema.base import to_json

        sys.stdout.write(to_json(planned).decode() + "\n")
        return
    if session.dry_run and not (planned.summary or planned.documents or planned.commands):
        say(messages.text("cli.plan.nothing"))
        return
    for line in planned.summary if session.dry_run else ():
        say(line)
    for name, difference in planned.differences.items():
        say("")
        say(messages.text("cli.plan.difference", name=name))
        say(difference.rstrip("\n"))
    for name, document in planned.documents.items():
        if name in planned.differences and not everything:
            continue
        say("")
        say(messages.text("cli.plan.document", name=name))
        say(document.rstrip("\n"))
    if not everything:
        return
    say("")
    say(messages.text("cli.plan.commands" if planned.commands else "cli.plan.no_commands"))
    for line in planned.commands:
        say(f"  {line}")
