"""The views and libvirt's own schemas say the same: no path, no word, no unit is missing, none is made up.

The schemas come with libvirt's library; they are walked as they are on this machine (reach.py). newer.py names
what libvirt 9.0, the oldest supported, does not have yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import Property, View
from innkeeper.libvirtxml.secret import Secret
from innkeeper.libvirtxml.values import (
    Choice,
    Flag,
    Integer,
    OneZero,
    OnOff,
    Size,
    State,
    Text,
    Values,
    YesNo,
)
from tests.unit.libvirtxml.newer import NEVER, NEVER_WORDS, NEWER, NEWER_WORDS
from tests.unit.libvirtxml.reach import Owner, Walk
from tests.unit.libvirtxml.relaxng import SCHEMAS, Pattern, data_types, grammar, words
from tests.unit.libvirtxml.views import DOCUMENTS, classes

UNREACHED = {
    "seclabel/label (repeats)": "libvirt reads the first only (virSecurityDeviceLabelDefParseXML)",
    "pool/source/name (repeats)": "a group of the schema repeats for its devices; libvirt reads one name",
    "pool/source/format/vendor": "the schema has it in the wrong place; libvirt reads <source><vendor>",
    "pool/source/format/product": "likewise",
}
"""Ends of paths that no property reaches, and why."""


@cache
def walk(name: str, folder: Path = SCHEMAS) -> Walk:
    return Walk().document(DOCUMENTS[name], grammar(folder, name).start)


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_every_path_of_the_schema_is_reached(name: str) -> None:
    found = walk(name)
    assert not {path for path in found.missing if not path.endswith(tuple(UNREACHED))}
    assert len(found.reached) >= 8  # the walk did walk


def test_no_exception_is_stale() -> None:
    missing = [path for name in DOCUMENTS for path in walk(name).missing]
    assert all(any(path.endswith(end) for path in missing) for end in UNREACHED)


def own(kind: type[View]) -> Iterator[Owner]:
    for name, value in vars(kind).items():
        if isinstance(value, Property):
            yield Owner(kind, name, value)


def test_every_property_is_in_the_schema() -> None:
    reached = {id(owner.prop) for name in DOCUMENTS for owner in walk(name).reached}
    unknown = {
        f"{owner.view.__name__}.{owner.name}"
        for kind in classes()
        for owner in own(kind)
        if id(owner.prop) not in reached
    }
    assert unknown - NEWER == set(NEVER)


def told() -> Iterator[tuple[Owner, str, Pattern]]:
    """Each property that holds a value, with each place where the schema tells what it may be."""
    for name in DOCUMENTS:
        for owner, places in walk(name).reached.items():
            if not isinstance(owner.prop, Child | Children | Flag | State):
                for path, patterns in places.items():
                    if not path.endswith(f"/@{getattr(owner.prop, 'unit', None)}"):
                        yield from ((owner, path, pattern) for pattern in patterns)


def test_choices_hold_the_words_of_the_schema() -> None:
    stated: list[tuple[Owner, set[str]]] = []
    for owner, path, pattern in told():
        if isinstance(owner.prop, Choice):
            found, _ = words(pattern.children)
            assert found <= set(owner.prop.choices), (owner.view.__name__, owner.name, path)
            stated.append((owner, found))
    for kind in classes():
        for owner in own(kind):
            name = f"{kind.__name__}.{owner.name}"
            if isinstance(owner.prop, Choice) and name not in NEWER:
                known = NEWER_WORDS.get(name, set()).union(
                    *(
                        found
                        for each, found in stated
                        if each.name == owner.name and issubclass(each.view, kind)
                    )
                )
                assert set(owner.prop.choices) - known == NEVER_WORDS.get(name, set()), name


BOOLEANS: dict[type[Property[Any]], set[str]] = {
    OneZero: {"0", "1"},
    OnOff: {"off", "on"},
    YesNo: {"0", "1", "false", "no", "true", "yes"},
}


def test_each_property_is_of_the_schemas_kind() -> None:
    for owner, path, pattern in told():
        where = (owner.view.__name__, owner.name, path)
        found, open_ended = words(pattern.children)
        numbers = {each.name for each in data_types(pattern.children)}
        if isinstance(owner.prop, Values):
            continue
        if isinstance(owner.prop, YesNo):
            assert found, where
            assert not open_ended, where
            assert found <= BOOLEANS[type(owner.prop)], where
        elif found and not open_ended and not isinstance(owner.prop, Choice):
            numeric = all(word.isdigit() for word in found)
            assert (numeric and isinstance(owner.prop, Integer)) or where[:2] in OPEN, where
        elif isinstance(owner.prop, Text) and numbers:
            assert numbers & TEXTS or where[:2] in OPEN, where


TEXTS = {"string", "NCName", "dateTime", "anyURI", "double"}
"""Data types that are texts (or fractions, which nobody counts with)."""

OPEN = {
    ("OperatingSystem", "machine"): "the schema lists the machines of Xen only",
    ("Interface", "port_id"): "a number with VMware, a UUID with Open vSwitch",
}
"""Texts that the schema has as something else in one of their places."""


def test_sizes_have_a_unit_in_the_schema() -> None:
    for name in DOCUMENTS:
        for owner, places in walk(name).reached.items():
            if isinstance(owner.prop, Size):
                kept = {path for path in places if not path.endswith(f"/@{owner.prop.unit}")}
                units = {path.rpartition("/@")[0] for path in places if path not in kept}
                for path in kept:
                    element = path.rpartition("/@")[0] if "/@" in path else path
                    assert element in units, (owner.view.__name__, owner.name, path)


class Forgetful(Secret):
    """A secret without one of its properties."""

    @classmethod
    def properties(cls) -> dict[str, Property[Any]]:
        return {name: prop for name, prop in super().properties().items() if name != "usage_volume"}


def test_the_walk_sees_what_is_not_there() -> None:
    found = Walk().document(Forgetful, grammar(SCHEMAS, "secret").start)
    assert found.missing == {"secret/usage/volume"}
