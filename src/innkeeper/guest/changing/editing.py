"""Replace a guest's stored document by an edited one.

libvirt validates it against its schema; where the document that is there already fails (libvirt once accepted it), it
is taken without, and that is said. What libvirt drops without a word (comments, and elements it does not know when it
does not validate) is named.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from innkeeper.errors import Conflict, Invalid, Unsupported
from innkeeper.guest import metadata
from innkeeper.guest.changing import culprit
from innkeeper.guest.changing.difference import masked, unified, unmasked
from innkeeper.guest.naming import find
from innkeeper.guest.watching.inspection import view
from innkeeper.libvirtxml import Domain
from innkeeper.schema.guest_change import Change, GuestChanges, GuestEdit
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import changes

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.virt import domains

__all__ = ["VERBS", "stored"]

_MOST = 4 * 1024 * 1024
"""Characters of a document: libvirt's own limit of a message (src/remote/remote_protocol.x, REMOTE_STRING_MAX)."""


@dataclass(frozen=True)
class Decided:
    """What an edit comes to."""

    domain: domains.Domain
    old: str
    new: str
    validate: bool
    dropped: tuple[str, ...]
    """comments, of which libvirt keeps none"""

    @property
    def difference(self) -> str:
        return unified(f"{self.domain.name}.xml", self.old, self.new)


def stored(host: Host, name: str) -> tuple[str, str]:
    """A guest's name and its stored document, with its secrets: what an editor begins from.

    Raises `NotFound`, and `Unsupported("guest.transient")` for one that is stored nowhere.
    """
    domain = _found(host, name)
    return domain.name, domain.xml()


def _found(host: Host, name: str) -> domains.Domain:
    domain = find(host, name)
    if not changes.persistent(domain):
        raise Unsupported("guest.transient", name=domain.name)
    return domain


def _check(host: Host, request: GuestEdit) -> Decided:
    domain = _found(host, request.name)
    if len(request.document) > _MOST:
        raise Invalid("guest.document_large", most=_MOST)
    old = domain.xml()
    if request.base is not None and not (_same(request.base, old) or _same(request.base, masked(old))):
        raise Conflict("guest.changed_meanwhile", name=domain.name)
    document = unmasked(request.document, old)
    new = Domain.from_xml(document)
    _refuse_identity(domain, new)
    if metadata.of_domain(domain).protected == "yes":
        _refuse_fewer_disks(domain, Domain.from_xml(old), new)
    validate = True
    refused = None if _same(document, old) else changes.fails_schema(document)
    if refused is not None:
        validate = changes.fails_schema(old) is None
        if validate:
            raise _refusal(domain.name, request.document, str(refused.facts.get("detail", ""))) from refused
    comments = tuple(f"<!--{str(node.text or '').strip()[:60]}-->" for node in new.node.iter(etree.Comment))
    return Decided(domain, old, document, validate, comments)


def _same(one: str, other: str) -> bool:
    return one.strip() == other.strip()


def _refuse_identity(domain: domains.Domain, new: Domain) -> None:
    """A name is changed by renaming, which sees to what hangs on it; a UUID is what a guest is."""
    if new.name != domain.name:
        raise Invalid("guest.edit_name", name=domain.name, new=new.name or "")
    if (new.uuid or "").lower() != domain.uuid:
        raise Invalid("guest.edit_uuid", name=domain.name, uuid=domain.uuid)


def _refuse_fewer_disks(domain: domains.Domain, old: Domain, new: Domain) -> None:
    gone = _disks(old) - _disks(new)
    if gone:
        raise Conflict("guest.protected_disks", name=domain.name, disks=", ".join(sorted(gone)))


def _text(word: str | bytes) -> str:
    """lxml's attributes are text, whatever its types say."""
    return word if isinstance(word, str) else word.decode()


def _disks(document: Domain) -> set[str]:
    """What its disks hold their data in; CDs and floppies come and go."""
    found = set()
    for disk in document.devices.disks:
        if disk.device in (None, "disk", "lun"):
            source = disk.node.find("source")
            said = sorted(source.attrib.items()) if source is not None else []
            found.add(
                " ".join(
                    f"{_text(key)}={_text(value)}"
                    for key, value in said
                    if key not in ("index", "startupPolicy")
                )
            )
    return found - {""}


def _run(host: Host, request: GuestEdit, operation: Operation) -> GuestChanges:
    found: Decided = operation.decided
    domain = found.domain
    with operation.step("define"):
        if not _same(found.new, found.old):
            if not _same(
                domain.xml(), found.old
            ):  # the last look before the deed; libvirt has no other guard
                raise Conflict("guest.changed_meanwhile", name=domain.name)
            _define(host, found, request.document)
    kept = domain.xml()
    return GuestChanges(
        name=domain.name,
        changes=_changes(found, domain),
        difference=found.difference,
        warnings=() if found.validate else ("guest.not_validated",),
        dropped=(*found.dropped, *_missing(found.new, kept)),
        guest=view(host, domain),
    )


def _define(host: Host, found: Decided, typed: str) -> None:
    try:
        changes.redefine(host.virt, found.new, found.domain.name, found.validate)
    except Invalid as error:
        if error.code != "libvirt.xml":
            raise
        raise _refusal(found.domain.name, typed, str(error.facts.get("detail", ""))) from error


def _refusal(name: str, typed: str, detail: str) -> Invalid:
    """libvirt's words, and the line of what was typed that they are about, where that is known."""
    found = culprit.find(typed, detail)
    where = {"line": found.line, "element": found.element} if found else {}
    return Invalid("libvirt.xml", name=name, detail=" ".join(detail.split()), **where)


def _changes(found: Decided, domain: domains.Domain) -> tuple[Change, ...]:
    if _same(found.new, found.old):
        return ()
    if domain.active:
        return (Change(what="document", before=None, after=None, when="next"),)
    if domain.saved:
        why, facts = "guest.next.saved", {"name": domain.name}
        return (Change(what="document", before=None, after=None, when="next", why=why, facts=facts),)
    return (Change(what="document", before=None, after=None, when="now"),)


def _missing(given: str, kept: str) -> tuple[str, ...]:
    """Elements that were handed in and are not in what libvirt has now, by their path."""
    had, has = _paths(given), _paths(kept)
    return tuple(path for path, count in had.items() if has.get(path, 0) < count)


def _paths(document: str) -> dict[str, int]:
    counted: dict[str, int] = {}
    root = Domain.from_xml(document).node
    tree = root.getroottree()
    for node in root.iter("*"):
        path = "/".join(part.partition("[")[0] for part in tree.getelementpath(node).split("/"))
        counted[path] = counted.get(path, 0) + 1
    return counted


def _plan(_host: Host, _request: GuestEdit, found: Decided) -> Plan:
    name = found.domain.name
    if _same(found.new, found.old):
        return Plan([f"nothing: {name} is so already"], {}, [])
    file = f"{name}.xml"
    summary = [f"replace the stored document of {name}"]
    summary += [f"libvirt keeps no comment: {comment}" for comment in found.dropped]
    validate = ["--validate"] if found.validate else []
    return Plan(
        summary,
        {file: masked(found.new, found.old)},
        [shlex.join(["virsh", "define", *validate, file])],
        {file: found.difference},
    )


VERBS = {
    "guest.edit": Verb("guest.edit", GuestEdit, GuestChanges, _check, _run, steps=("define",), plan=_plan)
}
