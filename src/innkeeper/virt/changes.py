"""Calls that change a domain while it runs, or what is stored of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import libvirt

from innkeeper.errors import Conflict, InnkeeperError
from innkeeper.virt.border import border, code_of
from innkeeper.virt.domains import REASONS

if TYPE_CHECKING:
    from innkeeper.virt.connection import Connection
    from innkeeper.virt.domains import Domain

__all__ = [
    "abort_job",
    "balloon",
    "describe",
    "discard_saved",
    "fails_schema",
    "flagged",
    "has_run",
    "job_fraction",
    "persistent",
    "plug_cpus",
    "reason",
    "redefine",
    "reset",
    "resume",
    "save",
    "set_live_metadata",
    "suspend",
]

_FLAGS = {
    "autostart": libvirt.VIR_CONNECT_LIST_DOMAINS_AUTOSTART,
    "saved": libvirt.VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE,
    "running": libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE,
}


def reason(domain: Domain) -> str | None:
    """Why it is in its present state, where that tells something: `restored`, `io_error`, `crashed` …"""
    with border(name=domain.name):
        state, why = domain.raw.state()
    return REASONS.get((state, why))


def has_run(domain: Domain) -> bool:
    """Whether it is off and was not always, as far as libvirt remembers: it forgets when it is restarted itself."""
    with border(name=domain.name):
        state, why = domain.raw.state()
    return bool(state == libvirt.VIR_DOMAIN_SHUTOFF and why != libvirt.VIR_DOMAIN_SHUTOFF_UNKNOWN)


def persistent(domain: Domain) -> bool:
    """Whether it is stored, so that it outlives its present run."""
    with border(name=domain.name):
        return bool(domain.raw.isPersistent())


def flagged(connection: Connection, what: str) -> set[str]:
    """UUIDs of all domains that have `autostart`, are `saved`, or `running`: one call for all of them."""
    with border():
        return {raw.UUIDString() for raw in connection.raw.listAllDomains(_FLAGS[what])}


def reset(domain: Domain) -> None:
    """As by its reset button."""
    with border(name=domain.name):
        domain.raw.reset()


def suspend(domain: Domain) -> None:
    """Its processors stop; its memory stays where it is."""
    with border(name=domain.name):
        domain.raw.suspend()


def resume(domain: Domain) -> None:
    """Go on: after `suspend`, an error of its disk, or when it put itself to sleep."""
    with border(name=domain.name):
        if domain.raw.state()[0] == libvirt.VIR_DOMAIN_PMSUSPENDED:
            domain.raw.pMWakeup()
        else:
            domain.raw.resume()


def save(domain: Domain) -> None:
    """Write its memory to disk and power it off; returns when it is written."""
    with border(name=domain.name):
        domain.raw.managedSave()


def abort_job(domain: Domain) -> None:
    """Break off what libvirt does to it at the moment; nothing under way is fine."""
    try:
        with border(name=domain.name):
            domain.raw.abortJob()
    except Conflict:
        return


def job_fraction(domain: Domain) -> float | None:
    """How much of a save is written, from 0 to 1; None when that is not known."""
    try:
        told: dict[str, Any] = domain.raw.jobStats()
    except libvirt.libvirtError:  # none under way any more: the call that does it says how it ended
        return None
    total = told.get("data_total") or 0
    return min(told.get("data_processed", 0) / total, 1.0) if total else None


def discard_saved(domain: Domain) -> None:
    """Forget its saved memory; none is fine."""
    if domain.saved:
        with border(name=domain.name):
            domain.raw.managedSaveRemove()


def plug_cpus(domain: Domain, count: int) -> None:
    """Give the running guest so many virtual CPUs."""
    with border(name=domain.name):
        domain.raw.setVcpusFlags(count, libvirt.VIR_DOMAIN_AFFECT_LIVE)


def balloon(domain: Domain, size: int) -> None:
    """Tell the running guest's balloon to leave it so many bytes; the guest follows when it can."""
    with border(name=domain.name):
        domain.raw.setMemoryFlags(size // 1024, libvirt.VIR_DOMAIN_AFFECT_LIVE)


def describe(domain: Domain, title: str | None, notes: str | None) -> None:
    """Title and description of the present run; None removes."""
    kinds = (
        (libvirt.VIR_DOMAIN_METADATA_TITLE, title),
        (libvirt.VIR_DOMAIN_METADATA_DESCRIPTION, notes),
    )
    with border(name=domain.name):
        for kind, text in kinds:
            domain.raw.setMetadata(kind, text, None, None, libvirt.VIR_DOMAIN_AFFECT_LIVE)


def set_live_metadata(domain: Domain, namespace: str, prefix: str, text: str | None) -> None:
    """The element of that namespace in the present run."""
    kind, live = libvirt.VIR_DOMAIN_METADATA_ELEMENT, libvirt.VIR_DOMAIN_AFFECT_LIVE
    with border(name=domain.name):
        domain.raw.setMetadata(kind, text, prefix, namespace, live)


def redefine(connection: Connection, document: str, name: str, validate: bool) -> None:
    """Replace the stored document of a domain. Raises `Invalid("libvirt.xml")`, with nothing changed."""
    flags = libvirt.VIR_DOMAIN_DEFINE_VALIDATE if validate else 0
    with border(name=name):
        connection.raw.defineXMLFlags(document, flags)


def fails_schema(document: str) -> InnkeeperError | None:
    """What the schema of this computer's libvirt has against a document; None when nothing.

    libvirt has no call that only validates. Its test driver does so before it does anything else with a document, in
    this process and with nobody's guests (src/conf/domain_conf.c, virDomainDefParseNode).
    """
    from innkeeper.libvirtxml import Domain as Document  # `inn list` needs none of this

    flags = libvirt.VIR_DOMAIN_DEFINE_VALIDATE
    view = Document.from_xml(document)
    view.uuid = str(uuid4())  # that driver's world is one for all of a process
    view.name = f"check-{view.uuid}"
    raw = libvirt.open("test:///default")
    try:
        with border(name=""):
            made = raw.defineXMLFlags(view.to_xml(), flags)
            made.undefine()
    except InnkeeperError as error:
        return error if code_of(error) == libvirt.VIR_ERR_XML_INVALID_SCHEMA else None
    finally:
        raw.close()
    return None
