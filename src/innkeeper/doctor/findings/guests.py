"""Guests: whether the order in which they are to start with the host is kept by anybody."""

from __future__ import annotations

from innkeeper.doctor.finding import Check, Found, Site
from innkeeper.doctor.repairs import Repair
from innkeeper.guest import metadata
from innkeeper.guest.running import units
from innkeeper.libvirtxml import Domain
from innkeeper.schema.names import unmark
from innkeeper.virt import domains

__all__ = ["CHECKS"]


def _order(site: Site) -> Found:
    if site.virt is None:
        return Found("unknown", "guests.order.unseen")
    names = _ordered(site)
    if not names:
        return Found("ok", "guests.order.none")
    facts: dict[str, object] = {"guests": ", ".join(names)}
    if not site.exists("/etc/systemd/system"):
        return Found("advice", "guests.order.no_systemd", facts)
    inn = units.program(site.machine)
    if inn is None:
        return Found("problem", "guests.order.no_program", facts)
    wanted = units.texts(inn)
    if all(site.read(path) == text for path, text in wanted.items()) and all(
        _linked(site, link) for link in units.LINKS
    ):
        return Found("ok", "guests.order.kept", facts)
    value = wanted | {link: f"-> {target}" for link, target in units.LINKS.items()}
    repair = Repair("guest_units", "innkeeper-guests", value)
    return Found("problem", "guests.order.not_kept", facts, "inn host setup --only guests.order", (repair,))


def _linked(site: Site, path: str) -> bool:
    """Whether the link is there; where it leads is the same everywhere."""
    folder, _, name = path.rpartition("/")
    return name in site.list(folder)


def _ordered(site: Site) -> list[str]:
    assert site.virt is not None
    documents = domains.all_documents(site.virt)
    return sorted(
        name
        for name, text in documents.items()
        if metadata.NAMESPACE in text
        and unmark(name)[1] is None
        and metadata.number(metadata.read(Domain.from_xml(text)).start_order) is not None
    )


CHECKS = (Check("guests.order", _order),)
