"""A guest's stored document, for whoever edits it elsewhere."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper.guest.changing.difference import masked
from innkeeper.guest.naming import find
from innkeeper.schema.guest_change import GuestDocument, StoredDocument
from innkeeper.verbs import Plan, Verb

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.virt import domains

__all__ = ["VERBS"]


def _check(host: Host, request: GuestDocument) -> domains.Domain:
    return find(host, request.name)


def _run(_host: Host, _request: GuestDocument, operation: Operation) -> StoredDocument:
    domain: domains.Domain = operation.decided
    return StoredDocument(name=domain.name, uuid=domain.uuid, document=masked(domain.xml()))


def _plan(_host: Host, _request: GuestDocument, domain: domains.Domain) -> Plan:
    name = shlex.quote(domain.name)
    return Plan([f"print the document of {domain.name}"], {}, [f"virsh dumpxml --inactive {name}"])


VERBS = {
    "guest.document": Verb("guest.document", GuestDocument, StoredDocument, _check, _run, plan=_plan),
}
