"""`inn serve`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from innkeeper import messages
from innkeeper.cli.framework import Option, command
from innkeeper.cli.output import say, tell
from innkeeper.cli.types import Integer

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.server.serving import Ready

__all__ = ["serve"]


@command(
    "serve",
    Option(["--host", "address"], metavar="ADDRESS", default="127.0.0.1"),
    Option(["--port"], type=Integer(0, 65535), metavar="NUMBER", default=8006),
    Option(["--tls-cert", "cert"], type=click.Path(), metavar="FILE"),
    Option(["--tls-key", "key"], type=click.Path(), metavar="FILE"),
    planned=False,
)
def serve(session: Session, address: str, port: int, cert: str | None, key: str | None) -> None:
    """Until it is told to end."""
    from innkeeper.server.serving import Listen
    from innkeeper.server.serving import serve as run

    run(session.host_here().uri, Listen(address, port, cert, key), _tell)


def _is_journal(descriptor: int) -> bool:
    """Whether what is printed there goes to systemd's journal (systemd.exec(5), JOURNAL_STREAM): others read that, so
    that no link is told there."""
    there = os.fstat(descriptor)
    return os.environ.get("JOURNAL_STREAM") == f"{there.st_dev}:{there.st_ino}"


def _tell(ready: Ready) -> None:
    if _is_journal(1):
        say(messages.text("cli.serve.ready_service", url=ready.url))
    else:
        say(messages.text("cli.serve.ready", url=ready.link()))
    if ready.certificate is not None:
        facts = {"path": ready.certificate.certificate, "fingerprint": ready.certificate.fingerprint}
        tell(messages.text("cli.serve.certificate", **facts))
        if ready.certificate.own:
            tell(messages.text("cli.serve.trust", url=ready.url, **facts))
    sys.stdout.flush()
