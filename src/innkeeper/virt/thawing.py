"""Letting the file systems of a guest go on, and the deputy that sees to it when we die while they are frozen:

    python -m innkeeper.virt.thawing URI UUID RUN

RUN is the number of the guest's run (virDomainGetID): another run is not frozen.
"""

from __future__ import annotations

import sys
import time

from innkeeper.errors import Conflict, InnkeeperError, NotFound
from innkeeper.machine.deputy import needed
from innkeeper.virt import domains
from innkeeper.virt.agent import Agent
from innkeeper.virt.connection import Connection

__all__ = ["LONGEST", "command", "thaw", "thaw_persistently"]

LONGEST = 60.0
"""Seconds for which a guest may be frozen, also when whoever froze it hangs."""
_ANSWER = 10
"""Seconds that the agent has to answer."""
_PAUSE = 0.5
_PATIENCE = 600.0
"""Seconds for which the deputy tries."""


def thaw(connection: Connection, uuid: str, run: int) -> bool:
    """Let the guest write again; True when it was frozen. A guest that has ended since is fine, as is one that is not
    frozen. Raises what the agent's silence raises."""
    try:
        domain = domains.lookup(connection, uuid)
        if domain.id != run:
            return False
        return int(Agent(domain).call("guest-fsfreeze-thaw", None, _ANSWER)) > 0
    except (NotFound, Conflict):  # it went away, or off, in this moment
        return False


def thaw_persistently(uri: str, uuid: str, run: int, patience: float = _PATIENCE) -> None:
    """The same, over a connection of its own, again and again until somebody answers."""
    deadline = time.monotonic() + patience
    while True:
        try:
            thaw(Connection(uri), uuid, run)
        except InnkeeperError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return


def command(uri: str, uuid: str, run: int) -> list[str]:
    """The command line of the deputy."""
    return [sys.executable, "-m", "innkeeper.virt.thawing", uri, uuid, str(run)]


def _main(uri: str, uuid: str, run: int) -> None:
    Connection(uri).close()
    if needed(LONGEST):
        thaw_persistently(uri, uuid, run)


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
