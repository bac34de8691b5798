"""Where in a document that is wrong which libvirt's words are about: they name no line, and often only a whole section.

libvirt's schema is asked again of the document without this or that part: the smallest part without which nothing is
wrong is the one. Where that does not tell (several things are wrong, libvirt's schema is not on this computer, the
schema has nothing against it) it is the element that libvirt names, when there is one.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from lxml import etree

from innkeeper.errors import InnkeeperError
from innkeeper.libvirtxml.parse import parse
from innkeeper.machine import local

__all__ = ["Culprit", "find"]

_SCHEMA = re.compile(r"against (/\S+\.rng)")
"""libvirt says which one it took."""
_NAMED = (
    re.compile(r"attribute '?(?P<attribute>[\w:.-]+)'? (?:for|in) element '?(?P<element>[\w:.-]+)"),
    re.compile(r"(?:Extra element|Did not expect element|extra content:|[Ee]lement) '?(?P<element>[\w:.-]+)"),
)
_MOST = 600
"""Questions to the schema: a second or two."""


class Culprit(NamedTuple):
    line: int
    element: str


def find(document: str, detail: str) -> Culprit | None:
    """The element that is wrong, by its line; None where nobody knows. `detail` is what libvirt said."""
    try:
        root = parse(document, "domain")
    except InnkeeperError:
        return None
    schema = _schema(detail)
    node = _reduced(root, schema) if schema is not None else None
    if node is None:
        node = _named(root, detail)
    if node is None:
        return None
    line: Any = node.sourceline
    return Culprit(line, str(node.tag))


def _schema(detail: str) -> etree.RelaxNG | None:
    said = _SCHEMA.search(detail)
    if said is None or not local().files.exists(said[1]):
        return None
    try:
        return etree.RelaxNG(file=said[1])
    except etree.RelaxNGError:
        return None


def _reduced(root: etree._Element, schema: etree.RelaxNG) -> etree._Element | None:
    """The deepest element without which, or without an attribute of which, all is right."""
    left = _MOST

    def valid() -> bool:
        nonlocal left
        left -= 1
        return left > 0 and bool(schema.validate(work))

    work = copy.deepcopy(root)  # lines are those of the original
    if valid():
        return None
    found = None
    while (child := _guilty(work if found is None else found, valid)) is not None:
        found = child
    if found is None:
        return None
    with_attribute = next((node for node in found.iter("*") if _attribute(node, valid)), found)
    return _twin(root, work, with_attribute)


def _guilty(parent: etree._Element, valid: Callable[[], bool]) -> etree._Element | None:
    """The child that is wrong, or holds what is. Of several the last: all before it may be wrong too."""
    children = _elements(parent)
    if not _without(parent, children, valid):  # some of them are needed
        return next((child for child in children if _without(parent, [child], valid)), None)
    right, wrong = len(children), 0
    while right - wrong > 1:  # without the first `right` all is right, without the first `wrong` it is not
        middle = (right + wrong) // 2
        if _without(parent, children[:middle], valid):
            right = middle
        else:
            wrong = middle
    return children[right - 1] if children else None


def _attribute(node: etree._Element, valid: Callable[[], bool]) -> bool:
    """Whether all is right without one of its attributes."""
    kept: dict[str | bytes, str | bytes] = dict(node.attrib.items())
    try:
        for name in kept:
            del node.attrib[name]
            if valid():
                return True
            node.attrib.update(kept)
        return False
    finally:
        node.attrib.clear()
        node.attrib.update(kept)


def _without(parent: etree._Element, children: list[etree._Element], valid: Callable[[], bool]) -> bool:
    """Whether all is right without these; they are put back where they were."""
    kept = list(parent)
    for child in children:
        tail, child.tail = child.tail, None
        parent.remove(child)
        child.tail = tail
    try:
        return valid()
    finally:
        parent[:] = kept


def _elements(parent: etree._Element) -> list[etree._Element]:
    return list(parent.iterchildren("*"))


def _twin(root: etree._Element, work: etree._Element, node: etree._Element) -> etree._Element | None:
    """The same element of the original."""
    found = root.getroottree().xpath(work.getroottree().getpath(node))
    return found[0] if isinstance(found, list) and found and isinstance(found[0], etree._Element) else None


def _named(root: etree._Element, detail: str) -> etree._Element | None:
    """The one element that libvirt's words name: with the attribute that they name, where they do."""
    for line in detail.splitlines():
        for pattern in _NAMED:
            said = pattern.search(line)
            if said is None or said["element"] == root.tag:
                continue
            there = [
                node for node in root.iter(said["element"]) if _has(node, said.groupdict().get("attribute"))
            ]
            if there:
                return there[0]
    return None


def _has(node: etree._Element, attribute: str | None) -> bool:
    return attribute is None or attribute in node.attrib
