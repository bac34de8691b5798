"""Reading libvirt's RELAX NG schemas: what may stand in an element, with references, includes and overrides
resolved.

Only as much of RELAX NG as libvirt's schemas use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lxml import etree

SCHEMAS = Path("/usr/share/libvirt/schemas")
"""They come with libvirt's library, so they are wherever Innkeeper is."""

ABSENT = ""
"""Stands for an attribute that is not there, where a value of it is asked for."""

_NS = "{http://relaxng.org/ns/structure/1.0}"


@dataclass(eq=False)
class Pattern:
    """One node of a schema; `name` is the element's or attribute's, the reference's, the value or data type."""

    kind: str
    name: str
    children: list[Pattern]
    grammar: Grammar = field(repr=False)

    def resolved(self) -> list[Pattern]:
        """What stands inside; for a reference that of its definitions."""
        if self.kind == "ref":
            return self.grammar.defines[self.name]
        return self.children


@dataclass(eq=False)
class Grammar:
    """The definitions of a schema file and of those that it includes."""

    defines: dict[str, list[Pattern]] = field(default_factory=dict)
    start: list[Pattern] = field(default_factory=list)


@dataclass
class Found:
    """What may stand in an element: attributes, elements (and whether each repeats), and its text."""

    attributes: dict[str, list[Pattern]] = field(default_factory=dict)
    elements: dict[Pattern, bool] = field(default_factory=dict)
    texts: list[Pattern] = field(default_factory=list)

    def add(self, other: Found) -> None:
        for name, patterns in other.attributes.items():
            self.attributes.setdefault(name, []).extend(patterns)
        for pattern, repeats in other.elements.items():
            self.elements[pattern] = self.elements.get(pattern, False) or repeats
        self.texts.extend(other.texts)


@cache
def grammar(folder: Path, name: str) -> Grammar:
    """A schema file of libvirt by its name without `.rng`."""
    found = Grammar()
    _read(etree.parse(folder / f"{name}.rng").getroot(), found, folder)
    return found


def _read(root: etree._Element, into: Grammar, folder: Path) -> None:
    for node in root.iterchildren("*"):
        kind = node.tag.removeprefix(_NS)
        if kind == "include":
            name = str(node.get("href"))
            _read(etree.parse(folder / name).getroot(), into, folder)
            _read(node, into, folder)  # what stands inside overrides
        elif kind == "start":
            into.start = _patterns(node, into, folder)
        elif kind == "define":
            _define(node, into, folder)


def _define(node: etree._Element, into: Grammar, folder: Path) -> None:
    name, patterns = str(node.get("name")), _patterns(node, into, folder)
    combine = node.get("combine")
    if combine and name in into.defines:
        both = [Pattern("group", "", part, into) for part in (into.defines[name], patterns)]
        into.defines[name] = [Pattern(combine, "", both, into)]
    else:
        into.defines[name] = patterns


def _patterns(node: etree._Element, owner: Grammar, folder: Path) -> list[Pattern]:
    return [_pattern(child, owner, folder) for child in node.iterchildren("*") if child.tag.startswith(_NS)]


def _pattern(node: etree._Element, owner: Grammar, folder: Path) -> Pattern:
    kind = node.tag.removeprefix(_NS)
    if kind == "grammar":
        inner = Grammar()
        _read(node, inner, folder)
        return Pattern("group", "", inner.start, inner)
    name = node.get("name") or node.get("type") or ""
    if kind in ("value", "param"):
        name = (node.text or "").strip() if kind == "value" else f"{name}={node.text}"
    namespace = next((each.get("ns") for each in (node, *node.iterancestors()) if each.get("ns")), None)
    if kind == "element" and namespace:
        name = f"{{{namespace}}}{name}"
    elif ":" in name and kind in ("element", "attribute"):
        prefix, _, local = name.partition(":")
        name = f"{{{node.nsmap[prefix]}}}{local}"
    return Pattern(kind, name, _patterns(node, owner, folder), owner)


