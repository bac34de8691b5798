"""Calls before and at a guest's first boot."""

from __future__ import annotations

import libvirt

from innkeeper.virt.border import border, translated
from innkeeper.virt.connection import Connection
from innkeeper.virt.domains import Domain

__all__ = ["boot_once", "most_memory", "promised_memory", "refuse_document"]


def most_memory(domain: Domain) -> int:
    """Bytes that a guest may take when it runs."""
    with border(name=domain.name):
        return int(domain.raw.info()[1]) * 1024


def promised_memory(connection: Connection) -> int:
    """Bytes that all running guests together may take."""
    with border():
        running = connection.raw.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)
    total = 0
    for raw in running:
        try:
            total += int(raw.info()[1]) * 1024
        except libvirt.libvirtError as error:
            if error.get_error_code() != libvirt.VIR_ERR_NO_DOMAIN:  # it went away meanwhile
                raise translated(error, {}) from error
    return total


def boot_once(connection: Connection, document: str, name: str) -> None:
    """Start a guest that is off by this document, of its name and UUID, for this one run. What is stored stays, and
    holds again when the run ends (src/conf/virdomainobjlist.c, virDomainObjAssignDef)."""
    with border(name=name):
        connection.raw.createXML(document, libvirt.VIR_DOMAIN_START_VALIDATE)


def refuse_document(connection: Connection, document: str, name: str) -> None:
    """Raises what a define would raise for this document, but for the schema; nothing is defined."""
    with border(name=name):
        connection.raw.domainXMLToNative("qemu-argv", document, 0)
