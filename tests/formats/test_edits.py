"""Setting one property of a public document changes that value, and nothing else.

Property after property, on document after document, chosen by chance within a few seconds; `--long` takes every
document, and of each thirty properties.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any

from lxml import etree

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import Property, View
from innkeeper.libvirtxml.metadata import Metadata
from tests.formats.comparing import Snapshot, Target
from tests.formats.entries import Entry, entries, views_below, within
from tests.unit.libvirtxml.test_walk import samples


def editable(root: View) -> Iterator[tuple[View, Property[Any]]]:
    """Each view that is there, and each that could be, with each of its properties that holds a value."""
    for view in views_below(root):
        yield from ((view, prop) for prop in values_of(view))
        for name, prop in type(view).properties().items():
            if isinstance(prop, Child) and not issubclass(prop.kind, Metadata):
                below = getattr(view, name)
                if not below.exists:
                    yield from ((below, each) for each in values_of(below))


def values_of(view: View) -> list[Property[Any]]:
    return [each for each in type(view).properties().values() if not isinstance(each, Child | Children)]


def check(where: Entry, root: etree._Element, view: View, prop: Property[Any], value: Any) -> None:
    """Set a property, see that it says so, and that nothing else was touched."""
    target = Target(view, prop)
    before = Snapshot(root)
    old = getattr(view, prop.name)
    setattr(view, prop.name, value)
    after = Snapshot(root)
    changed = before.differences(after)
    said = f"{where.path}: {type(view).__name__}.{prop.name} from {old!r} to {value!r}"
    assert all(target.covers(spot) for spot in changed), (
        said, [spot for spot in changed if not target.covers(spot)],
    )  # fmt: skip
    assert before.keeps_order(after), said
    if value is None:
        assert not getattr(view, prop.name), said
    else:
        assert getattr(view, prop.name) == value, said
        assert bool(changed) == (old != value), said


def check_document(entry: Entry, dice: random.Random, most: int) -> int:
    root = entry.view()
    top = root.node.getroottree().getroot()
    pairs = list(editable(root))
    chosen = dice.sample(pairs, min(most, len(pairs)))
    for view, prop in chosen:
        if _is_in(view, top):
            check(entry, top, view, prop, dice.choice(samples(prop)))
            if _is_in(view, top):
                check(entry, top, view, prop, None)
    return len(chosen)


def _is_in(view: View, top: etree._Element) -> bool:
    """Whether an earlier edit has not taken the view's element out of the document."""
    node = view.anchor()
    return node is top or any(each is top for each in node.iterancestors())


def test_an_edit_changes_that_alone(seconds: float, dice: random.Random) -> None:
    everything = list(entries("libvirt"))
    dice.shuffle(everything)
    most = 12 if math.isfinite(seconds) else 30
    edits = sum(check_document(entry, dice, most) for entry in within(3 * seconds, everything))
    assert edits > 100