def within(pattern: Pattern, fixed: dict[str, str]) -> Found | None:
    """What may stand in this element when these attributes have these values (or are ABSENT); None when
    they cannot.
    """
    found = _group(pattern.children, fixed, repeats=False)
    stated = {name for name, value in fixed.items() if value != ABSENT}
    return None if found is None or stated - found.attributes.keys() else found


def elements(patterns: Iterable[Pattern]) -> list[Pattern]:
    """The elements that may stand at the start of a schema."""
    found = _group(list(patterns), {}, repeats=False)
    return list(found.elements) if found else []


def _group(patterns: list[Pattern], fixed: dict[str, str], *, repeats: bool) -> Found | None:
    found = Found()
    for pattern in patterns:
        part = _collect(pattern, fixed, repeats=repeats)
        if part is None:
            return None
        found.add(part)
    return found


def _collect(pattern: Pattern, fixed: dict[str, str], *, repeats: bool) -> Found | None:
    match pattern.kind:
        case "element":
            return Found(elements={pattern: repeats})
        case "attribute":
            return _attribute(pattern, fixed)
        case "text" | "data" | "value" | "list":
            return Found(texts=[pattern])
        case "empty" | "anyName":
            return Found()
        case "notAllowed":
            return None
        case "choice":
            return _choice(pattern, fixed, repeats=repeats)
        case "optional" | "zeroOrMore":
            again = repeats or pattern.kind == "zeroOrMore"
            return _group(pattern.children, fixed, repeats=again) or Found()
        case "oneOrMore":
            return _group(pattern.children, fixed, repeats=True)
        case "ref" | "group" | "interleave" | "mixed":
            return _group(pattern.resolved(), fixed, repeats=repeats)
    raise AssertionError(f"the schemas have a <{pattern.kind}>")


def _attribute(pattern: Pattern, fixed: dict[str, str]) -> Found | None:
    if pattern.name in fixed:
        value = fixed[pattern.name]
        allowed, open_ended = words(pattern.children)
        if value == ABSENT or not (open_ended or value in allowed):
            return None
    return Found(attributes={pattern.name: [pattern]})


def _choice(pattern: Pattern, fixed: dict[str, str], *, repeats: bool) -> Found | None:
    parts = [_collect(child, fixed, repeats=repeats) for child in pattern.children]
    possible = [part for part in parts if part is not None]
    if not possible:
        return None
    for name, value in fixed.items():
        # Where a branch says this attribute, the branches without it are those in which it is absent.
        having = [part for part in possible if name in part.attributes]
        if having and value != ABSENT:
            possible = having
    found = Found()
    for part in possible:
        found.add(part)
    return found


def words(patterns: list[Pattern]) -> tuple[set[str], bool]:
    """The words that a value may be, and whether it may be others too."""
    found: set[str] = set()
    open_ended = not patterns
    for pattern in patterns:
        if pattern.kind == "value":
            found.add(pattern.name)
        elif pattern.kind == "data" and (listed := _listed(pattern)):
            found |= listed
        elif pattern.kind in ("text", "data", "list"):
            open_ended = True
        elif pattern.kind != "empty":
            inner, opened = words(pattern.resolved())
            found |= inner
            open_ended = open_ended or opened
    return found, open_ended


def _listed(pattern: Pattern) -> set[str]:
    """The words of a data type whose pattern is but a list of them: `(ipv4)|(ipv6)`."""
    stated = [each.name.removeprefix("pattern=") for each in pattern.children if each.kind == "param"]
    parts = [part.strip("()") for part in stated[0].split("|")] if len(stated) == 1 else []
    return set(parts) if len(parts) > 1 and all(re.fullmatch(r"\w+", part) for part in parts) else set()


def data_types(patterns: list[Pattern]) -> Iterator[Pattern]:
    """The data patterns that a value may have."""
    for pattern in patterns:
        if pattern.kind == "data":
            yield pattern
        elif pattern.kind != "value":
            yield from data_types(pattern.resolved())
