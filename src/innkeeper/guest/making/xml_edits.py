"""Last changes to the document of a new guest, as `--xml` says them.

    ./cpu/@mode=host-model            sets an attribute, made where it is missing
    ./title=Web server                sets a text
    ./devices/rng=                    removes all that it names; `./os/loader/@secure=` one attribute
    ./features/vmcoreinfo             an element without anything in it, made where it is missing
    ./devices/disk[@device='cdrom']/source/@file=/srv/x.iso

The part before `=` is XPath, from `<domain>` on. What is to be set has to be one thing: where several match, a
predicate says which. What is missing is made along plain steps, `tag` or `tag[@name='value']`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from innkeeper.errors import Conflict, InnkeeperError, Invalid
from innkeeper.libvirtxml import Domain, build, tree
from innkeeper.libvirtxml import path as paths
from innkeeper.machine import LocalMachine
from innkeeper.virt import booting, domains

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["apply", "parse", "refuse"]

_NAME = r"(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*"
_PLAIN = re.compile(rf"{_NAME}(?:\[@{_NAME}=(?:'[^']*'|\"[^\"]*\")\])?")
_ATTRIBUTE = re.compile(rf"(?P<way>.*?)/?@(?P<name>{_NAME})")
_SCHEMA = "/usr/share/libvirt/schemas/domain.rng"
"""Of the libvirt of this computer; another host's may know more."""
_OURS = ("name", "uuid", "metadata")
"""What finds the guest again, and says what was made for it."""


class _Edit(NamedTuple):
    said: str
    way: str
    attribute: str
    value: str | None
    """None makes an empty element, an empty text removes"""


def apply(document: Domain, edits: Sequence[str]) -> None:
    """Make these changes.

    Raises `Invalid`: `guest.xml_path`, `guest.xml_nothing`, `guest.xml_several`, `guest.xml_value`, `guest.xml_ours`.
    """
    ours = _ours(document)
    for said in edits:
        edit = parse(said)
        if edit.value == "":
            _remove(document, edit)
        else:
            _set(document, edit)
        if _ours(document) != ours:
            raise Invalid("guest.xml_ours", edit=said)


def _ours(document: Domain) -> list[bytes]:
    nodes = [node for tag in _OURS for node in document.node.iterchildren(tag)]
    return [etree.tostring(node, with_tail=False) for node in nodes]


def parse(said: str) -> _Edit:
    """Split at the first `=` outside brackets and quotes."""
    depth, quote, at = 0, "", -1
    for number, character in enumerate(said):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"" and depth:
            quote = character
        elif character in "[(":
            depth += 1
        elif character in "])":
            depth -= 1
        elif character == "=" and depth == 0:
            at = number
            break
    path, value = (said[:at], said[at + 1 :]) if at >= 0 else (said, None)
    path = path.strip().removeprefix("/domain/").removeprefix("./")
    found = _ATTRIBUTE.fullmatch(path)
    way, attribute = (found["way"] or ".", found["name"]) if found else (path, "")
    if not path or (attribute and value is None):
        raise Invalid("guest.xml_path", edit=said)
    return _Edit(said, way, attribute, value)


def _matches(document: Domain, edit: _Edit) -> list[etree._Element]:
    try:
        found = document.node.xpath(edit.way, namespaces=dict(build.NAMESPACES))
    except etree.XPathError as error:
        raise Invalid("guest.xml_path", edit=edit.said) from error
    nodes = [
        node
        for node in (found if isinstance(found, list) else ())
        if isinstance(node, etree._Element) and isinstance(node.tag, str)
    ]
    if not isinstance(found, list) or len(nodes) != len(found):
        raise Invalid("guest.xml_path", edit=edit.said)
    return nodes


def _remove(document: Domain, edit: _Edit) -> None:
    found = _matches(document, edit)
    if edit.attribute:
        found = [node for node in found if node.get(build.qualified(edit.attribute)) is not None]
    if not found or (document.node in found and not edit.attribute):
        raise Invalid("guest.xml_nothing", edit=edit.said)
    for node in found:
        if edit.attribute:
            build.drop_attribute(node, build.qualified(edit.attribute))
        else:
            tree.remove(node)


def _set(document: Domain, edit: _Edit) -> None:
    found = _matches(document, edit)
    if len(found) > 1:
        raise Invalid("guest.xml_several", edit=edit.said, count=len(found))
    node = found[0] if found else _make(document, edit)
    if node is document.node and not edit.attribute:
        raise Invalid("guest.xml_path", edit=edit.said)
    try:
        if edit.attribute and edit.value is not None:
            build.set_attribute(node, build.qualified(edit.attribute), edit.value)
        elif edit.value is not None:
            tree.set_text(node, build.checked(edit.value))
    except InnkeeperError as error:
        raise Invalid("guest.xml_value", edit=edit.said) from error


def _make(document: Domain, edit: _Edit) -> etree._Element:
    """The element at the end of the path, made below what is there of it. What is made has to be plain."""
    steps = re.split(r"/(?![^\[]*\])", edit.way)
    for there in range(len(steps) - 1, -1, -1):
        found = _matches(document, edit._replace(way="/".join(steps[:there]) or "."))
        if len(found) > 1:
            raise Invalid("guest.xml_several", edit=edit.said, count=len(found))
        if found:
            break
    missing = steps[there:]
    prefixes = {step.partition(":")[0] for step in missing if ":" in step.partition("[")[0]}
    if not all(map(_PLAIN.fullmatch, missing)) or not prefixes <= set(build.NAMESPACES):
        raise Invalid("guest.xml_nothing", edit=edit.said)
    return paths.ensure(found[0], paths.path("/".join(missing).replace('"', "'")).steps)


def refuse(host: Host, before: Domain, edits: Sequence[str]) -> None:
    """Judge the changes to a document before anything is made of it.

    Raises `Invalid("guest.xml_volume")` when a volume that would be made for it is not used any more,
    `Conflict("guest.disk_used")` for a disk that another guest has, `Invalid("guest.xml_schema")`, and libvirt's own
    refusal.
    """
    after = Domain(deepcopy(before.node))
    apply(after, edits)
    told, wanted = _places(before), _places(after)
    for place in sorted(told - wanted):
        raise Invalid("guest.xml_volume", volume=place)
    fresh = wanted - told
    if fresh:
        for name, text in domains.all_documents(host.virt).items():
            for place in sorted(fresh & _places(Domain.from_xml(text))):
                raise Conflict("guest.disk_used", disk=place, name=name)
    if isinstance(host.machine, LocalMachine) and host.machine.files.exists(_SCHEMA):
        _refuse_unknown(before, edits)
    booting.refuse_document(host.virt, after.to_xml(), after.name or "")


def _refuse_unknown(before: Domain, edits: Sequence[str]) -> None:
    """libvirt's schema judges too when the document is defined, but does not say what it is that it does not know. A
    change is to blame when the document is wrong from there on."""
    schema, document, blamed = etree.RelaxNG(file=_SCHEMA), Domain(deepcopy(before.node)), ""
    for edit in edits:
        apply(document, [edit])
        valid = schema.validate(document.node)
        blamed = "" if valid else blamed or edit
    if blamed:
        raise Invalid("guest.xml_schema", edit=blamed)


def _places(document: Domain) -> set[str]:
    """Where its disks are: paths, and volumes by their pool. CDs may be shared."""
    disks = [disk for disk in document.devices.disks if disk.device in (None, "disk", "lun")]
    found = {
        disk.source.path or f"{disk.source.pool}/{disk.source.volume}" for disk in disks if disk.source.exists
    }
    return found - {"None/None"}
