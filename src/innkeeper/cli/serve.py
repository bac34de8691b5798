"""`inn serve`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli.framework import Option, command
from innkeeper.cli.output import say
from innkeeper.cli.types import Integer

if TYPE_CHECKING:
    from innkeeper.cli.session import Session

__all__ = ["serve"]


@command(
    "serve",
    Option(["--host", "address"], metavar="ADDRESS", default="127.0.0.1"),
    Option(["--port"], type=Integer(0, 65535), metavar="NUMBER", default=8006),
    planned=False,
)
def serve(session: Session, address: str, port: int) -> None:
    """Until it is told to end."""
    from innkeeper.server.serving import serve as run

    def ready(url: str) -> None:
        say(messages.text("cli.serve.ready", url=url))
        sys.stdout.flush()

    run(session.host_here().uri, address, port, ready)
