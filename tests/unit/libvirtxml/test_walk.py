"""Every typed property of every view is set, printed, read back and taken away again, without leaving a trace.

The walk finds the classes and properties by itself: what is added later is tested from its first day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from lxml import etree

from innkeeper.libvirtxml import path as paths
from innkeeper.libvirtxml import tree
from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import Document, Property, View
from innkeeper.libvirtxml.inactive_domain import InactiveDomain
from innkeeper.libvirtxml.metadata import Metadata
from innkeeper.libvirtxml.values import Choice, Flag, Integer, Size, Text, Values, YesNo
from tests.unit.libvirtxml.views import DOCUMENTS, classes

HOSTILE = """a & <b> "c" 'd' ]]> &amp; 客房 \u00a0é\t;$(e)`f`"""


def view_classes() -> list[type[View]]:
    """Those with an element of their own."""
    return [each for each in classes() if each.TAG]


def cases() -> Iterator[Any]:
    """Each property once, in the first class that has it and an element of its own."""
    seen: set[int] = set()
    for kind in view_classes():
        fresh_ones = {name: prop for name, prop in kind.properties().items() if id(prop) not in seen}
        seen |= {id(prop) for prop in fresh_ones.values()}
        if fresh_ones:
            yield pytest.param(kind, fresh_ones, id=kind.__name__)


def samples(prop: Property[Any]) -> list[Any]:
    """Values for a property, made from its kind."""
    match prop:
        case Choice():
            return list(prop.choices)
        case Text():
            return ["plain", HOSTILE]
        case Integer():
            least = prop.least if prop.least is not None else 0
            return [least, least + 8, 2**40 + 5] + ([-1] if prop.least is None and prop.base != 8 else [])
        case Size():
            return [0, 4096 * 1024**2, 1025]
        case Flag():
            return [True]
        case YesNo():
            return [True, False]
        case Values():
            return [("one",), ("one", HOSTILE, "three")]
    raise AssertionError(f"the walk has no sample for {type(prop).__name__}")


def fresh(kind: type[View]) -> View:
    """A view of an element amid others, with all that an edit must leave alone."""
    text = f"""<outer>
  <!-- above -->
  <{_tag(kind)} xmlns:o="urn:other" o:kept="1">
    <!-- inside -->
    <o:unknown kept="2"><deep/></o:unknown>
  </{_tag(kind)}>
  <below/>
</outer>"""
    return kind(etree.fromstring(text)[1])


def _tag(kind: type[View]) -> str:
    return kind.TAG.rpartition("}")[2]


def document(view: View) -> str:
    return etree.tostring(view.node.getroottree(), encoding="unicode")


def reread(view: View) -> View:
    return type(view)(etree.fromstring(document(view))[1])


def silenced(view: View, prop: Property[Any]) -> str:
    """The document without the elements that rightly stay when the value in them goes, if the path has one."""
    steps = paths.path(prop.path).steps
    for i, step in enumerate(steps):
        for node in list(view.node.iter(step.tag)) if step.tag in tree.SPEAKING else ():
            assert not node.attrib
            paths.cut(node, view.node, steps[: i + 1])
    return document(view)


def shown(text: str) -> str:
    """What stands in a document with its blanks left out: a text that goes takes the line break with it."""
    return "".join(text.split())


@pytest.mark.parametrize(("kind", "properties"), list(cases()))
def test_properties(kind: type[View], properties: dict[str, Property[Any]]) -> None:
    for name, prop in properties.items():
        if isinstance(prop, Child):
            check_child(kind, name, prop)
        elif isinstance(prop, Children):
            check_children(kind, name, prop)
        else:
            check_value(kind, name, prop)


def check_value(kind: type[View], name: str, prop: Property[Any]) -> None:
    for sample in samples(prop):
        view = fresh(kind)
        before, nothing = document(view), getattr(view, name)
        assert not nothing
        setattr(view, name, sample)
        assert document(view) != before
        assert getattr(view, name) == sample
        assert getattr(reread(view), name) == sample
        once = document(view)
        setattr(view, name, sample)
        assert document(view) == once
        setattr(view, name, None)
        assert getattr(view, name) == nothing
        if prop.path == ".":
            assert shown(document(view)) == shown(before)
        else:
            assert silenced(view, prop) == before


class Mark(NamedTuple):
    """Something that can be put into a view, found there and taken away."""

    name: str
    value: Any

    def put(self, view: View) -> View:
        setattr(view, self.name, self.value)
        return view

    def is_in(self, view: View) -> bool:
        found = getattr(view, self.name)
        return len(found) == 1 if isinstance(self.value, list) else found == self.value

    def take(self, view: View) -> None:
        setattr(view, self.name, None)


def mark(kind: type[View]) -> Mark:
    """A plain property of a class with a value; of a class that only holds lists one element in a list."""
    properties = kind.properties()
    for name, prop in properties.items():
        if not isinstance(prop, Child | Children) and prop.path != ".":
            return Mark(name, samples(prop)[0])
    name, prop = next((name, prop) for name, prop in properties.items() if isinstance(prop, Children))
    return Mark(name, [mark(prop.kind).put(prop.kind.new())])


def check_child(kind: type[View], name: str, prop: Child[Any]) -> None:
    assert paths.path(prop.path).steps[-1].tag == prop.kind.TAG
    view = fresh(kind)
    before = document(view)
    assert not getattr(view, name).exists
    if issubclass(prop.kind, Metadata):
        return
    mark(prop.kind).put(getattr(view, name))
    assert mark(prop.kind).is_in(getattr(reread(view), name))
    mark(prop.kind).take(getattr(view, name))
    assert silenced(view, prop) == before
    setattr(view, name, mark(prop.kind).put(prop.kind.new()))
    assert mark(prop.kind).is_in(getattr(reread(view), name))
    setattr(view, name, None)
    assert document(view) == before


def check_children(kind: type[View], name: str, prop: Children[Any]) -> None:
    assert paths.path(prop.path).steps[-1].tag == prop.kind.TAG
    view = fresh(kind)
    before = document(view)
    assert list(getattr(view, name)) == []
    getattr(view, name).add(mark(prop.kind).put(prop.kind.new()))
    getattr(view, name).add(prop.kind.new())
    assert mark(prop.kind).is_in(getattr(reread(view), name)[0])
    assert len(getattr(reread(view), name)) == 2
    setattr(view, name, [mark(prop.kind).put(prop.kind.new())])
    assert len(getattr(view, name)) == 1
    setattr(view, name, None)
    assert silenced(view, prop) == before


def test_the_walk_sees_them_all() -> None:
    kinds = view_classes()
    assert len(kinds) > 200
    assert sum(len(kind.properties()) for kind in kinds) > 2500
    documents = {each for each in kinds if issubclass(each, Document)}
    assert documents == {*DOCUMENTS.values(), InactiveDomain}


def test_every_class_and_module_says_what_it_is() -> None:
    for kind in view_classes():
        assert kind.__doc__, kind
        assert not any(name in dir(View) for name in vars(kind) if isinstance(vars(kind)[name], Property)), (
            kind
        )
