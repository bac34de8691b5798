"""What an edit changed in a document: place by place, so that a test can say that nothing else did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree

from innkeeper.libvirtxml import path as paths
from innkeeper.libvirtxml.element import Property, View
from innkeeper.libvirtxml.values import Flag, Size, State, Values


class Spot(NamedTuple):
    """A place in a document: an element (or comment), by the way to it, and what of it: `@name`, `text`, or
    that it is there.
    """

    way: tuple[tuple[int, str], ...]
    item: str


class Snapshot:
    """All that a document says, and the order of its elements; holds its nodes, so that they stay the same."""

    def __init__(self, root: etree._Element) -> None:
        self.nodes = list(root.iter())
        self.says: dict[Spot, str] = {}
        ways: dict[etree._Element, tuple[tuple[int, str], ...]] = {}
        for node in self.nodes:
            parent = node.getparent()
            ways[node] = (
                (*ways.get(parent, ()), (id(node), str(node.tag)))
                if parent is not None
                else ((id(node), str(node.tag)),)
            )
            self.says.update({Spot(ways[node], item): value for item, value in _said(node)})

    def differences(self, later: Snapshot) -> set[Spot]:
        """The spots that say something else later."""
        both = self.says.keys() | later.says.keys()
        return {spot for spot in both if self.says.get(spot) != later.says.get(spot)}

    def keeps_order(self, later: Snapshot) -> bool:
        """Whether what is in both stands in the same order."""
        before, after = {id(node) for node in self.nodes}, {id(node) for node in later.nodes}
        return [id(node) for node in self.nodes if id(node) in after] == [
            id(node) for node in later.nodes if id(node) in before
        ]


def _said(node: etree._Element) -> Iterator[tuple[str, str]]:
    yield "there", "yes"
    yield from ((f"@{name!s}", str(value)) for name, value in node.items())  # none, of a comment
    texts = "".join([node.text or "", *(sub.tail or "" for sub in node)])
    if texts.strip():
        yield "text", " ".join(texts.split())


class Target:
    """Where a property of a view keeps its value: the only place that setting it may touch."""

    def __init__(self, view: View, prop: Property[Any]) -> None:
        way = paths.path(prop.path)
        self.prop = prop
        self.anchor = id(view.anchor())
        self.steps = (*view.trail(), *way.steps)
        self.items = {"there", f"@{way.attribute}" if way.attribute else "text"}
        if isinstance(prop, Size):
            self.items.add(f"@{prop.unit}")
        if isinstance(prop, State):
            self.items = {"there", "@state"}

    def covers(self, spot: Spot) -> bool:
        """Whether a spot is the value's own, or an element on the way to it that comes or goes with it."""
        ids = [each for each, _ in spot.way]
        if self.anchor not in ids:
            return False
        below = [tag for _, tag in spot.way[ids.index(self.anchor) + 1 :]]
        wanted = [step.tag for step in self.steps]
        whole = isinstance(self.prop, Flag | State | Values)
        if below[: len(wanted)] == wanted and whole and wanted:
            return True  # the element itself goes, with what is in it
        if below != wanted[: len(below)]:
            return False
        if len(below) == len(wanted):
            return spot.item in self.items or bool(below and spot.item == f"@{self.steps[-1].key}")
        return spot.item == "there" or bool(below and spot.item == f"@{self.steps[len(below) - 1].key}")
