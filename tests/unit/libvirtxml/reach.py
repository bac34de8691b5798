"""What the views reach: a walk over a schema and over the views at the same time.

For each element that the schema allows, the walk knows the places in views that stand for it. An element,
attribute or text that no property is kept at is `missing`, and so is what may repeat where the views show the
first only. Where views are told apart by an attribute (`hostdev type='pci'`), each of its values is walked by
itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

from innkeeper.libvirtxml import path as paths
from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.devices import registry
from innkeeper.libvirtxml.devices.devices import Devices
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.metadata import Metadata
from innkeeper.libvirtxml.values import Flag, State, Values
from tests.unit.libvirtxml.relaxng import ABSENT, Found, Grammar, Pattern, elements, within, words

OTHER = "(other)"
"""Stands for a value of an open-ended attribute that no view asks for by name."""


class Owner(NamedTuple):
    """A property of a class of views. Typed as one, `prop` would be taken for a property of this class."""

    view: type[View]
    name: str
    prop: Any


@dataclass(eq=False)
class Place:
    """An element in views: what is kept in it, and the ways down."""

    attributes: dict[str, list[Owner]] = field(default_factory=dict)
    texts: list[Owner] = field(default_factory=list)
    present: list[Owner] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    is_open: bool = False


class Way(NamedTuple):
    """A step down from a place; `repeats`: all of its like are reached; `others`: what stands for values of
    the step's key that other views stand for.
    """

    step: paths.Step
    place: Place
    repeats: bool = False
    owner: Owner | None = None
    others: frozenset[str] = frozenset()

    def leads(self, fixed: dict[str, str]) -> bool:
        """Whether it leads to an element with these values of attributes."""
        told = fixed.get(self.step.key, ABSENT)
        return told not in self.others if self.others else not self.step.key or told == self.step.value


_PLACES: dict[type[View], Place] = {}


def place_of(kind: type[View]) -> Place:
    """The place of a view's own element."""
    if kind not in _PLACES:
        _PLACES[kind] = place = Place(is_open=issubclass(kind, Metadata))
        for name, prop in kind.properties().items():
            _put(place, Owner(kind, name, prop))
        if kind is Devices:
            place.ways.extend(_devices())
    return _PLACES[kind]


def _put(place: Place, owner: Owner) -> None:
    prop, way = owner.prop, paths.path(owner.prop.path)
    for i, step in enumerate(way.steps):
        last = i == len(way.steps) - 1
        if last and isinstance(prop, Child | Children):
            place.ways.append(Way(step, place_of(prop.kind), isinstance(prop, Children), owner))
            return
        below = Place()
        place.ways.append(Way(step, below, last and isinstance(prop, Values)))
        place = below
    _keep(place, owner, way.attribute)


def _keep(place: Place, owner: Owner, attribute: str) -> None:
    prop = owner.prop
    if isinstance(prop, Flag | State):
        place.present.append(owner)
    elif not attribute:
        place.texts.append(owner)
    named = ["state" if isinstance(prop, State) else attribute, getattr(prop, "unit", "")]
    for name in filter(None, named):
        place.attributes.setdefault(name, []).append(owner)


def _devices() -> Iterator[Way]:
    for row in registry.ROWS:
        others = frozenset(
            {each.value for each in registry.ROWS if each.tag == row.tag and each.attribute}
            if not row.attribute
            else ()
        )
        key = next((each.attribute for each in registry.ROWS if each.tag == row.tag and each.attribute), "")
        place = place_of(registry.load(row.where))
        yield Way(paths.Step(row.tag, key, row.value), place, True, None, others)


@dataclass
class Walk:
    """What a walk found: paths that no property reaches, and for each property what the schema says of it."""

    missing: set[str] = field(default_factory=set)
    reached: dict[Owner, dict[str, list[Pattern]]] = field(default_factory=dict)
    seen: set[object] = field(default_factory=set)

    def document(self, kind: type[View], start: Iterable[Pattern]) -> Walk:
        """Walk a document that this class views, from the start of its schema."""
        root = Way(paths.Step(kind.TAG), place_of(kind))
        for pattern in elements(start):
            if pattern.name == kind.TAG:
                self.element(pattern, [root], pattern.name)
        return self

    def element(self, pattern: Pattern, ways: list[Way], at: str) -> None:
        """Walk one element, for each value of the attributes by which the ways to it are told apart."""
        for fixed in _cases(pattern, ways):
            found = within(pattern, fixed)
            chosen = [way for way in ways if way.leads(fixed)]
            shown = at + "".join(f"[{name}={value}]" for name, value in fixed.items() if value != ABSENT)
            if found is None:
                continue
            if not chosen:
                self.missing.add(shown)
                continue
            key = (pattern, frozenset(id(way.place) for way in chosen), tuple(sorted(fixed.items())))
            if key not in self.seen and not any(way.place.is_open for way in chosen):
                self.seen.add(key)
                self.inside(found, chosen, shown)
            for way in chosen:
                self.tell(way.owner, at, pattern)

    def inside(self, found: Found, ways: list[Way], at: str) -> None:
        """Walk what may stand in an element that these ways lead to."""
        places = [way.place for way in ways]
        keys = {way.step.key for way in ways}
        for name, patterns in found.attributes.items():
            owners = [owner for place in places for owner in place.attributes.get(name, ())]
            self.value(owners, patterns, f"{at}/@{name}", kept=name in keys)
        if found.texts:
            self.value([each for place in places for each in place.texts], found.texts, at)
        for place in places:
            for owner in place.present:
                self.tell(owner, at, Pattern("empty", "", [], Grammar()))
        told = found.attributes or found.texts or found.elements
        if not told and not any(way.owner or way.place.present for way in ways):
            self.missing.add(at)
        for pattern, repeats in found.elements.items():
            self.child(pattern, repeats, places, f"{at}/{pattern.name.rpartition('}')[2]}")

    def child(self, pattern: Pattern, repeats: bool, places: list[Place], at: str) -> None:
        """Walk an element within an element."""
        if within(pattern, {}) is None:
            return  # never to be seen outside of libvirt
        ways = [way for place in places for way in place.ways if way.step.tag == pattern.name]
        if not ways:
            self.missing.add(at)
            return
        if repeats and not any(way.repeats or way.step.key for way in ways):
            self.missing.add(f"{at} (repeats)")
        self.element(pattern, ways, at)

    def value(self, owners: list[Owner], patterns: list[Pattern], at: str, *, kept: bool = False) -> None:
        """Note who holds an attribute or a text."""
        if not owners and not kept:
            self.missing.add(at)
        for owner in owners:
            self.tell(owner, at, Pattern("group", "", patterns, patterns[0].grammar))

    def tell(self, owner: Owner | None, at: str, pattern: Pattern) -> None:
        if owner is not None:
            self.reached.setdefault(owner, {}).setdefault(at, []).append(pattern)


def _cases(pattern: Pattern, ways: list[Way]) -> Iterator[dict[str, str]]:
    names = sorted({way.step.key for way in ways} - {""})
    general = within(pattern, {})
    assert general is not None
    choices = []
    for name in names:
        stated = general.attributes.get(name, [])
        allowed, open_ended = words([inner for each in stated for inner in each.children or [each]])
        asked = {way.step.value for way in ways if way.step.key == name} - {""}
        if not (open_ended and stated):
            asked = set()
        choices.append(
            [*sorted(allowed | asked), *([OTHER] if asked or (open_ended and stated) else []), ABSENT]
        )
    for values in product(*choices):
        yield dict(zip(names, values, strict=True))
