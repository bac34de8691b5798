"""Letting the file systems of a guest go on, and the deputy that sees to it when we die while they are frozen:

    python -m innkeeper.virt.thawing URI UUID RUN

RUN is the number of the guest's run (virDomainGetID): another run is not frozen.
"""

from __future__ import annotations

import sys

from innkeeper.errors import Conflict, NotFound
from innkeeper.virt import domains
from innkeeper.virt.agent import Agent
from innkeeper.virt.connection import Connection
from innkeeper.virt.deputies import serve

__all__ = ["LONGEST", "command", "thaw"]

LONGEST = 60.0
"""Seconds for which a guest may be frozen, also when whoever froze it hangs."""
_ANSWER = 10
"""Seconds that the agent has to answer."""


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


def command(uri: str, uuid: str, run: int) -> list[str]:
    """The command line of the deputy."""
    return [sys.executable, "-m", "innkeeper.virt.thawing", uri, uuid, str(run)]


def _main(uri: str, uuid: str, run: int) -> None:
    serve(uri, lambda connection: thaw(connection, uuid, run), LONGEST)


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
