"""`guest.cp` through a server: the files are of this computer, and travel by a command in the guest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from innkeeper.client.commands import FarShell
from innkeeper.guest.within import copying
from innkeeper.verbs import Plan, Unrecorded

if TYPE_CHECKING:
    from innkeeper.client.client import Client
    from innkeeper.operation import Reporter
    from innkeeper.schema.guest_agent import Copied, GuestCp
    from innkeeper.verbs import Verb

__all__ = ["perform", "planned"]


def perform(client: Client, verb: Verb[Any, Any], request: GuestCp, report: Reporter | None) -> Copied:
    """Packed and unpacked here, as by `guest.cp` on the host itself."""
    job = copying.Job(FarShell(client, request, files=True), copying.packs_of(request))
    operation: Any = Unrecorded(job, verb.target(request), report)
    return copying.copy(request, operation)


def planned(_client: Client, _verb: Verb[Any, Any], request: GuestCp) -> Plan:
    """What would travel; by which way, the server knows when it is asked to."""
    copying.packs_of(request)
    direction = "into" if request.to_guest else "out of"
    return Plan(
        [f"copy {', '.join(request.sources)} {direction} {request.name}, to {request.target}"], {}, []
    )
