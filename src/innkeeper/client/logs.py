"""A guest's log, followed through a server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from innkeeper.client.following import GIVES_UP
from innkeeper.errors import NotFound, OutcomeUnknown, Unsupported
from innkeeper.schema.guest_screen import GuestLogs
from innkeeper.verbs import verb

if TYPE_CHECKING:
    from innkeeper.client.client import Client
    from innkeeper.schema.guest_screen import Logs, WhichLog

__all__ = ["follow"]


def follow(client: Client, name: str, which: WhichLog, offset: int, pause: float) -> Iterator[str]:
    """Its lines behind that many bytes, for ever; the server is asked each `pause` seconds. A server that stays away
    ends it, as does a guest that is gone."""
    heard = time.monotonic()
    while True:
        lines: tuple[str, ...] = ()
        try:
            found: Logs = verb("guest.logs").perform(client, GuestLogs(name=name, which=which, after=offset))
            lines, offset, heard = found.logs[0].lines, found.logs[0].size, time.monotonic()
        except NotFound as error:
            if error.code != "guest.log_missing":
                raise
        except (OutcomeUnknown, Unsupported):
            if time.monotonic() - heard > GIVES_UP:
                raise
        yield from lines
        if not lines:
            time.sleep(pause)
