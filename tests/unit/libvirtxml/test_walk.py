"""Every typed property of every view is set, printed, read back and taken away again, without leaving a trace.

The walk finds the classes and properties by itself: what is added later is tested from its first day.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree

from innkeeper import libvirtxml
from innkeeper.libvirtxml import path as paths
from innkeeper.libvirtxml import tree
from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import Document, Property, View
from innkeeper.libvirtxml.metadata import Metadata
from innkeeper.libvirtxml.values import Choice, Flag, Integer, Size, Text, Values, YesNo

HOSTILE = """a & <b> "c" 'd' ]]> &amp; 客房 \u00a0é\t;$(e)`f`"""


def view_classes() -> list[type[View]]:
    found: set[type[View]] = set()
    for info in pkgutil.walk_packages(libvirtxml.__path__, "innkeeper.libvirtxml."):
        module = importlib.import_module(info.name)
        found |= {each for each in vars(module).values() if isinstance(each, type) and issubclass(each, View)}
    return sorted((each for each in found if each.TAG), key=lambda each: each.__name__)


def cases() -> Iterator[Any]:
    for kind in view_classes():
        for name, prop in kind.properties().items():
            yield pytest.param(kind, name, prop, id=f"{kind.__name__}.{name}")


def samples(prop: Property[Any]) -> list[Any]:
    """Values for a property, made from its kind."""
    match prop:
        case Choice():
            return list(prop.choices)
        case Text():
            return ["plain", HOSTILE]
        case Integer():
            least = prop.least if prop.least is not None else 0
            return [least, least + 8, 2**40 + 5] + ([-1] if prop.least is None and not prop.octal else [])
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
    for step in paths.path(prop.path).steps:
        for node in list(view.node.iter(step.tag)) if step.tag in tree.SPEAKING else ():
            assert not node.attrib
            tree.remove(node)
    return document(view)


def shown(text: str) -> str:
    """What stands in a document with its blanks left out: a text that goes takes the line break with it."""
    return "".join(text.split())


@pytest.mark.parametrize(("kind", "name", "prop"), list(cases()))
def test_property(kind: type[View], name: str, prop: Property[Any]) -> None:
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


def first_value(kind: type[View]) -> tuple[str, Any]:
    """Some plain property of a class, with a value."""
    for name, prop in kind.properties().items():
        if not isinstance(prop, Child | Children) and prop.path != ".":
            return name, samples(prop)[0]
    raise AssertionError(f"{kind.__name__} has no plain property")


def check_child(kind: type[View], name: str, prop: Child[Any]) -> None:
    assert paths.path(prop.path).steps[-1].tag == prop.kind.TAG
    view = fresh(kind)
    before = document(view)
    assert not getattr(view, name).exists
    if prop.kind is Metadata:
        return
    inner, sample = first_value(prop.kind)
    setattr(getattr(view, name), inner, sample)
    assert getattr(getattr(reread(view), name), inner) == sample
    setattr(getattr(view, name), inner, None)
    assert silenced(view, prop) == before
    setattr(view, name, prop.kind.new(**{inner: sample}))
    assert getattr(getattr(reread(view), name), inner) == sample
    setattr(view, name, None)
    assert document(view) == before


def check_children(kind: type[View], name: str, prop: Children[Any]) -> None:
    assert paths.path(prop.path).steps[-1].tag == prop.kind.TAG
    view = fresh(kind)
    before = document(view)
    inner, sample = first_value(prop.kind)
    assert list(getattr(view, name)) == []
    getattr(view, name).add(prop.kind.new(**{inner: sample}))
    getattr(view, name).add(prop.kind.new())
    assert getattr(getattr(reread(view), name)[0], inner) == sample
    assert len(getattr(reread(view), name)) == 2
    setattr(view, name, [prop.kind.new(**{inner: sample})])
    assert len(getattr(view, name)) == 1
    setattr(view, name, None)
    assert silenced(view, prop) == before


def test_the_walk_sees_them_all() -> None:
    kinds = view_classes()
    assert len(kinds) > 100
    assert sum(len(kind.properties()) for kind in kinds) > 1000
    assert {each.TAG for each in kinds if issubclass(each, Document)} == {
        "capabilities", "device", "domain", "domainCapabilities", "network", "pool", "volume",
    }  # fmt: skip


def test_every_class_and_module_says_what_it_is() -> None:
    for kind in view_classes():
        assert kind.__doc__, kind
        assert not any(name in dir(View) for name in vars(kind) if isinstance(vars(kind)[name], Property)), (
            kind
        )
