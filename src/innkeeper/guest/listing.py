"""The list of guests, as a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.guest.rows import rows
from innkeeper.schema.guest import GuestList, GuestRow
from innkeeper.verbs import Plan, Verb

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS"]


def _check(_host: Host, _request: GuestList) -> None:
    """Looking is always allowed."""


def _run(host: Host, request: GuestList, _operation: Operation) -> list[GuestRow]:
    return [GuestRow(**row._asdict()) for row in rows(host, request.deleted, request.all)]


def _plan(_host: Host, _request: GuestList, _decided: None) -> Plan:
    return Plan(["list the guests"], {}, ["virsh list --all"])


VERBS = {"guest.list": Verb("guest.list", GuestList, list[GuestRow], _check, _run, plan=_plan)}
