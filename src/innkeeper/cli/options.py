"""Parameters that several commands take."""

from __future__ import annotations

from innkeeper.cli.framework import Argument, Option
from innkeeper.cli.names import DELETED, GUEST
from innkeeper.cli.types import Choice, Seconds

__all__ = ["DELETED_NAME", "FORCE", "NAME", "OVERCOMMIT", "TIMEOUT", "WAIT", "WAITS"]

WAITS = ("none", "running", "boot", "agent", "ip")

NAME = Argument(["name"], type=GUEST)
DELETED_NAME = Argument(["name"], type=DELETED)
FORCE = Option(["--force"], is_flag=True)
WAIT = Option(["--wait"], type=Choice(*WAITS))
OVERCOMMIT = Option(["--overcommit"], is_flag=True)
TIMEOUT = Option(["--timeout"], type=Seconds(), metavar="SECONDS")
