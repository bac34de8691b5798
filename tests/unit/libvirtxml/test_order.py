"""Where libvirt's schemas demand an order of elements, order.py has the same one."""

from __future__ import annotations

from collections.abc import Iterator

from innkeeper.libvirtxml.order import ORDER
from tests.unit.libvirtxml.relaxng import SCHEMAS, Pattern, elements, grammar, within
from tests.unit.libvirtxml.views import DOCUMENTS

TOLD_ONLY = {"capability", "domaincaps", "storagepoolcaps"}
"""Documents that libvirt alone writes."""

Pairs = set[tuple[str, str]]


def demanded(pattern: Pattern) -> tuple[list[str], Pairs]:
    """The elements that a pattern allows, and pairs of which the first must stand before the second."""
    if pattern.kind == "element":
        return [pattern.name], set()
    parts = [demanded(each) for each in pattern.resolved()]
    pairs: Pairs = set().union(*(found for _, found in parts))
    if pattern.kind in ("ref", "group", "optional"):
        for i, (before, _) in enumerate(parts):
            pairs |= {(a, b) for a in before for behind, _ in parts[i + 1 :] for b in behind if a != b}
    return [name for names, _ in parts for name in names], pairs


def everywhere(pattern: Pattern, seen: set[Pattern]) -> Iterator[Pattern]:
    """An element and all that can be within it, each once."""
    if pattern not in seen:
        seen.add(pattern)
        yield pattern
        found = within(pattern, {})
        for each in found.elements if found else ():
            yield from everywhere(each, seen)


def test_new_elements_go_where_the_schema_wants_them() -> None:
    checked = 0
    for name in DOCUMENTS.keys() - TOLD_ONLY:
        for start in elements(grammar(SCHEMAS, name).start):
            for element in everywhere(start, set()):
                inside = Pattern("group", "", element.children, element.grammar)
                _, pairs = demanded(inside)
                order = ORDER.get(element.name, ())
                for before, behind in {pair for pair in pairs if pair[::-1] not in pairs}:
                    where = (name, element.name, before, behind)
                    assert before in order, where
                    assert behind in order, where
                    assert order.index(before) < order.index(behind), where
                    checked += 1
    assert checked > 100
