"""The list of guests, as a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from innkeeper.guest import metadata
from innkeeper.guest.watching.rows import rows
from innkeeper.libvirtxml import Domain
from innkeeper.schema.guest import GuestList, GuestRow
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import domains

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS"]


def _check(_host: Host, _request: GuestList) -> None:
    """Looking is always allowed."""


def _run(host: Host, request: GuestList, _operation: Operation) -> list[GuestRow]:
    found = [GuestRow(**row._asdict()) for row in rows(host, request.deleted, request.all)]
    return [row for one in found if (row := _long(host, one))] if request.long else found


def _long(host: Host, row: GuestRow) -> GuestRow | None:
    """With what only its document tells; None when it is gone by now."""
    domain = domains.find(host.virt, row.uuid)
    if domain is None:
        return None
    document = Domain.from_xml(domain.xml())
    facts = metadata.read(document)
    return msgspec.structs.replace(
        row,
        autostart=domain.autostart,
        start_order=metadata.number(facts.start_order),
        protected=facts.protected == "yes",
        labels=facts.labels,
        title=document.title,
    )


def _plan(_host: Host, _request: GuestList, _decided: None) -> Plan:
    return Plan(["list the guests"], {}, ["virsh list --all"])


VERBS = {"guest.list": Verb("guest.list", GuestList, list[GuestRow], _check, _run, plan=_plan)}
