"""The small language that says where below an element a value is kept.

`name` is the text of a child, `@type` an attribute, `os/type/@arch` an attribute of a child's child. A step
may state what it is known by: `enum[@name='bus']`; an element that is made for it gets that attribute. `.`
is the element itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from lxml import etree

from innkeeper.libvirtxml import build, tree


class Step(NamedTuple):
    """One element on the way down: its tag, and the attribute it is known by."""

    tag: str
    key: str = ""
    value: str = ""

    def matches(self, node: etree._Element) -> bool:
        return not self.key or node.get(self.key) == self.value

    def mark(self, node: etree._Element) -> None:
        """Give an element what this step knows it by."""
        if self.key:
            node.set(self.key, self.value)


class Path(NamedTuple):
    """The steps down, and the attribute at the end; without one the value is the element's text."""

    steps: tuple[Step, ...]
    attribute: str


@cache
def path(text: str) -> Path:
    """The path that `text` writes down."""
    way, at, attribute = text.partition("@") if text.startswith("@") else text.partition("/@")
    steps = [_step(part) for part in way.split("/") if at != "@" or part] if way not in ("", ".") else []
    return Path(tuple(steps), attribute)


def _step(part: str) -> Step:
    tag, bracket, rest = part.partition("[@")
    if not bracket:
        return Step(build.qualified(tag))
    key, _, value = rest.removesuffix("]").partition("=")
    return Step(build.qualified(tag), key, value.strip("'"))


def find(node: etree._Element, steps: tuple[Step, ...]) -> etree._Element | None:
    """The first element at the end of the steps, or None."""
    if not steps:
        return node
    for child in node.iterchildren(steps[0].tag):
        if steps[0].matches(child):
            found = find(child, steps[1:])
            if found is not None:
                return found
    return None


def find_all(node: etree._Element, steps: tuple[Step, ...]) -> Iterator[etree._Element]:
    """Every element at the end of the steps, in the document's order."""
    if not steps:
        yield node
        return
    for child in node.iterchildren(steps[0].tag):
        if steps[0].matches(child):
            yield from find_all(child, steps[1:])


def ensure(node: etree._Element, steps: tuple[Step, ...]) -> etree._Element:
    """The element at the end of the steps; what is missing on the way is made."""
    for i, step in enumerate(steps):
        found = find(node, steps[i:])
        if found is not None:
            return found
        child = find(node, (step,))
        node = make(node, step) if child is None else child
    return node


def container(node: etree._Element, steps: tuple[Step, ...]) -> etree._Element:
    """The element that a further one at the end of the steps belongs into: that of the last one there."""
    there = list(find_all(node, steps))
    above = there[-1].getparent() if there else None
    return ensure(node, steps[:-1]) if above is None else above


def make(parent: etree._Element, step: Step) -> etree._Element:
    """A new child for this step, in its place among the children of `parent`."""
    prefix = next((p for p, uri in build.NAMESPACES.items() if step.tag.startswith(f"{{{uri}}}")), None)
    name = step.tag.rpartition("}")[2]
    child = build.new_node(f"{prefix}:{name}" if prefix else step.tag)
    step.mark(child)
    tree.insert(parent, child)
    return child


def prune(node: etree._Element, top: etree._Element, steps: tuple[Step, ...] = ()) -> None:
    """Remove `node` and then its parents, below `top`, as long as they say nothing.

    `steps` are those that led to `node`: the attribute that a step is known by says nothing either.
    """
    keys = [step.key for step in reversed(steps)]
    while node is not top and tree.is_bare(node, keys.pop(0) if keys else ""):
        parent = node.getparent()
        if parent is None:
            return
        tree.remove(node)
        node = parent


def cut(node: etree._Element, top: etree._Element, steps: tuple[Step, ...]) -> None:
    """Remove `node`, whatever it says, and what was there for it alone."""
    above = node.getparent()
    tree.remove(node)
    if above is not None:
        prune(above, top, steps[:-1])
