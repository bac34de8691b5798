"""A guest's document that came by REST: what in it names something of the host has to be in the document that the guest
has already, in the same device, or be a volume that nobody else uses."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from lxml import etree

from innkeeper.errors import Denied
from innkeeper.guest import metadata
from innkeeper.guest.keeping.foreign import named
from innkeeper.guest.making.xml_edits import parse
from innkeeper.guest.naming import find
from innkeeper.libvirtxml import Domain
from innkeeper.server.confinement import volumes
from innkeeper.server.confinement.harmless import is_harmless

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["claims", "document", "edit", "judge"]

Claims = Counter[tuple[str, str, str]]
"""(path, attribute or `#` or `` for the element itself, value): what is not harmless by itself"""

_STEP = re.compile(r"([A-Za-z_][\w.-]*)(?:\[(?:@[\w.-]+=(?:'[^']*'|\"[^\"]*\")|\d+)\])?", re.ASCII)


def document(host: Host, request: Any, text: str) -> str:
    """The new document of a guest that is there.

    Raises `Denied("request.host_element")` naming the first device or element that it may not have, and what
    `Domain.from_xml` raises: a document type is refused there, and with it every entity.
    """
    new = Domain.from_xml(text)
    domain = find(host, request.name)
    judge(host, domain.name, Domain.from_xml(domain.xml()), new)
    return text


def judge(host: Host, name: str, old: Domain, new: Domain) -> None:
    """Whether a guest may have this document instead of that one. Raises `Denied("request.host_element")`."""
    _judge_rest(old, new)
    known = [(device.tag, claims(device)) for device in old.node.findall("devices/*")]
    for device in new.node.findall("devices/*"):
        wanted = claims(device)
        if not wanted:
            continue
        match = next((one for one in known if one[0] == device.tag and wanted <= one[1]), None)
        if match is not None:
            known.remove(match)
        elif not (device.tag == "disk" and volumes.is_own(host, name, device, _unit(wanted))):
            raise _refused(device)


def _judge_rest(old: Domain, new: Domain) -> None:
    """What is in no device."""
    before = sum((claims(child) for child in _outside(old)), Counter[tuple[str, str, str]]())
    for child in _outside(new):
        wanted = claims(child)
        if not wanted <= before:
            raise _refused(child)
        before -= wanted
    if _ours(old) != _ours(new):
        raise Denied("request.host_element", element="metadata innkeeper")


def _ours(domain: Domain) -> list[bytes]:
    """What we noted of the guest: which volumes were made for it, for one."""
    nodes = domain.node.findall(f"metadata/{{{metadata.NAMESPACE}}}*")
    return [etree.tostring(node, method="c14n", with_tail=False) for node in nodes]


def _outside(domain: Domain) -> list[etree._Element]:
    return [child for child in domain.node.iterchildren("*") if child.tag != "devices"]


def _refused(element: etree._Element) -> Denied:
    return Denied("request.host_element", element=named(element))


def claims(element: etree._Element) -> Claims:
    """What of an element of <domain>, or of a device, is not harmless."""
    base = "devices/" if getattr(element.getparent(), "tag", None) == "devices" else ""
    found: Claims = Counter()
    _walk(element, base + str(element.tag), found)
    if element.tag == "disk":
        _disk(element, found)
    if base and not found and not is_harmless(base + str(element.tag)):
        found[base + str(element.tag), "", ""] += 1
    return found


def _walk(element: etree._Element, path: str, found: Claims) -> None:
    if path == "devices/disk/source":
        return  # judged as a whole
    if not is_harmless(path):
        found[path, "", ""] += 1
    for name, value in element.attrib.items():
        if path == "devices/disk" and name == "type":
            continue  # of its source
        if path == "devices/disk/driver" and name == "type":
            continue
        if not is_harmless(path, str(name), str(value)):
            found[path, str(name), str(value)] += 1
    text = " ".join((element.text or "", *(child.tail or "" for child in element))).strip()
    if text and not is_harmless(path, "#", text):
        found[path, "#", text] += 1
    for child in element.iterchildren("*"):
        _walk(child, f"{path}/{child.tag}", found)


_SOURCE = "devices/disk/source"


def _disk(disk: etree._Element, found: Claims) -> None:
    """Its data is one claim: kind, source and format together, since the same file in another format can name others.
    That it may be written is another."""
    source = disk.find("source")
    if source is None:
        return
    node = etree.fromstring(etree.tostring(source, with_tail=False))
    for name in ("index", "startupPolicy"):
        node.attrib.pop(name, "")
    driver = disk.find("driver")
    kind = (driver.get("type") if driver is not None else None) or "raw"
    told = etree.tostring(node, method="c14n").decode()
    found[_SOURCE, "#", f"{disk.get('type', 'file')} {kind} {told}"] += 1
    if disk.find("readonly") is None and disk.get("device") != "cdrom":
        found[_SOURCE, "writable", ""] += 1


def _unit(wanted: Claims) -> Claims:
    """What is left when its data is judged by itself."""
    return Counter({claim: count for claim, count in wanted.items() if claim[0] != _SOURCE})


def edit(said: str) -> str:
    """One of the last changes to a new guest's document: along plain steps, to what is harmless; or something is taken
    out. Raises `Denied("request.host_element")`, and what the change itself raises."""
    change = parse(said)
    if change.value == "":
        return said
    steps = [] if change.way in ("", ".") else re.split(r"/(?![^\[]*\])", change.way)
    found = [_STEP.fullmatch(step) for step in steps]
    path = "/".join(match[1] for match in found if match)
    plain = all(found) and not path.startswith("metadata")
    what = change.attribute or (None if change.value is None else "#")
    driver = path == "devices/disk/driver" and what == "type"
    if not plain or driver or not is_harmless(path, what, change.value or ""):
        raise Denied("request.host_element", element=said)
    return said
